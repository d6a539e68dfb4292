import { setTimeout as sleep } from 'node:timers/promises';
import { peers } from '../peers.mjs';
import { isSample, makeTyped, toStored } from '../documents.mjs';
import { withServer } from '../stored.mjs';
import { largeSample } from './open.mjs';
import { openWhole, until, within } from '../wait.mjs';

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

/** What `loopStops` watches, by the orders that begin and end it. @type {Record<'stop' | 'turn', readonly [begin: string, end: string]>} */
const watches = { stop: ['watchLoop', 'longestStop'], turn: ['watchTurns', 'longestTurn'] };

/** @typedef {{ readonly inserts: number, readonly tail: number, readonly cores: string }} LoopSize */

/**
 * What a large document does to the event loop of the server: while it is opened, cold and once more, while it is compacted, and while
 * somebody pastes as much into a document that another has open. `…Ms` is the longest that the loop stood still; with one of the `cores` the
 * thread that compacts takes turns with it, and `idle` is what a machine that is not alone adds. `…TurnMs` is the most processor time that
 * one turn of the loop took: nothing but the server's own work is in it.
 * @param {LoopSize} size
 */
export async function loopStops(size) {
  const stops = await eachLoad(size, 'stop');
  const turns = await eachLoad(size, 'turn');
  return { ...named(stops, 'Ms'), ...named(turns, 'TurnMs') };
}

/** @param {Record<string, number>} figures @param {string} suffix */
const named = (figures, suffix) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}${suffix}`, value]));

/** @param {LoopSize} size @param {'stop' | 'turn'} what */
function eachLoad({ inserts, tail, cores }, what) {
  const name = 'doc/large';
  const sample = largeSample(inserts);
  const small = makeTyped(10);
  const documents = () => [toStored(name, sample, tail), toStored('doc/small', small)];
  return withServer({ server: 'longwave', label: 'stops', documents, cores }, async (server) => {
    // The first client of a process finds code that is not compiled, whatever it opens.
    for (const peer of [longwave, speaksYjs]) if (peer) await read(server, 'doc/small', small, peer);
    if (speaksYjs) await pasteInto(server, speaksYjs, 'doc/small-paste', small);
    const [begin, end] = watches[what];
    /** @param {() => Promise<unknown>} work @returns {Promise<number>} */
    const watch = async (work) => {
      await server.tell(begin);
      await work();
      return server.tell(end);
    };
    const idle = await watch(() => sleep(500));
    const open = await watch(() => read(server, name, sample));
    const openAgain = await watch(() => read(server, name, sample));
    // Unless opening it has begun that already.
    const compact = await watch(() => server.tell('compact', name));
    if (!speaksYjs) return { idle, open, openAgain, compact };
    // Its clients hold the document in common, so it is read once more, and indexed.
    const openY = await watch(() => read(server, name, sample, speaksYjs));
    const paste = await watch(() => pasteInto(server, speaksYjs, 'doc/pasted', sample));
    return { idle, open, openAgain, compact, openY, paste };
  });
}

/** Somebody pastes all of a sample at once. @param {import('../server-process.mjs').ServerProcess} server @param {import('../peers.mjs').Peer} peer @param {string} name @param {import('../documents.mjs').Sample} sample */
async function pasteInto({ port }, peer, name, sample) {
  /** @type {Uint8Array[]} */
  const heard = [];
  const reader = peer.open({ port, name, onUpdate: (update) => heard.push(update) });
  const writer = peer.open({ port, name });
  await within(Promise.all([reader.opened, writer.opened]), 'two editors');
  writer.send(sample.state);
  await until(() => heard.some(({ length }) => length >= sample.state.length), 'what was pasted');
  if (!isSample(heard, sample)) throw new Error('Something else came than was pasted.');
  for (const client of [reader, writer]) await client.close();
}
