// Longwave with LMDB, and with compaction in a thread, as it comes. Only the bounds on frames of one address are raised: here
// all clients are one. With longwave/dialects it speaks y-websocket as well.
import process from 'node:process';
import { lmdb } from '@longwave/lmdb';
import { createServer, defineChannels, doc } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { hasDialects } from '../has-dialects.mjs';
import { serve, toBytes } from './orders.mjs';

const [, , folder = ''] = process.argv;
const dialects = [];
if (hasDialects) {
  // Not there yet in every commit that this benchmark runs on.
  const name = 'longwave/dialects';
  const { yWebsocket } = await import(name);
  dialects.push(yWebsocket({ document: (/** @type {string} */ room) => room }));
}
const channels = defineChannels({ 'doc/:id': doc() });
const server = createServer({
  channels,
  documents: yjs(),
  store: lmdb({ path: folder }),
  logger: { info: () => {}, error: console.error },
  limits: { framesPerSecond: 1_000_000, addressFramesPerSecond: 1_000_000, addressConnectBurst: 1_000_000 },
  ...(dialects.length > 0 && { dialects }),
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

/** In front of an update in its message. */
const updateKind = 0;

/** @param {string} name @param {readonly string[]} updates */
async function publish(name, updates) {
  const messages = updates.map((update) => new Uint8Array([updateKind, ...toBytes(update)]));
  await Promise.all(messages.map((message) => server.channel(/** @type {'doc/a'} */ (name)).publish(message)));
}

/** @param {string} name */
async function look(name) {
  const { messages, floor, top } = await server.channel(/** @type {'doc/a'} */ (name)).history({ after: 0 });
  return { floor, top, firstBytes: messages[0]?.data.length ?? 0 };
}

serve(port, {
  /** Compacted up to its tail. @param {import('./orders.mjs').StoredDocument} document */
  store: async ({ name, parts, tail }) => {
    await publish(name, parts);
    if (parts.length > 1) await server.engine.documents.compact(name);
    await publish(name, tail);
  },
  publish: ({ name, updates }) => publish(name, updates),
  compact: async (name) => {
    const startedAt = performance.now();
    await server.engine.documents.compact(name);
    return { ms: performance.now() - startedAt, ...(await look(name)) };
  },
  look,
  close: () => server.close(),
});
