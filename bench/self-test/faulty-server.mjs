// A server that does what it is told not to: `node faulty-server.mjs FAULT`. It speaks as the raw peers do. At every
// hundredth message of a room it commits its fault against one subscriber, the first of that room.
import { createServer } from 'node:http';
import { acceptUpgrade, encodeText, onFrames } from '../peers/floor-websocket.mjs';
import { announce } from '../peers/announce.mjs';
import { parseTarget, roomOf } from '../peers/room.mjs';
import { faults } from './faults.mjs';
import { deliveries } from './deliveries.mjs';

const name = process.argv[2] ?? '';
const fault = faults[name];
const deliver = deliveries[name] ?? ((socket, frames) => socket.write(Buffer.concat(frames)));

/** @typedef {import('node:stream').Duplex} Socket */
/** @type {Map<string, { members: Socket[], count: number, held: Buffer[] }>} */
const rooms = new Map();

const server = createServer();
server.on('upgrade', (request, socket) => {
  const { role, room: name } = parseTarget(request.url ?? '/');
  const room = roomOf(rooms, name, () => ({ members: [], count: 0, held: [] }));
  acceptUpgrade(request, socket);
  if (role === 'sub') room.members.push(socket);
  onFrames(socket, (bytes) => {
    if (role !== 'pub') return;
    const payload = Buffer.from(bytes);
    const guilty = fault !== undefined && ++room.count % 100 === 0;
    room.members.forEach((member, i) => {
      if (guilty && i === 0) deliver(member, fault(payload, room.held).map(encodeText));
      else if (i === 0) deliver(member, [payload, ...room.held.splice(0)].map(encodeText));
      else deliver(member, [encodeText(payload)]);
    });
  });
});
server.listen({ host: '127.0.0.1', port: 0 }, () =>
  announce(/** @type {import('node:net').AddressInfo} */ (server.address()).port),
);
