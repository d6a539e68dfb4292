// Longwave as it comes: memory store, 1,000 operations retained, offsets, acknowledgements, rights asked, heartbeat of 10 s.
// With LONGWAVE_BENCH_STORE another store (`bench/stores/run.mjs`).
import { createServer } from 'longwave';
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';
import { options } from './longwave-options.mjs';
import { openStore } from '../stores/open-store.mjs';

const server = createServer({ ...options, store: await openStore(process.env['LONGWAVE_BENCH_STORE']) });
const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
announce(port);
collectGarbageOnSignal();
