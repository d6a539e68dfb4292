import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Ticket, matchTickets } from './match.js';

const now = 1_000_000;
const ticket = (id: string, rating: number, waitedS = 0, players = [id]): Ticket => ({
  ...{ id, rating, players },
  since: now - waitedS * 1000,
});
const rules = { size: 2, spread: { start: 50, perSecond: 10, most: 300 } };
const idsOf = (tickets: readonly Ticket[], of = rules): string[] =>
  matchTickets(tickets, of, now).map((game) =>
    game
      .map(({ id }) => id)
      .toSorted()
      .join('+'),
  );

it('brings those together who lie nearest to each other', () => {
  expect(idsOf([ticket('a', 1000), ticket('b', 1040), ticket('c', 1010)])).toEqual(['a+c']);
});

it('widens with the time that both have waited', () => {
  const [a, b] = [ticket('a', 1000, 9), ticket('b', 1140, 9)];
  expect(idsOf([a, b])).toEqual(['a+b']);
  expect(idsOf([a, { ...b, since: now }])).toEqual([]);
  expect(idsOf([ticket('a', 1000, 1000), ticket('b', 1301, 1000)])).toEqual([]);
});

it('serves who has waited longest first', () => {
  expect(idsOf([ticket('a', 1000, 1), ticket('c', 1003, 1), ticket('b', 1008, 5)])).toEqual(['b+c']);
});

it('keeps parties together, and fills the rest', () => {
  const four = { ...rules, size: 4 };
  const party = (id: string, rating: number, count: number) =>
    ticket(
      id,
      rating,
      0,
      Array.from({ length: count }, (_, i) => `${id}${i}`),
    );
  expect(idsOf([party('a', 1000, 3), party('b', 1001, 2), party('c', 1002, 1)], four)).toEqual(['a+c']);
  expect(idsOf([party('a', 1000, 5)], four)).toEqual([]);
});

it('makes games of the right size, of tickets that all accept each other, and uses none twice', () => {
  const tickets = fc.array(
    fc.record({
      rating: fc.integer({ min: 0, max: 500 }),
      waited: fc.integer({ min: 0, max: 60 }),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(tickets, fc.integer({ min: 1, max: 6 }), (given, size) => {
      const all = given.map(({ rating, waited, count }, i) =>
        ticket(
          `t${i}`,
          rating,
          waited,
          Array.from({ length: count }, (_, j) => `${i}.${j}`),
        ),
      );
      const games = matchTickets(all, { ...rules, size }, now);
      const used = games.flat().map(({ id }) => id);
      expect(new Set(used).size).toBe(used.length);
      for (const game of games) {
        expect(game.reduce((sum, { players }) => sum + players.length, 0)).toBe(size);
        const ratings = game.map(({ rating }) => rating);
        const spreads = game.map(({ since }) => Math.min(300, 50 + (10 * (now - since)) / 1000));
        expect(Math.max(...ratings) - Math.min(...ratings)).toBeLessThanOrEqual(Math.min(...spreads));
      }
    }),
  );
});
