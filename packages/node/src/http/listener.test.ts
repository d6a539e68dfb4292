import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { type Socket, connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionInfo } from '@longwave/core';
import { defineChannels, log } from '@longwave/protocol';
import { createServer } from '../server/create-server.js';

// A certificate for localhost and 127.0.0.1 signed by itself, and its key. They protect nothing.
const pem = readFileSync(new URL('../testing/localhost.pem', import.meta.url));
const channels = defineChannels({ 'chat/:room': log() });
const lines = [
  'GET /longwave?token=x HTTP/1.1',
  'Host: localhost',
  'Connection: keep-alive, Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: longwave.v1.json',
  'Cookie: a=b; c=d',
  'X-Forwarded-For:  10.0.0.1 ',
];
const upgrade = `${lines.join('\r\n')}\r\n\r\n`;
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** A masked text frame of less than 126 bytes. */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), text]);
}
const hello = frame({ type: 'connect', version: 1, client: 'c' });

describe.each([
  ['plain', false],
  ['TLS', true],
])('listening, %s', (_, tls) => {
  async function start() {
    const infos: ConnectionInfo[] = [];
    const server = createServer({
      channels,
      logger: { error: () => undefined, info: () => undefined },
      authenticate: (_token, { transport, remoteAddress, headers }) => {
        infos.push({ transport, remoteAddress, headers });
        return {};
      },
      ...(tls && { tls: { key: pem, cert: pem } }),
    });
    cleanUp.push(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const dial = async () => {
      const socket: Socket = tls
        ? connectTls({ port, host: '127.0.0.1', ca: pem, servername: 'localhost' })
        : connectPlain(port, '127.0.0.1');
      cleanUp.push(() => socket.destroy());
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      await once(socket, tls ? 'secureConnect' : 'connect');
      socket.setNoDelay(true);
      return { socket, read: () => received };
    };
    return { server, port, infos, dial };
  }

  it('authenticates by the same headers, however the request comes', async () => {
    const { infos, dial } = await start();
    const [whole, early, halves] = [await dial(), await dial(), await dial()];
    whole.socket.write(upgrade);
    await expect.poll(whole.read).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\n$/);
    whole.socket.write(hello);
    early.socket.write(Buffer.concat([Buffer.from(upgrade), hello]));
    halves.socket.write(upgrade.slice(0, 40));
    await new Promise((resolve) => setImmediate(resolve));
    halves.socket.write(upgrade.slice(40));
    halves.socket.write(hello);
    for (const { read } of [whole, early, halves]) {
      await expect.poll(read).toMatch(/^HTTP\/1\.1 101 [^]*"type":"(connected|error)"/);
    }
    expect(infos).toHaveLength(3);
    for (const info of infos) {
      expect(info).toEqual({
        transport: 'websocket',
        remoteAddress: '127.0.0.1',
        headers: {
          host: 'localhost',
          connection: 'keep-alive, Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-protocol': 'longwave.v1.json',
          cookie: 'a=b; c=d',
          'x-forwarded-for': '10.0.0.1',
        },
      });
    }
  });

  it.each([
    ['another origin', upgrade.replace('Cookie:', 'Origin: https://evil.example\r\nCookie:'), '403'],
    ['another path', upgrade.replace('/longwave', '/elsewhere'), '404'],
    ['another subprotocol', upgrade.replace('v1.json', 'v9'), '400'],
    ['another version', upgrade.replace('Version: 13', 'Version: 8'), '426'],
    ['no upgrade', upgrade.replace('Upgrade: websocket\r\n', ''), '426'],
  ])('refuses as before: %s', async (_name, request, status) => {
    const { infos, dial } = await start();
    const { socket, read } = await dial();
    socket.write(request);
    await expect.poll(read).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(infos).toEqual([]);
  });

  it('closes in spite of a peer that has said nothing', async () => {
    const { server, dial } = await start();
    const { socket } = await dial();
    const closed = once(socket, 'close');
    await server.close();
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

it('serves HTTP over TLS', async () => {
  const server = createServer({ channels, tls: { key: pem, cert: pem } });
  cleanUp.push(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const request = get({ port, host: '127.0.0.1', path: '/healthz', ca: pem, servername: 'localhost' });
  const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
  expect(response.statusCode).toBe(200);
  response.resume();
});
