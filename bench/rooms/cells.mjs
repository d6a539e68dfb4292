/** @typedef {import('./arena.mjs').Shape & { name: string, title: string, seconds: number, floodMiB?: number }} Cell */

/** Inputs of each player a second, in every cell. */
export const inputsASecond = 20;

/** @type {readonly Cell[]} */
export const cells = [
  {
    name: '100-all',
    title: '100 players, 60/20 Hz, all see all',
    rooms: 1,
    players: 100,
    tick: 60,
    send: 20,
    sees: 'all',
    seconds: 10,
  },
  {
    name: '100-near',
    title: '100 players, 60/20 Hz, each sees what is within 300',
    rooms: 1,
    players: 100,
    tick: 60,
    send: 20,
    sees: 'near',
    seconds: 10,
  },
  {
    name: '200x8',
    title: '200 rooms of 8, 30/30 Hz',
    rooms: 200,
    players: 8,
    tick: 30,
    send: 30,
    sees: 'all',
    seconds: 10,
  },
  {
    name: '1000-near',
    title: '1,000 players, 60/10 Hz, each sees what is within 300',
    rooms: 1,
    players: 1000,
    tick: 60,
    send: 10,
    sees: 'near',
    seconds: 10,
  },
  {
    name: '2000-near',
    title: '2,000 players, 60/10 Hz, each sees what is within 300; Longwave alone',
    rooms: 1,
    players: 2000,
    tick: 60,
    send: 10,
    sees: 'near',
    seconds: 10,
  },
  ...[1, 64].map((players) => ({
    name: `viewers-${players}`,
    title: `100 bodies that the room moves, 60/20 Hz, and ${players} who watch all of them; Longwave alone`,
    rooms: 1,
    players,
    bodies: 100,
    tick: 60,
    send: 20,
    sees: /** @type {const} */ ('all'),
    seconds: 10,
  })),
  {
    name: 'slow',
    title: '100 players, 60/20 Hz, all see all, and the link of one takes nothing; Longwave alone',
    rooms: 1,
    players: 100,
    tick: 60,
    send: 20,
    sees: 'all',
    // Pairs of windows of two seconds each.
    seconds: 5,
    floodMiB: 8,
  },
];

/** Cells that hold Longwave against nobody. */
export const alone = ['2000-near', 'viewers-1', 'viewers-64', 'slow'];

/** The most that p99 of the others may be with a slow one among them, as a ratio to what it is without. */
export const slowBar = 1.02;

/** The most that 64 with the same view may cost, as a ratio to the CPU of one. */
export const viewersBar = 1.3;

/** By name: the cell, the figure, and the most that the ratio to Colyseus should be. */
export const bars = {
  '100-near.cpu': { cell: '100-near', figure: 'corePercent', bar: 1 / 2 },
  '1000-near.cpu': { cell: '1000-near', figure: 'corePercent', bar: 1 / 3 },
  '200x8.cpu': { cell: '200x8', figure: 'corePercent', bar: 0.6 },
  '100-all.bytes': { cell: '100-all', figure: 'bytesASecond', bar: 0.5 },
  '100-near.bytes': { cell: '100-near', figure: 'bytesASecond', bar: 0.6 },
};
