import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A forward proxy on this machine, and what it was asked for. With `login`, it wants that in Proxy-Authorization. */
export async function startForwardProxy(login?: string): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const isWelcome = (header: string | undefined): boolean => login === undefined || header === `Basic ${btoa(login)}`;
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (!isWelcome(incoming.headers['proxy-authorization'])) return void outgoing.writeHead(407).end();
    const inner = request(new URL(incoming.url!), { method: 'POST', headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    inner.on('error', () => outgoing.destroy());
    outgoing.on('close', () => inner.destroy());
    incoming.pipe(inner);
  });
  server.on('connect', (incoming, socket: Duplex) => {
    asked.push(`CONNECT ${incoming.url}`);
    sockets.add(socket.on('error', () => undefined));
    if (!isWelcome(incoming.headers['proxy-authorization'])) {
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    }
    const [host, port] = incoming.url!.split(':') as [string, string];
    const inner = connect({ host, port: Number(port) }, () => socket.write('HTTP/1.1 200 Connected\r\n\r\n'));
    inner.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => inner.destroy());
    inner.pipe(socket).pipe(inner);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const user = login === undefined ? '' : `${login.split(':').map(encodeURIComponent).join(':')}@`;
  return { url: `http://${user}127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
