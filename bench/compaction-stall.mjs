// Prints how long the event loop stands still while a server compacts a document of 1 MB: `node bench/compaction-stall.mjs`.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, defineChannels, doc } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import * as Y from 'yjs';

const server = createServer({ channels: defineChannels({ 'doc/:id': doc() }), documents: yjs({ versions: false }) });
/** @param {number | undefined} value */
const ms = (value = Number.NaN) => `${value.toFixed(1)} ms`;
/** An update that says nothing: the document has two to compact. */
const nothing = new Uint8Array([0, 0, 0]);

/** 57,500 letters at random places, fifty to an update. */
function makeUpdates() {
  const author = new Y.Doc();
  const text = author.getText('body');
  /** @type {Uint8Array[]} */
  const updates = [];
  author.on('update', (update) => updates.push(update));
  let seed = 1;
  /** @param {number} below */
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let i = 0; i < 1150; i++) {
    author.transact(() => {
      for (let j = 0; j < 50; j++) text.insert(random(text.length + 1), 'x');
    });
  }
  return { updates, bytes: Y.encodeStateAsUpdate(author).length };
}

/** @param {() => Promise<unknown>} work */
async function measure(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(50);
  delay.reset();
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  await sleep(50);
  delay.disable();
  // The resolution is part of each delay.
  return { took, max: delay.max / 1e6 - 1, p99: delay.percentile(99) / 1e6 - 1 };
}

// A first document starts the thread.
for (const update of [nothing, nothing]) await server.channel('doc/first').publish(update);
await server.engine.documents.compact('doc/first');
const { updates, bytes } = makeUpdates();
console.log(
  `a state of ${bytes.toLocaleString('en')} bytes; idle at most ${ms((await measure(() => sleep(500))).max)}`,
);
for (const update of updates) await server.channel('doc/a').publish(Uint8Array.of(0, ...update), { user: 'ada' });
/** @type {Awaited<ReturnType<typeof measure>>[]} */
const runs = [];
for (let i = 0; i < 31; i++) {
  runs.push(await measure(() => server.engine.documents.compact('doc/a')));
  await server.channel('doc/a').publish(nothing);
}
/** @param {'took' | 'max'} field */
const sorted = (field) => runs.map((run) => run[field]).toSorted((a, b) => a - b);
const stalls = sorted('max');
console.log(`compacted ${runs.length} times, in ${ms(sorted('took')[15])} (median)`);
// On a machine that does other things too, the least of them is nearest to what the server does itself.
console.log(
  `longest stall of the event loop: least ${ms(stalls[0])}, median ${ms(stalls[15])}, most ${ms(stalls.at(-1))}`,
);
await server.close();
