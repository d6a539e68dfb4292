import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawFrame } from './testing/peer.js';
import { type EchoServer, startEchoServer } from './testing/echo-server.js';
import { bytesOf } from './testing/recorder.js';

// A peer of raw bytes against the echo server over a real socket: what arrives, and that the server ends the transport.

const REQUEST = [
  'GET / HTTP/1.1',
  'Host: a',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];

/** Everything the server sent until it ended its half, as Latin-1. */
async function exchange(
  server: EchoServer,
  request: readonly string[],
  ...frames: readonly Uint8Array[]
): Promise<string> {
  const socket: Socket = connect(server.port, '127.0.0.1');
  let got = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => (got += String(text)));
  socket.on('error', () => undefined);
  // In one write with the request: the first frames may come in the chunk of the handshake.
  socket.write(Buffer.concat([Buffer.from(`${request.join('\r\n')}\r\n\r\n`), ...frames]));
  await once(socket, 'end');
  socket.destroy();
  return got;
}

const close = (code: number): Uint8Array => rawFrame('client', 8, Uint8Array.of(code >>> 8, code));

describe('over a socket', () => {
  let server: EchoServer;
  beforeAll(async () => void (server = await startEchoServer({}, { maxMessageBytes: 100_000 })));
  afterAll(() => server.stop());

  async function framesFor(...frames: readonly Uint8Array[]): Promise<string> {
    const got = await exchange(server, REQUEST, ...frames);
    return Buffer.from(got.slice(got.indexOf('\r\n\r\n') + 4), 'latin1').toString('hex');
  }

  it('echoes and closes', async () => {
    expect(await framesFor(rawFrame('client', 1, 'Hello'), rawFrame('client', 9, 'x'), close(1000))).toBe(
      '810548656c6c6f' + '8a0178' + '880203e8',
    );
    expect(await framesFor(rawFrame('client', 8))).toBe('8800');
  });

  it.each<[string, Uint8Array, number]>([
    ['no mask', rawFrame('server', 1, 'x'), 1002],
    ['RSV1', rawFrame('client', 1, 'x', { rsv: 4 }), 1002],
    ['a reserved opcode', rawFrame('client', 3), 1002],
    ['a fragmented ping', rawFrame('client', 9, '', { fin: false }), 1002],
    ['a continuation of nothing', rawFrame('client', 0), 1002],
    ['a length that is not minimal', rawFrame('client', 2, 'x', { lengthBytes: 8 }), 1002],
    [
      'bad UTF-8 in a frame that is not whole',
      rawFrame('client', 1, bytesOf('ff'), { claims: 90n }).subarray(0, 7),
      1007,
    ],
    ['a close code that is not allowed', close(1006), 1002],
    ['a message that is too big', rawFrame('client', 2, '', { claims: 100_001n }), 1009],
  ])('closes for %s, and ends the transport', async (_name, frame, code) => {
    const got = await framesFor(frame, rawFrame('client', 1, 'after'));
    expect(got.slice(0, 2)).toBe('88');
    expect(Number.parseInt(got.slice(4, 8), 16)).toBe(code);
    expect(got.length).toBe(4 + 2 * Number.parseInt(got.slice(2, 4), 16)); // and not a byte more
  });

  it('refuses a bad handshake with its reason', async () => {
    const without = (name: string): string[] => REQUEST.filter((line) => !line.startsWith(name));
    expect(await exchange(server, without('Sec-WebSocket-Key'))).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n.*16 bytes in base64\n$/s,
    );
    expect(await exchange(server, [...without('Sec-WebSocket-Version'), 'Sec-WebSocket-Version: 7'])).toMatch(
      /^HTTP\/1\.1 426 Upgrade Required\r\n.*Sec-WebSocket-Version: 13\r\n/s,
    );
    expect(await exchange(server, ['POST / HTTP/1.1', ...REQUEST.slice(1)])).toMatch(/^HTTP\/1\.1 405 .*Allow: GET/s);
    expect(await exchange(server, [...REQUEST, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='])).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });
});
