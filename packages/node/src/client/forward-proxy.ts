import { request } from 'node:http';
import type { Socket } from 'node:net';

/** A proxy that this host's requests go through, such as squid. */
export interface ForwardProxy {
  readonly host: string;
  readonly port: number;
  /** Headers that go with each request to the proxy. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `http://proxy:3128`, with a name and a password if it wants some. Throws `TypeError` on anything else. */
export function parseForwardProxy(text: string): ForwardProxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:') throw new TypeError(`'${text}' is no address of a proxy: it begins with http:.`);
  const { hostname, port, username, password } = url;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 80 : Number(port),
    headers: username === '' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` },
  };
}

export interface TunnelEvents {
  onOpen(socket: Socket): void;
  onFail(why: string): void;
}

/**
 * Has the proxy connect to `authority`, `host:port`, and pass on whatever is sent from then on (RFC 9110 §9.3.6).
 * Returns how to give it up: no event follows then.
 */
export function openTunnel(proxy: ForwardProxy, authority: string, { onOpen, onFail }: TunnelEvents): () => void {
  const { host, port, headers } = proxy;
  let over = false;
  const connecting = request({
    host,
    port,
    method: 'CONNECT',
    path: authority,
    headers: { ...headers, Host: authority },
    agent: false,
  });
  const fail = (why: string): void => {
    if (over) return;
    over = true;
    connecting.destroy();
    onFail(why);
  };
  connecting.on('connect', ({ statusCode }, socket: Socket) => {
    if (over || statusCode !== 200) {
      socket.destroy();
      return fail(`The proxy answered ${statusCode} to CONNECT ${authority}.`);
    }
    over = true;
    onOpen(socket);
  });
  connecting.on('error', (error) => fail(`The proxy at ${host}:${port} failed: ${error.message || String(error)}`));
  connecting.on('close', () => fail(`The proxy at ${host}:${port} closed the connection.`));
  connecting.end();
  return () => {
    over = true;
    connecting.destroy();
  };
}
