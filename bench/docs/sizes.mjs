/**
 * How large each cell is, and how often it is repeated. An `open` has letters at its end that came one by one: as many as a server
 * that compacts a document of 1 MB lets come before it does so again, less one.
 */
export const sizes = {
  full: {
    open: { repetitions: 5, inserts: 100_000, tail: 499, watchMs: 2000 },
    typing: { repetitions: 5, editors: 100, perSecond: 5, warmupMs: 15_000, windowMs: 10_000 },
    memory: { repetitions: 3, documents: 1000, inserts: 5000 },
    join: { repetitions: 5, joins: 200, warmup: 50, growthJoins: 1000, inserts: 5000, deletes: 500 },
    awareness: { repetitions: 3, cursors: 200, perSecond: 20, windowMs: 10000 },
    stops: { repetitions: 5 },
    letters: 2000,
  },
  short: {
    open: { repetitions: 3, inserts: 100_000, tail: 499, watchMs: 500 },
    typing: { repetitions: 2, editors: 100, perSecond: 5, warmupMs: 8000, windowMs: 5000 },
    memory: { repetitions: 1, documents: 200, inserts: 5000 },
    join: { repetitions: 2, joins: 100, warmup: 30, growthJoins: 100, inserts: 5000, deletes: 500 },
    awareness: { repetitions: 1, cursors: 200, perSecond: 20, windowMs: 5000 },
    stops: { repetitions: 2 },
    letters: 2000,
  },
  /** Says whether all of it works, and nothing else. */
  tiny: {
    open: { repetitions: 1, inserts: 5000, tail: 100, watchMs: 300 },
    typing: { repetitions: 1, editors: 5, perSecond: 5, warmupMs: 300, windowMs: 1000 },
    memory: { repetitions: 1, documents: 5, inserts: 500 },
    join: { repetitions: 1, joins: 5, warmup: 1, growthJoins: 5, inserts: 500, deletes: 50 },
    awareness: { repetitions: 1, cursors: 10, perSecond: 20, windowMs: 1000 },
    stops: { repetitions: 1 },
    letters: 200,
  },
};

/** @typedef {(typeof sizes)['full']} Sizes */
