import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type RequestListener, type Server, createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { connectFrame, startNode } from '../testing/requests.js';

const pem = readFileSync(new URL('../testing/localhost.pem', import.meta.url));
const logger = { error: () => undefined, info: () => undefined };
const h2c = 'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
const webSocket =
  'Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** Speaks HTTP by hand, until the server ends the connection. */
async function ask(port: number, target: string, headers: string, body = '', dial = connect): Promise<string> {
  const socket = dial({ port, host: '127.0.0.1', ca: pem, servername: 'localhost' } as { port: number });
  onTestFinished(() => void socket.destroy());
  const [method] = body === '' ? ['GET'] : ['POST'];
  const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const half = Math.floor(body.length / 2);
  socket.write(`${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}${length}\r\n${body.slice(0, half)}`);
  // The body comes in two pieces.
  if (body !== '') setImmediate(() => socket.write(body.slice(half)));
  return text(socket);
}

/** As an application: tells what came to it. */
const app: RequestListener = (request, response) => {
  void text(request).then((body) => response.end(`app ${request.method} ${request.url} ${body}`));
};

async function attached(http: Server = createHttpServer(app)) {
  const server = createServer({ channels: {}, logger });
  server.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    await server.close();
    http.closeAllConnections();
    http.close();
  });
  return { server, http, port: (http.address() as AddressInfo).port };
}

const send = JSON.stringify(connectFrame());

describe('an upgrade to what is not ours is an ordinary request (RFC 9110 §7.8)', () => {
  it('on a server of our own', async () => {
    const { port } = await startNode();
    expect(await ask(port, '/healthz', h2c)).toMatch(/^HTTP\/1.1 200 [^]*alive/);
    expect(await ask(port, '/longwave/send', h2c, send)).toMatch(/^HTTP\/1.1 200 [^]*"connected"/);
    expect(await ask(port, '/longwave', h2c)).toMatch(/^HTTP\/1.1 426 /);
    expect(await ask(port, '/elsewhere', webSocket)).toMatch(/^HTTP\/1.1 404 /);
  });

  it.each([
    ['HTTP', createHttpServer(app), connect],
    ['HTTPS', createHttpsServer({ key: pem, cert: pem }, app), connectTls as typeof connect],
  ] as const)('on an attached server, with its body, over %s', async (_, http, dial) => {
    const { port } = await attached(http);
    expect(await ask(port, '/app', h2c, '', dial)).toMatch(/^HTTP\/1.1 200 [^]*app GET \/app /);
    expect(await ask(port, '/app?a=b', h2c, 'x'.repeat(100_000), dial)).toMatch(/app POST \/app\?a=b x{100000}/);
    expect(await ask(port, '/longwave/send', h2c, send, dial)).toMatch(/^HTTP\/1.1 200 [^]*"connected"/);
    expect(await ask(port, '/page', webSocket, '', dial)).toMatch(/app GET \/page /);
  });

  it('also where two share a server, and another listener takes upgrades of its own', async () => {
    const { port, http } = await attached();
    const other = createServer({ channels: {}, logger, path: '/other' });
    onTestFinished(() => other.close());
    other.attach(http);
    expect(await ask(port, '/app', h2c)).toMatch(/app GET \/app/);
    http.on('upgrade', (request, socket: Socket) => {
      if (request.url === '/mine') setTimeout(() => socket.end('HTTP/1.1 418 Mine\r\n\r\n'), 20);
    });
    expect(await ask(port, '/app', h2c, 'body')).toMatch(/app POST \/app body/);
    expect(await ask(port, '/mine', webSocket)).toBe('HTTP/1.1 418 Mine\r\n\r\n');
    expect(await ask(port, '/longwave', webSocket)).toMatch(/^HTTP\/1.1 400 [^]*Sec-WebSocket-Protocol/);
    expect(await ask(port, '/other', webSocket)).toMatch(/^HTTP\/1.1 400 [^]*Sec-WebSocket-Protocol/);
  });

  it('what no listener takes is ended, beside others too', async () => {
    const { port, http } = await attached();
    http.on('upgrade', () => undefined);
    expect(await ask(port, '/nobody', webSocket)).toMatch(/^HTTP\/1.1 404 /);
  });

  it('what another listener would refuse is taken before', async () => {
    const { port, http } = await attached();
    http.prependListener('upgrade', (_, socket: Socket) => void socket.end('HTTP/1.1 400 Not mine\r\n\r\n'));
    expect(await ask(port, '/longwave', webSocket)).toMatch(/Sec-WebSocket-Protocol/);
    expect(await ask(port, '/nobody', webSocket)).toBe('HTTP/1.1 400 Not mine\r\n\r\n');
  });

  it('as curl asks for HTTP/2', async () => {
    const { port } = await attached();
    const curl = async (...args: string[]) => (await promisify(execFile)('curl', ['-s', '--http2', ...args])).stdout;
    expect(await curl('-d', 'body', `http://127.0.0.1:${port}/app`)).toBe('app POST /app body');
    expect(await curl('-d', send, `http://127.0.0.1:${port}/longwave/send`)).toContain('"connected"');
  });
});
