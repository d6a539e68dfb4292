import { createRandom, letter, makeTyped, textFrom, textOf, toStored } from '../documents.mjs';
import { withServer } from '../stored.mjs';
import { Y } from '../yjs.mjs';
import { quantile, until, within } from '../wait.mjs';

/** @typedef {{ readonly editors: number, readonly perSecond: number, readonly warmupMs: number, readonly windowMs: number }} TypingSize */

/** Time in which the last letters must have come. */
const drainMs = 10_000;
/** An update tells by it which editor made it, in as many bytes as usual. */
const firstId = 0x7000_0000;

/**
 * All that one editor types, made before anything is measured. The update at a place inserts the letter with that clock.
 * @param {number} index @param {number} count
 */
function typed(index, count) {
  const random = createRandom(100 + index);
  const doc = new Y.Doc();
  doc.clientID = firstId + index;
  /** @type {Uint8Array[]} */
  const updates = [];
  doc.on('update', (/** @type {Uint8Array} */ update) => void updates.push(update));
  for (let i = 0; i < count; i++) textOf(doc).insert(i, letter(random));
  return updates;
}

/** @param {Uint8Array} a @param {Uint8Array | undefined} b */
function isEqual(a, b) {
  if (a.length !== b?.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The letter that an update of one letter inserts: in front of its last byte, which says that it deletes nothing. @param {Uint8Array | undefined} update */
const letterOf = (update) => String.fromCharCode(update?.at(-2) ?? 0);

/**
 * Calls `take` for each letter in an update. Most updates are one letter, as its editor sent it: that is seen without decoding all.
 * @param {readonly (readonly Uint8Array[])[]} letters @param {Uint8Array} update @param {(editor: number, clock: number) => void} take
 */
function forEachLetter(letters, update, take) {
  let at = 2;
  const readVarUint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = update[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const editor = readVarUint() - firstId;
  const clock = readVarUint();
  if (isEqual(update, letters[editor]?.[clock])) return take(editor, clock);
  for (const struct of Y.decodeUpdate(update).structs) {
    const { client, clock: first } = struct.id;
    const text = 'content' in struct && struct.content instanceof Y.ContentString ? struct.content.str : '';
    for (let i = 0; i < struct.length; i++) {
      // It is another letter than was typed: no clock of anybody.
      const isTyped = text[i] === letterOf(letters[client - firstId]?.[first + i]);
      take(client - firstId, isTyped ? first + i : NaN);
    }
  }
}

/** Many editors type into one document at fixed times; each must hear every letter of the others, in their order. */
class Typists {
  /** @type {readonly (readonly Uint8Array[])[]} */
  letters;
  /** By editor and clock, when it was due. @type {readonly Float64Array[]} */
  dueAt;
  /** By listener and editor: letters that came. @type {readonly Int32Array[]} */
  heard;
  faults = 0;
  /** @type {number[]} */
  latencies = [];
  /** By letter, how late the generator sent it. @type {number[]} */
  lateness = [];
  measuredFrom = Infinity;
  measuredTo = -Infinity;
  #size;

  /** @param {TypingSize} size */
  constructor(size) {
    this.#size = size;
    const count = Math.floor((size.perSecond * (size.warmupMs + size.windowMs)) / 1000);
    const editors = Array.from({ length: size.editors }, (_, i) => i);
    this.letters = editors.map((i) => typed(i, count));
    this.dueAt = editors.map(() => new Float64Array(count));
    this.heard = editors.map(() => new Int32Array(size.editors));
  }

  /** @param {number} listener @param {Uint8Array} update */
  hear(listener, update) {
    const now = performance.now();
    const heard = this.heard[listener] ?? new Int32Array();
    forEachLetter(this.letters, update, (editor, clock) => {
      // Some servers send it back, and some do not.
      if (editor === listener) return;
      const dueAt = this.dueAt[editor]?.[clock];
      if (clock !== heard[editor] || dueAt === undefined) this.faults++;
      heard[editor] = Number.isNaN(clock) ? (heard[editor] ?? 0) + 1 : clock + 1;
      if (dueAt !== undefined && dueAt >= this.measuredFrom && dueAt < this.measuredTo)
        this.latencies.push(now - dueAt);
    });
  }

  /**
   * Everybody types at a pace of their own. @param {(editor: number, update: Uint8Array) => void} send
   * @param {() => void} onWindow
   */
  async type(send, onWindow) {
    const { editors, perSecond, warmupMs, windowMs } = this.#size;
    const random = createRandom(7);
    const gapMs = 1000 / perSecond;
    const startedAt = performance.now() + 50;
    const due = [];
    for (let editor = 0; editor < editors; editor++) {
      const phaseMs = random() * gapMs;
      for (const clock of (this.letters[editor] ?? []).keys()) {
        const at = startedAt + phaseMs + clock * gapMs;
        /** @type {Float64Array} */ (this.dueAt[editor])[clock] = at;
        due.push({ at, editor, clock });
      }
    }
    due.sort((a, b) => a.at - b.at);
    this.measuredFrom = startedAt + warmupMs;
    this.measuredTo = this.measuredFrom + windowMs;
    let isMeasured = false;
    for (const { at, editor, clock } of due) {
      // A timer would be up to a millisecond late: the generator has its core to itself.
      while (performance.now() < at) await new Promise(setImmediate);
      if (!isMeasured && at >= this.measuredFrom) {
        isMeasured = true;
        onWindow();
      }
      if (isMeasured) this.lateness.push(performance.now() - at);
      send(editor, /** @type {Uint8Array} */ (this.letters[editor]?.[clock]));
    }
    while (performance.now() < this.measuredTo) await new Promise(setImmediate);
  }

  isComplete() {
    return this.heard.every((heard, listener) =>
      heard.every((count, editor) => editor === listener || count === this.letters[editor]?.length),
    );
  }

  text() {
    return textFrom(this.letters.flat());
  }
}

/** @param {import('../peers.mjs').Peer} peer @param {TypingSize} size */
export function typing(peer, size) {
  const name = 'doc/typed';
  // It begins empty, but for what every document has that was opened before.
  const documents = () => [toStored('doc/other', makeTyped(1))];
  return withServer({ server: peer.server, label: 'typing', documents }, async (server) => {
    const typists = new Typists(size);
    const { port } = server;
    const clients = typists.heard.map((_, i) =>
      peer.open({ port, name, onUpdate: (update) => update.length > 2 && typists.hear(i, update) }),
    );
    await within(Promise.all(clients.map(({ opened }) => opened)), `${peer.name}: ${size.editors} editors`);
    let cpuMs = 0;
    await typists.type(
      (editor, update) => clients[editor]?.send(update),
      () => (cpuMs = -server.cpuMs()),
    );
    const endedAt = performance.now();
    await until(() => typists.isComplete(), `${peer.name}: every letter heard by everybody`, drainMs);
    // With what was still under way, so that nobody gains by being late.
    cpuMs += server.cpuMs();
    const drainedMs = performance.now() - endedAt;
    await until(() => clients.every((client) => client.unacknowledged() <= 0), `${peer.name}: all acknowledged`);
    if (typists.faults > 0) throw new Error(`${peer.name}: ${typists.faults} letters were lost, doubled or reordered.`);
    /** @type {Uint8Array[]} */
    const updates = [];
    const late = peer.open({ port, name, onUpdate: (update) => updates.push(update) });
    await within(late.opened, `${peer.name}: a late reader`);
    if (textFrom(updates) !== typists.text()) throw new Error(`${peer.name}: the text is another one at the end.`);
    for (const client of [late, ...clients]) await client.close();
    const { latencies, lateness } = typists;
    for (const values of [latencies, lateness]) values.sort((a, b) => a - b);
    return {
      deliveries: latencies.length,
      cpuUsPerDelivery: (cpuMs * 1000) / latencies.length,
      cpuPercent: (cpuMs / size.windowMs) * 100,
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      drainedMs,
      // Above a few ms the generator was not alone on its core, and the latencies are its own.
      generatorLateP99Ms: quantile(lateness, 0.99),
    };
  });
}
