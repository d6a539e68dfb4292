// Longwave as it comes: memory store, 1,000 operations retained, offsets, acknowledgements, rights asked, heartbeat of 10 s.
// With LONGWAVE_BENCH_STORE another store (`bench/stores/run.mjs`).
// Only the bound on frames a second of one connection is raised: here one publisher stands for many.
import { LongwaveError, createServer, defineCalls, defineChannels, log } from 'longwave';
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';
import { token } from './longwave-contract.mjs';
import { openStore } from '../stores/open-store.mjs';

const server = createServer({
  store: await openStore(process.env['LONGWAVE_BENCH_STORE']),
  channels: defineChannels({ 'room/:id': log() }),
  calls: defineCalls({ echo: { input: undefined, handle: (/** @type {unknown} */ data) => data } }),
  authenticate(given) {
    if (given !== token) throw new LongwaveError('unauthenticated');
    return {};
  },
  authorize: ({ action }) => action === 'subscribe' || action === 'publish',
  limits: { framesPerSecond: 1_000_000 },
});

const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
announce(port);
collectGarbageOnSignal();
