import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectIdle, startNode } from '../testing/requests.js';
import { pem } from '../testing/http2-client.js';

const limits = { connectTimeout: 200, messageTimeout: 200 };
const tls = { key: pem, cert: pem };

const head = (target: string, ...headers: string[]): string =>
  [`${target} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
const upgrade = (path: string): string =>
  head(
    `GET ${path}`,
    ...['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: longwave.v1.json'],
  );
/** A masked text message of less than 126 bytes. */
const message = (text: string): Buffer =>
  Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
const hello = message('{"type":"connect","version":1,"client":"c"}');

function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined).resume();
  return socket;
}

/** Begins a WebSocket to `path`, sends what comes before the message, and all of that but its last byte. */
const unfinished =
  (path: string, ...before: Buffer[]) =>
  (socket: Socket): void =>
    void socket.write(
      Buffer.concat([Buffer.from(upgrade(path)), ...before, message('{"type":"ping"}').subarray(0, -1)]),
    );

interface Peer {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Resolves when the server has ended it: within the time of a test, which is far below what a server takes by default. */
async function expectEnd(peer: Peer): Promise<void> {
  await new Promise<void>((resolve) => peer.once('close', resolve));
  expect(peer.destroyed).toBe(true);
}

function drip(socket: Socket): void {
  socket.write('GET /longwave HTTP/1.1\r\nX-A: ');
  const timer = setInterval(() => socket.write('a'), 20);
  socket.once('close', () => clearInterval(timer));
}

describe('LIM-6: each step of a peer has its time, and its connection ends with it', () => {
  it.each<readonly [string, (socket: Socket) => void]>([
    ['never says a byte', () => undefined],
    ['sends half of a handshake', (socket) => void socket.write(upgrade('/longwave').slice(0, 120))],
    ['drips the bytes of a head', drip],
    [
      'sends half of the body of a poll',
      (socket) => void socket.write(`${head('POST /longwave/poll', 'Content-Length: 100')}{"type"`),
    ],
    [
      'sends half of a chunked body',
      (socket) => void socket.write(`${head('POST /longwave/send', 'Transfer-Encoding: chunked')}10\r\n{"ty`),
    ],
    ['opens a WebSocket and says nothing', (socket) => void socket.write(upgrade('/longwave'))],
    ['sends all but the last byte of a message', unfinished('/longwave', hello)],
    ['does so where WebSockets are plain', unfinished('/echo')],
  ])('one that %s', async (_, begin) => {
    const { server, port } = await startNode({ limits });
    server.websocket('/echo', () => undefined);
    const socket = dial(port);
    begin(socket);
    await once(socket, 'close');
    await expectIdle(server);
  });

  it.each<readonly [string, (socket: Socket) => void]>([
    ['never says a byte', () => undefined],
    [
      'sends the beginning of a TLS record',
      (socket) => void socket.write(Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01)),
    ],
  ])('one that %s, where TLS is spoken', async (_, begin) => {
    const { port } = await startNode({ limits, tls });
    const socket = dial(port);
    begin(socket);
    await expectEnd(socket);
  });

  it.each(['h2', 'http/1.1'])('one that says nothing behind a TLS handshake for %s', async (protocol) => {
    const { port } = await startNode({ limits, tls });
    const socket = connectTls({ port, host: '127.0.0.1', ca: pem, servername: 'localhost', ALPNProtocols: [protocol] });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined).resume();
    await expectEnd(socket);
  });

  it('one that speaks HTTP/2 and opens no stream', async () => {
    const { port } = await startNode({ limits, tls });
    const session = connectHttp2(`https://localhost:${port}`, { ca: pem });
    onTestFinished(() => session.destroy());
    session.on('error', () => undefined);
    await expectEnd(session);
  });
});

describe('LIM-14: a peer that was told of the end', () => {
  it.each(['/longwave', '/echo'])('and sends on at %s', async (path) => {
    const { server, port } = await startNode();
    server.websocket('/echo', (peer) => (peer.onMessage = () => peer.close()));
    const socket = dial(port);
    // Messages of 60,000 zeros, masked by zeros.
    const one = Buffer.concat([Buffer.of(0x82, 0xfe, 0xea, 0x60, 0, 0, 0, 0), Buffer.alloc(60_000)]);
    const megabyte = Buffer.concat(Array.from({ length: 17 }, () => one));
    const small = Buffer.of(0x82, 0x80, 0, 0, 0, 0);
    socket.write(Buffer.concat([Buffer.from(upgrade(path)), ...Array.from({ length: 20 }, () => small)]));
    const ended = expectEnd(socket);
    const fill = (): void => {
      while (!socket.destroyed && socket.write(megabyte));
    };
    socket.on('drain', fill);
    fill();
    await ended;
    // In the seconds that it has to answer it would send some hundred times as much.
    expect(socket.bytesWritten).toBeLessThan(64 * 2 ** 20);
    await expectIdle(server);
  });
});

describe('LIM-7: what is not complete counts', () => {
  it('requests whose body is on its way', async () => {
    const { server, port, url } = await startNode({ maxConnections: 2 });
    const halves = [dial(port), dial(port)];
    for (const socket of halves) socket.write(`${head('POST /longwave/poll', 'Content-Length: 100')}{"type"`);
    const status = async () => (await fetch(`${url}/send`, { method: 'POST', body: '{}' })).status;
    await expect.poll(status).toBe(503);
    for (const socket of halves) socket.destroy();
    await expect.poll(status).toBe(200);
    await expectIdle(server);
  });

  it('sockets, where they are accepted: some more than connections, and no others', async () => {
    const { port } = await startNode({ maxConnections: 1 });
    let closed = 0;
    const sockets = Array.from({ length: 300 }, () => dial(port).once('close', () => closed++));
    await expect.poll(() => closed).toBe(300 - 257);
    expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(257);
  });
});
