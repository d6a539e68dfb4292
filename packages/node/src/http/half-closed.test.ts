import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { defineChannels, log } from '@longwave/protocol';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { createServer } from '../server/create-server.js';

afterEach(() => void vi.useRealTimers());

const channels = defineChannels({ room: log() });

function head(target: string, ...headers: readonly string[]): Buffer {
  return Buffer.from([`${target} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n'));
}

function upgrade(path: string): Buffer {
  return head(
    `GET ${path}`,
    ...['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: longwave.v1.json'],
  );
}

/** A masked text message of less than 126 bytes. */
function message(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
}

const hello = '{"type":"connect","version":1,"client":"c"}';
const subscribe = '{"type":"subscribe","id":1,"channel":"room"}';
const body = `${hello}\n${subscribe}`;

it.each<readonly [string, Buffer]>([
  ['a WebSocket', Buffer.concat([upgrade('/longwave'), message(hello), message(subscribe)])],
  ['a plain WebSocket', upgrade('/push')],
  ['a stream', Buffer.concat([head('POST /longwave/stream', `Content-Length: ${body.length}`), Buffer.from(body)])],
  ['an EventSource', head('GET /v1/channels/room/events')],
])('LIM-6: %s whose peer ends its side and reads nothing does not keep its socket', async (_, opening) => {
  const server = createServer({ channels, logger: { error: () => undefined, info: () => undefined } });
  const http = createHttpServer((request, response) => void server.handleRequest(request, response));
  server.attach(http);
  server.websocket('/push', (peer) => {
    while (peer.open && peer.send('x'.repeat(60_000)));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const accepted = once(http, 'connection') as Promise<[Socket]>;
  // Nothing is ever read of it.
  const { port } = http.address() as AddressInfo;
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).pause();
  onTestFinished(async () => {
    peer.destroy();
    await server.close();
    http.close();
  });
  peer.on('error', () => undefined).write(opening);
  const [socket] = await accepted;
  // Until the socket takes no more.
  const room = server.channel('room');
  while (socket.writableLength === 0) {
    await room.publish('y'.repeat(60_000));
    await nextTurn();
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const ended = once(socket, 'end');
  peer.end();
  await ended;
  const closed = once(socket, 'close');
  vi.advanceTimersByTime(31_000);
  await closed;
  expect(socket.destroyed).toBe(true);
});
