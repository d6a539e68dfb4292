// The floor: what is left when everything is taken away that Node does not insist on. One `upgrade`, a frame parser of
// 20 lines, and for each room and turn of the event loop ONE buffer of complete frames, written once to each socket.
// No history, no offsets, no rights, no limits. `--uncoalesced` writes each message by itself instead.
import { createServer } from 'node:http';
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';
import { acceptUpgrade, encodeText, onFrames } from './floor-websocket.mjs';
import { parseTarget, roomOf } from './room.mjs';

const coalesce = !process.argv.includes('--uncoalesced');

/** @typedef {{ members: Set<import('node:stream').Duplex>, pending: Buffer[] }} Room */

/** @type {Map<string, Room>} */
const rooms = new Map();

/** @param {Room} room */
function flush(room) {
  const batch = room.pending.length === 1 ? room.pending[0] : Buffer.concat(room.pending);
  room.pending = [];
  for (const socket of room.members) socket.write(batch);
}

/**
 * @param {Room} room
 * @param {Buffer} payload
 */
function publish(room, payload) {
  room.pending.push(encodeText(payload));
  if (!coalesce) flush(room);
  else if (room.pending.length === 1) setImmediate(flush, room);
}

const server = createServer();
server.on('upgrade', (request, socket) => {
  const { role, room: name } = parseTarget(request.url ?? '/');
  const room = roomOf(rooms, name, () => ({ members: new Set(), pending: [] }));
  acceptUpgrade(request, socket);
  if (role === 'sub') {
    room.members.add(socket);
    socket.on('close', () => room.members.delete(socket));
    onFrames(socket, () => {});
  } else if (role === 'pub') {
    onFrames(socket, (payload) => publish(room, payload));
  } else {
    onFrames(socket, (payload) => socket.write(encodeText(payload)));
  }
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  announce(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
});
collectGarbageOnSignal();
