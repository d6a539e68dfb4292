// A node of its own with one kind of room, on the LMDB store of a folder: tells the port that it listens at.
import process from 'node:process';
import { lmdb } from '@longwave/lmdb';
import { createServer, defineChannels } from '../../dist/index.js';
import { real, room, whole } from '../../dist/rooms.js';
import { serveRooms } from '../../dist/rooms-server.js';

const arena = room({
  entities: { player: { x: real(0, 10_000, 0.1), acts: whole(0, 100_000) } },
  inputs: { move: { dx: real(-1, 1, 0.01) }, act: {} },
});
const channels = defineChannels({ 'arena/:id': arena });
const rooms = serveRooms(channels, {
  'arena/:id': {
    create: () => ({ player: new Map() }),
    join: (state, { id }) => void state.player.set(id, { x: 0, acts: 0 }),
    leave: (state, { id }) => void state.player.delete(id),
    step: (state, inputs, dt) => {
      for (const [id, made] of inputs) {
        const player = state.player.get(id);
        for (const input of player ? made : []) {
          if (input.kind === 'act') player.acts++;
          else player.x += input.dx * 100 * dt;
        }
      }
    },
  },
});
const server = createServer({
  ...{ channels, rooms, store: lmdb({ path: process.argv[2] }), logLevel: 'error' },
  authenticate: (user) => ({ user }),
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
process.send(port);
process.on('message', () => process.send(rooms.list()));
