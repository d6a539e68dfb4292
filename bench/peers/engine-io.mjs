// Engine.IO, which is what Socket.IO polls with, at its best setting for that: polling alone, no compression, a message
// encoded once by its sender. Whatever one connection sends goes to all others.
import { createServer } from 'node:http';
import { Server } from 'engine.io';
import { announce } from './announce.mjs';

const http = createServer();
// Pollers come back on the connection they have: the default of 5 s would close it under them.
http.keepAliveTimeout = 65_000;
const engine = new Server({
  transports: ['polling'],
  httpCompression: false,
  allowUpgrades: false,
  pingInterval: 25_000,
  pingTimeout: 60_000,
});
engine.attach(http);

/** @type {Set<import('engine.io').Socket>} */
const sockets = new Set();
engine.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', (/** @type {string} */ data) => {
    for (const other of sockets) if (other !== socket) other.send(data);
  });
});

http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  announce(/** @type {import('node:net').AddressInfo} */ (http.address()).port);
});
