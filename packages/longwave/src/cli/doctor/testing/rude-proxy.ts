import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { createGzip } from 'node:zlib';
import { createServer } from '@longwave/node';
import { onTestFinished } from 'vitest';

/** A proxy between the doctor and a server that misbehaves. */

export interface Rudeness {
  /** The fate of a request for an upgrade. Default `pass`. */
  readonly upgrade?: 'pass' | 'refuse' | 'swallow' | 'strip' | 'drop' | 'mute' | 'hang-up';
  /** Default `pass`. `collect`: all of a response, before any of it. `head`: it, and then the rest at the end. */
  readonly responses?: 'pass' | 'collect' | 'head' | 'compress' | 'cache' | 'through-cache' | 'late' | 'all-late';
  /**
   * Called as each response begins that is late: all of them with `all-late`, with `late` only streams, as HAProxy does it. A
   * clock that goes forward then says how late.
   */
  readonly onLate?: () => void;
  /** Ends a response that is not complete in so long, with 504 where nothing was sent. */
  readonly cutMs?: number;
  readonly host?: string;
  readonly bodies?: 'pass' | 'damage' | 'refuse';
  /** Requests at a time; what is more gets 429. */
  readonly most?: number;
  /** Answers everything itself. */
  readonly dead?: boolean;
}

/** A Longwave server. */
export async function serveLongwave(options: Partial<Parameters<typeof createServer>[0]> = {}): Promise<number> {
  const server = createServer({ channels: {}, ...options });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return port;
}

/** A proxy in front of the server at `port`. Gives its address. */
export async function rudeProxy(port: number, rudeness: Rudeness): Promise<string> {
  const sockets = new Set<Duplex>();
  let active = 0;
  const proxy = createHttpServer((incoming, outgoing) => {
    active++;
    outgoing.once('close', () => active--);
    outgoing.setHeader('Server', 'rude/1.0');
    if (rudeness.dead) outgoing.writeHead(502).end('<h1>Bad Gateway</h1>');
    else if (active > (rudeness.most ?? Infinity)) outgoing.writeHead(429).end();
    else if (rudeness.bodies === 'refuse' && Number(incoming.headers['content-length']) > 10_000) {
      outgoing.writeHead(413).end();
    } else forward(incoming, outgoing, port, rudeness);
  });
  proxy.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  proxy.on('upgrade', (incoming, socket, head) => void upgrade(incoming, socket, head, port, rudeness));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number, rudeness: Rudeness): void {
  const { responses = 'pass', bodies = 'pass', cutMs, host } = rudeness;
  const headers = { ...incoming.headers, ...(host !== undefined && { host }) };
  delete headers.upgrade;
  const inner = request({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers }, (answer) => {
    const answerHeaders = { ...answer.headers };
    if (responses === 'cache')
      Object.assign(answerHeaders, { 'cache-control': 'max-age=60', 'x-cache': 'HIT from rude' });
    if (responses === 'through-cache') Object.assign(answerHeaders, { age: '0', 'x-cache': 'MISS, hit-for-pass' });
    if (responses === 'collect' || responses === 'head') {
      const chunks: Buffer[] = [];
      if (responses === 'head') {
        outgoing.writeHead(answer.statusCode!, answerHeaders);
        outgoing.flushHeaders();
      }
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        if (!outgoing.headersSent) outgoing.writeHead(answer.statusCode!, answerHeaders);
        outgoing.end(Buffer.concat(chunks));
      });
    } else if (responses === 'all-late' || (responses === 'late' && answer.headers['content-length'] === undefined)) {
      // The head waits for what follows, and both for more.
      answer.once('data', () => {
        rudeness.onLate?.();
        outgoing.writeHead(answer.statusCode!, answerHeaders);
      });
      answer.pipe(outgoing);
    } else if (responses === 'compress' && answer.statusCode === 200) {
      delete answerHeaders['content-length'];
      outgoing.writeHead(200, { ...answerHeaders, 'content-encoding': 'gzip' });
      outgoing.flushHeaders();
      answer.pipe(createGzip()).pipe(outgoing);
    } else {
      outgoing.writeHead(answer.statusCode!, answerHeaders);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    }
    answer.on('error', () => undefined);
  });
  inner.on('error', () => outgoing.destroy());
  outgoing.on('close', () => inner.destroy());
  if (cutMs !== undefined) {
    const timer = setTimeout(() => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(504).end()), cutMs);
    outgoing.on('close', () => clearTimeout(timer));
  }
  if (bodies === 'damage') incoming.on('data', (chunk: Buffer) => void inner.write(chunk.map((byte) => byte & 0x7f)));
  else incoming.on('data', (chunk: Buffer) => void inner.write(chunk));
  incoming.on('end', () => inner.end());
}

async function upgrade(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  port: number,
  { upgrade: way = 'pass', host, cutMs }: Rudeness,
): Promise<void> {
  socket.on('error', () => undefined);
  switch (way) {
    case 'refuse':
      return void socket.end('HTTP/1.1 403 Forbidden\r\nServer: rude/1.0\r\nContent-Length: 0\r\n\r\n');
    case 'swallow':
      return;
    case 'drop':
      return void socket.destroy();
    case 'pass':
    case 'strip':
    case 'mute':
    case 'hang-up': {
      const inner = connect(port, '127.0.0.1');
      inner.on('error', () => socket.destroy());
      await once(inner, 'connect');
      inner.write(`GET ${incoming.url} HTTP/1.1\r\n${headerLines(incoming, way === 'strip', host)}\r\n`);
      inner.write(head);
      if (cutMs !== undefined) setTimeout(() => socket.destroy(), cutMs).unref();
      return join(inner, socket, way);
    }
  }
}

function headerLines({ headers }: IncomingMessage, strip: boolean, host: string | undefined): string {
  const kept = Object.entries({ ...headers, ...(host !== undefined && { host }) });
  return kept
    .filter(([name]) => !strip || name !== 'upgrade')
    .map(([name, value]) => `${name}: ${strip && name === 'connection' ? 'close' : String(value)}\r\n`)
    .join('');
}

function join(inner: Socket, socket: Duplex, way: 'pass' | 'strip' | 'mute' | 'hang-up'): void {
  inner.on('close', () => socket.destroy());
  socket.on('close', () => inner.destroy());
  if (way === 'pass' || way === 'strip') {
    inner.pipe(socket);
    socket.pipe(inner);
    return;
  }
  // The handshake is passed on, and nothing of what follows.
  inner.once('data', (answer: Buffer) => {
    socket.write(answer);
    if (way === 'hang-up') socket.once('data', () => socket.destroy());
    else socket.resume();
  });
}
