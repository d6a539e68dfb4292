// Longwave as it comes, on the host for Bun; otherwise as longwave.mjs.
import { createServer } from 'longwave/bun';
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';
import { options } from './longwave-options.mjs';

const server = createServer(options);
const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
announce(port);
collectGarbageOnSignal();
