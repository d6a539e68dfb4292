// Longwave: `serveRooms` in the memory store, as a new user would set it up. No hooks, no logging.
import process from 'node:process';
import { createServer, defineChannels, log, memory } from 'longwave';
import { real, room, whole } from 'longwave/rooms';
import { serveRooms } from 'longwave/rooms/server';
import { move, place, radius, side } from '../arena.mjs';
import { serve } from './loop.mjs';

/** @type {import('../arena.mjs').Shape} */
const { players, tick: rate, send, sees, floodMiB = 0, bodies = 0 } = JSON.parse(process.argv[2] ?? '');

const arena = room({
  entities: {
    // Tenths of a unit and hundredths of a radian: finer than a screen shows.
    player: { x: real(0, side, 0.1), y: real(0, side, 0.1), angle: real(-3.15, 3.15, 0.01), hp: whole(0, 255) },
  },
  inputs: { stick: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) } },
  tick: rate,
  send,
  maxPlayers: players,
  ...(sees === 'near' && { nearby: { radius } }),
});
const channels = defineChannels({
  'arena/:id': arena,
  // For a player whose link is to be full: it asks for all of that, and does not read.
  ...(floodMiB > 0 && { flood: log({ retain: { maxCount: 10_000, maxBytes: (floodMiB + 1) * 1024 * 1024 } }) }),
});
const server = createServer({
  channels,
  store: memory(),
  // All players come from one address here.
  limits: { userFramesPerSecond: Infinity, addressFramesPerSecond: Infinity },
  rooms: serveRooms(channels, {
    'arena/:id': {
      create: () => ({
        player: new Map(Array.from({ length: bodies }, (_, i) => [i + 1, { ...place(i), angle: 0, hp: 100 }])),
      }),
      join: (state, { id }) => void state.player.set(id, { ...place(id), angle: 0, hp: 100 }),
      leave: (state, { id }) => void state.player.delete(id),
      step: (state, inputs, dt, { tick: step }) => {
        for (const [id, body] of bodies > 0 ? state.player : []) {
          const angle = ((Math.floor(step / rate) * 7 + id) % 63) / 10;
          move(body, { dx: Math.cos(angle), dy: Math.sin(angle) }, dt);
        }
        for (const [id, made] of inputs) {
          const player = state.player.get(id);
          for (const stick of player ? made : []) move(player, stick, dt);
        }
      },
    },
  }),
});
for (let i = 0; i < floodMiB * 16; i++) await server.channel('flood').publish('x'.repeat(64_000));
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
serve(port);
