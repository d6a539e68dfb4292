import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, Agent, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';

/**
 * The fate of a request: it passes; it is answered with 403 or 404; its connection is cut; it is never answered
 * (`swallow`); its answer is held back until it is complete (`withhold`).
 */
export type Fate = 'pass' | 403 | 404 | 'cut' | 'swallow' | 'withhold';

/** The ways through the proxy: upgrades, and requests by the last part of their path. */
type Way = 'websocket' | 'stream' | 'poll' | 'send';

/** A proxy that gives each request and each upgrade to the next node, as a round-robin load balancer does. */
export interface FaultProxy {
  readonly url: string;
  /** Fates of requests to come. At first all pass. */
  readonly fates: Record<Way, Fate>;
  /** Requests so far, by their way. */
  readonly count: Record<Way, number>;
  /** Cuts what is open of it. */
  cut(way: Way): void;
  close(): Promise<void>;
}

export async function startFaultProxy(ports: readonly number[]): Promise<FaultProxy> {
  const fates: FaultProxy['fates'] = { websocket: 'pass', stream: 'pass', poll: 'pass', send: 'pass' };
  const count: FaultProxy['count'] = { websocket: 0, stream: 0, poll: 0, send: 0 };
  const open: Record<Way, Set<Socket>> = {
    websocket: new Set(),
    stream: new Set(),
    poll: new Set(),
    send: new Set(),
  };
  const agent = new Agent({ keepAlive: true });
  let connections = 0;
  const nextPort = (): number => ports[connections++ % ports.length]!;

  const server = createServer((request, response) => {
    const way = /\/(stream|poll|send)\b/.exec(request.url!)?.[1] as Way;
    count[way]++;
    open[way].add(request.socket);
    response.once('close', () => open[way].delete(request.socket));
    const fate = fates[way];
    if (fate === 'pass' || fate === 'withhold') pass(request, response, nextPort(), agent, fate === 'withhold');
    else if (fate === 'cut') request.socket.destroy();
    else if (fate !== 'swallow') response.writeHead(fate).end();
  });
  server.on('upgrade', (request: IncomingMessage, near: Socket) => {
    count.websocket++;
    near.on('error', () => undefined);
    open.websocket.add(near);
    near.once('close', () => open.websocket.delete(near));
    const fate = fates.websocket;
    if (fate === 'cut') near.destroy();
    else if (fate === 'pass') splice(request, near, nextPort());
    else if (typeof fate === 'number') near.end(`HTTP/1.1 ${fate} No\r\nConnection: close\r\n\r\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = (way: Way): void => {
    for (const socket of open[way]) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fates,
    count,
    cut,
    close: async () => {
      for (const socket of open.websocket) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      agent.destroy();
    },
  };
}

function pass(from: IncomingMessage, to: ServerResponse, port: number, agent: Agent, whole: boolean): void {
  const { method, url, headers } = from;
  const onward = httpRequest({ host: '127.0.0.1', port, agent, method, path: url, headers }, (answer) => {
    const write = (): void => void to.writeHead(answer.statusCode!, answer.headers);
    answer.on('error', () => to.destroy());
    if (!whole) {
      write();
      to.flushHeaders();
      return void answer.pipe(to);
    }
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part));
    answer.on('end', () => {
      write();
      to.end(Buffer.concat(parts));
    });
  });
  onward.on('error', () => to.destroy());
  to.once('close', () => onward.destroy());
  from.pipe(onward);
}

function splice(request: IncomingMessage, near: Socket, port: number): void {
  const far = connect(port, '127.0.0.1');
  const lines = request.rawHeaders.map((text, i) => (i % 2 ? `${text}\r\n` : `${text}: `));
  far.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
  far.on('error', () => near.destroy());
  far.once('close', () => near.destroy());
  near.once('close', () => far.destroy());
  far.pipe(near);
  near.pipe(far);
}
