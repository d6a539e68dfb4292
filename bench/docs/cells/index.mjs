import { awareness } from './awareness.mjs';
import { growth, join } from './join.mjs';
import { compactedSize, loopStops } from './longwave-only.mjs';
import { memory } from './memory.mjs';
import { coldOpen } from './open.mjs';
import { typing } from './typing.mjs';

const everybody = () => true;
/** The floor stores nothing. */
const servers = (/** @type {string} */ peer) => peer !== 'floor';
const longwaveAlone = (/** @type {string} */ peer) => peer === 'longwave';

/** @type {readonly import('../run-cell.mjs').Cell[]} */
export const cells = [
  {
    name: 'open',
    title: 'a large document on a server that has just started, stored as it would be',
    takes: servers,
    repetitions: ({ open }) => open.repetitions,
    run: (peer, { open }) => coldOpen(peer, open, false),
  },
  {
    name: 'open-compacted',
    title: 'the same, just compacted; for the others it is the same',
    takes: (peer) => peer.startsWith('longwave'),
    repetitions: ({ open }) => open.repetitions,
    run: (peer, { open }) => coldOpen(peer, open, true),
  },
  {
    name: 'typing',
    title: 'many editors in one document',
    takes: everybody,
    repetitions: ({ typing: size }) => size.repetitions,
    run: (peer, { typing: size }) => typing(peer, size),
  },
  {
    name: 'memory',
    title: 'many open documents, one client each',
    takes: servers,
    repetitions: ({ memory: size }) => size.repetitions,
    run: (peer, { memory: size }) => memory(peer, size),
  },
  {
    name: 'join',
    title: 'joins of a document that somebody holds open',
    takes: everybody,
    repetitions: ({ join: size }) => size.repetitions,
    run: (peer, { join: size }) => join(peer, size),
  },
  {
    name: 'growth',
    title: 'bytes that joins of an unchanged document add to the store',
    takes: servers,
    repetitions: () => 1,
    run: (peer, { join: size }) => growth(peer, size),
  },
  {
    name: 'size',
    title: 'typed letters, compacted, beside the encoding of Yjs',
    takes: longwaveAlone,
    repetitions: () => 1,
    run: (_, { letters }) => compactedSize(letters),
  },
  {
    name: 'awareness',
    title: 'cursors in one document: what is sent to one client, and how often it shows each of the others',
    takes: longwaveAlone,
    repetitions: ({ awareness: size }) => size.repetitions,
    run: (_, { awareness: size }) => awareness(size),
  },
  {
    name: 'stops',
    title: 'the longest stop of the event loop by a large document, two cores',
    takes: longwaveAlone,
    repetitions: ({ stops }) => stops.repetitions,
    run: (_, { open }) => loopStops({ ...open, cores: '0-1' }),
  },
  {
    name: 'stops-one-core',
    title: 'the same with one core for all threads of the server',
    takes: longwaveAlone,
    repetitions: ({ stops }) => stops.repetitions,
    run: (_, { open }) => loopStops({ ...open, cores: '0' }),
  },
];
