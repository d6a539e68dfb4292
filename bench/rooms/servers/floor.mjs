// The least that a server can do in Node: it reads each message and looks at nothing of it, and writes each player bytes that are there
// already, as many and as often as Longwave does.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import { serve } from './loop.mjs';

/** @type {import('../arena.mjs').Shape & { frameBytes: number }} */
const { rooms, players, send, frameBytes } = JSON.parse(process.argv[2] ?? '');
/** @type {import('node:net').Socket[]} */
const sockets = [];
const payload = Math.max(0, frameBytes - 4);
const frame = Buffer.concat([
  payload < 126 ? Buffer.from([0x82, payload + 2]) : Buffer.from([0x82, 126, payload >> 8, payload & 255]),
  Buffer.alloc(payload < 126 ? payload + 2 : payload),
]);

const server = createServer();
server.on('upgrade', ({ headers }, socket) => {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
  sockets.push(/** @type {import('node:net').Socket} */ (socket));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
// Rooms that were made at different times have their steps at different times.
for (let room = 0; room < rooms; room++) {
  setTimeout(
    () => {
      setInterval(() => {
        for (let i = room * players; i < (room + 1) * players; i++) sockets[i]?.write(frame);
      }, 1000 / send);
    },
    ((1000 / send) * room) / rooms,
  );
}
serve(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
