import process from 'node:process';
import { expect, it } from 'vitest';
import { roomBugs, runRooms } from './testing/rooms-run.js';

const seeds = Number(process.env['ROOM_SEEDS'] ?? 10);
const from = Number(process.env['ROOM_FROM'] ?? 1);

it('ROOM-4, ROOM-7: whoever goes and comes back and whatever becomes of nodes, each is in the room once and all know the same', async () => {
  const sum = { moves: 0, crashes: 0, drops: 0, acts: 0 };
  for (let seed = from; seed < from + seeds; seed++) {
    const { problems, ...counts } = await runRooms(seed);
    expect(problems, `seed ${seed}`).toEqual([]);
    for (const [name, count] of Object.entries(counts)) sum[name as keyof typeof sum] += count;
  }
  expect(Math.min(sum.moves, sum.crashes, sum.drops, sum.acts)).toBeGreaterThan(0);
}, 3_600_000);

it.each([
  [16, 'acts over a new link overtook those that were sent again'],
  [63, 'a room that moved counted acts again that came after one that was missing'],
  [2615, 'acts that waited when their room moved were overtaken by those that came after it'],
])('holds for seed %i, where %s', async (seed) => {
  expect((await runRooms(seed)).problems).toEqual([]);
});

it('ROOM-8, ROOM-12: the same holds where the world between nodes is slow and breaks, and nodes stand still', async () => {
  for (let seed = from; seed < from + Math.ceil(seeds / 5); seed++)
    expect((await runRooms(seed, { isRough: true })).problems, `rough seed ${seed}`).toEqual([]);
}, 3_600_000);

it.each([
  [4, 'a node that moved a room was woken up for it without end'],
  [554, 'acts of the player before counted for the one after'],
])('holds for the rough seed %i, where %s', async (seed) => {
  expect((await runRooms(seed, { isRough: true })).problems).toEqual([]);
});

it.each(Object.entries(roomBugs))('finds the planted bug: %s', async (_, bug) => {
  const problems: string[] = [];
  for (let seed = 1; seed <= 10 && problems.length === 0; seed++)
    problems.push(...(await runRooms(seed, { bug })).problems);
  expect(problems).not.toEqual([]);
});
