import { Y } from './yjs.mjs';

/** Numbers from 0 to 1 that are the same in each run. @param {number} seed */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyz ';
export const letter = (/** @type {() => number} */ random) => letters[Math.floor(random() * letters.length)] ?? ' ';

/** The text that all of the benchmark's documents have. @param {import('yjs').Doc} doc */
export const textOf = (doc) => doc.getText('body');

/**
 * A document: its updates one by one, what they say together, and the text.
 * @typedef {{ readonly updates: readonly Uint8Array[], readonly state: Uint8Array, readonly vector: Uint8Array, readonly text: string }} Sample
 */

/**
 * Letters at random places, then as many deletions of one letter.
 * @param {{ readonly inserts: number, readonly deletes?: number, readonly seed?: number }} options
 * @returns {Sample}
 */
export function makeSample({ inserts, deletes = 0, seed = 1 }) {
  const random = createRandom(seed);
  const doc = new Y.Doc();
  doc.clientID = seed;
  const text = textOf(doc);
  /** @type {Uint8Array[]} */
  const updates = [];
  doc.on('update', (/** @type {Uint8Array} */ update) => void updates.push(update));
  for (let i = 0; i < inserts; i++) text.insert(Math.floor(random() * (text.length + 1)), letter(random));
  for (let i = 0; i < deletes; i++) text.delete(Math.floor(random() * text.length), 1);
  return sampleOf(doc, updates);
}

/** Typed from its beginning to its end. @param {number} count @returns {Sample} */
export function makeTyped(count) {
  const random = createRandom(2);
  const doc = new Y.Doc();
  doc.clientID = 1_234_567_890;
  /** @type {Uint8Array[]} */
  const updates = [];
  doc.on('update', (/** @type {Uint8Array} */ update) => void updates.push(update));
  for (let i = 0; i < count; i++) textOf(doc).insert(i, letter(random));
  return sampleOf(doc, updates);
}

/** @param {import('yjs').Doc} doc @param {readonly Uint8Array[]} updates @returns {Sample} */
function sampleOf(doc, updates) {
  return {
    updates,
    state: Y.encodeStateAsUpdate(doc),
    vector: Y.encodeStateVector(doc),
    text: textOf(doc).toJSON(),
  };
}

/** The text that these updates make. @param {readonly Uint8Array[]} updates */
export function textFrom(updates) {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return textOf(doc).toJSON();
}

/** Whether these updates make this sample. @param {readonly Uint8Array[]} updates @param {Sample} sample */
export function isSample(updates, { state, text }) {
  // Most servers send it as Yjs encodes it, and then nothing has to be applied.
  return updates.some((update) => Buffer.compare(update, state) === 0) || textFrom(updates) === text;
}

const base64 = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64');
/** Updates that are written as one, so that storing a large document takes no minute. */
const batch = 500;

/**
 * A sample as a server stores it: the last `tail` updates one by one, for a server that keeps them so.
 * @param {string} name @param {Sample} sample @param {number} [tail]
 */
export function toStored(name, { updates, state }, tail = 0) {
  const end = updates.length - tail;
  const parts = [];
  for (let i = 0; i < end; i += batch) parts.push(base64(Y.mergeUpdates(updates.slice(i, Math.min(end, i + batch)))));
  return { name, state: base64(state), parts, tail: updates.slice(end).map(base64) };
}

/** The knowledge of a client that has all of a sample. @param {Sample} sample @returns {import('./clients/client.mjs').Known} */
export function knownOf({ state, vector }) {
  return { vector, answer: Y.diffUpdate(state, vector) };
}
