// One of several nodes on one LMDB store: `node node.mjs <folder>`. SIGTERM drains it.
import process from 'node:process';
import { lmdb } from '@longwave/lmdb';
import { createServer } from 'longwave';
import { serveRooms } from 'longwave/rooms/server';
import { channels } from './contract.mjs';

const rooms = serveRooms(channels, {
  'arena/:id': {
    create: () => ({ player: new Map() }),
    join: (state, { id }) => void state.player.set(id, { x: 5000, acts: 0 }),
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
  ...{ channels, rooms, store: lmdb({ path: process.argv[2] ?? '' }), logLevel: 'error' },
  authenticate: (user) => ({ user }),
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
process.on('message', () => process.send?.({ rooms: rooms.list().length }));
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => void server.close({ drain: 500 }).then(() => process.exit()));
process.send?.({ port });
