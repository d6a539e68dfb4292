// ws at its best setting: no compression, no client tracking, no UTF-8 check of input, the received bytes sent on as
// they are. Its API has one send per client and no way to share an encoded frame.
import { WebSocketServer } from 'ws';
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';
import { parseTarget, roomOf } from './room.mjs';

/** @type {Map<string, Set<import('ws').WebSocket>>} */
const rooms = new Map();

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  backlog: 4096,
  perMessageDeflate: false,
  clientTracking: false,
  skipUTF8Validation: true,
});

server.on('connection', (socket, request) => {
  const { role, room } = parseTarget(request.url ?? '/');
  const members = roomOf(rooms, room, () => new Set());
  socket.on('error', () => socket.terminate());
  if (role === 'sub') {
    members.add(socket);
    socket.on('close', () => members.delete(socket));
  } else if (role === 'pub') {
    socket.on('message', (data) => {
      for (const member of members) member.send(data, { binary: false });
    });
  } else {
    socket.on('message', (data) => socket.send(data, { binary: false }));
  }
});

server.on('listening', () => announce(/** @type {import('node:net').AddressInfo} */ (server.address()).port));
collectGarbageOnSignal();
