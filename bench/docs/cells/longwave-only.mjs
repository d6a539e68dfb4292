import { setTimeout as sleep } from 'node:timers/promises';
import { peers } from '../peers.mjs';
import { makeTyped, toStored } from '../documents.mjs';
import { withServer } from '../stored.mjs';
import { largeSample } from './open.mjs';
import { openWhole } from '../wait.mjs';

const [longwave] = /** @type {[import('../peers.mjs').Peer]} */ (peers);
const speaksYjs = peers.find(({ name }) => name === 'longwave-y');

/** @param {import('../server-process.mjs').ServerProcess} server @param {string} name @param {import('../documents.mjs').Sample} sample */
async function read({ port }, name, sample, peer = longwave) {
  const client = await openWhole(peer, { port, name }, sample);
  await client.close();
}

/** Letters that one person typed, compacted, beside what Yjs itself makes of them. @param {number} letters */
export function compactedSize(letters) {
  const name = 'doc/typed';
  const sample = makeTyped(letters);
  const documents = () => [toStored('doc/other', makeTyped(1))];
  return withServer({ server: 'longwave', label: 'typing', documents }, async (server) => {
    const updates = sample.updates.map((update) => Buffer.from(update).toString('base64'));
    await server.tell('publish', { name, updates });
    const { firstBytes, floor, top } = await server.tell('compact', name);
    if (top - floor !== 1) throw new Error(`${top - floor} operations are left.`);
    await read(server, name, sample);
    return {
      letters,
      typedBytes: sample.updates.reduce((sum, { length }) => sum + length, 0),
      compactedBytes: firstBytes,
      yjsBytes: sample.state.length,
      ratio: firstBytes / sample.state.length,
    };
  });
}

/**
 * The longest that the event loop of the server stood still while a large document is opened, cold and once more, and while it is
 * compacted. With one of the `cores`, the thread that compacts takes turns with the loop. `idle` is what a machine that is not alone adds.
 * @param {{ readonly inserts: number, readonly tail: number, readonly cores: string }} size
 */
export async function loopStops({ inserts, tail, cores }) {
  const name = 'doc/large';
  const sample = largeSample(inserts);
  const documents = () => [toStored(name, sample, tail)];
  return withServer({ server: 'longwave', label: 'tail', documents, cores }, async (server) => {
    /** @param {() => Promise<unknown>} work @returns {Promise<number>} */
    const watch = async (work) => {
      await server.tell('watchLoop');
      await work();
      return server.tell('longestStop');
    };
    const idleMs = await watch(() => sleep(500));
    const openMs = await watch(() => read(server, name, sample));
    const openAgainMs = await watch(() => read(server, name, sample));
    // Unless opening it has begun that already.
    const compactMs = await watch(() => server.tell('compact', name));
    // Its clients hold the document in common, so it is read once more, and indexed.
    const openYMs = speaksYjs ? await watch(() => read(server, name, sample, speaksYjs)) : NaN;
    return { idleMs, openMs, openAgainMs, compactMs, openYMs };
  });
}
