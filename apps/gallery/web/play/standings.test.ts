import { expect, it } from 'vitest';
import { ordinal, shownRows, standingsOf } from './standings.js';

const scores = (...points: number[]) =>
  new Map(points.map((each, i) => [i + 1, { name: `Ship ${i + 1}`, points: each, isBot: false }]));

it('puts the best first, and those with as many points at the same place', () => {
  const rows = standingsOf(scores(3, 9, 3, 1));
  expect(rows.map(({ id, place }) => [id, place])).toEqual([
    [2, 1],
    [1, 2],
    [3, 2],
    [4, 4],
  ]);
});

it('shows the first, and the own one in any case', () => {
  const rows = standingsOf(scores(5, 4, 3, 2, 1));
  const shown = (player: number | undefined) => shownRows(rows, player, 3).map(({ id }) => id);
  expect([shown(undefined), shown(2), shown(5)]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 5],
  ]);
});

it('says places as people do', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal)).toEqual([
    ...['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '113th'],
  ]);
});
