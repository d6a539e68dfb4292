// Socket.IO at its best setting: WebSocket only, no compression, no connection state recovery (which would keep every
// packet), its default parser; io.to(room).emit encodes a packet once for the whole room.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  pingInterval: 25_000,
  pingTimeout: 60_000,
});

io.on('connection', (socket) => {
  const { role, room } = socket.handshake.query;
  // Without this the request of every handshake stays in memory: the documentation's advice for many connections.
  Object.assign(socket.conn, { request: null });
  if (role === 'sub') void socket.join(String(room));
  else if (role === 'pub') socket.on('m', (data) => io.to(String(room)).emit('m', data));
  else socket.on('m', (data) => socket.emit('m', data));
});

http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  announce(/** @type {import('node:net').AddressInfo} */ (http.address()).port);
});
collectGarbageOnSignal();
