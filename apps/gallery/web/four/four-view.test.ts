import { expect, it } from 'vitest';
import { type FourState, gameId } from '../../shared/four/four.js';
import { columnWords, statusWords, viewOf } from './four-view.js';

function room(more: Partial<FourState> = {}): FourState {
  return {
    disc: new Map(),
    seat: new Map([
      [4, { side: 'yellow', name: 'Bob', wins: 0 }],
      [7, { side: 'red', name: 'Ada', wins: 1 }],
    ]),
    game: new Map([[gameId, { state: 'playing', turn: 'red', winner: 0, number: 1 }]]),
    ...more,
  };
}

it('shows columns from below, seats in their order, and the last disc', () => {
  const disc = new Map([
    [2, { column: 3, row: 1, side: 'yellow' as const, isInLine: false }],
    [1, { column: 3, row: 0, side: 'red' as const, isInLine: false }],
  ]);
  const view = viewOf(room({ disc }))!;
  expect(view.board[3]!.map(({ side }) => side)).toEqual(['red', 'yellow']);
  expect(view.last).toEqual({ number: 2, column: 3, side: 'yellow' });
  expect(view.seats.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
  expect([columnWords(view, 3), columnWords(view, 0)]).toEqual(['Column 4: red, yellow', 'Column 1: empty']);
  expect(viewOf(room({ game: new Map() }))).toBeUndefined();
});

it('says to each how the game stands', () => {
  const view = viewOf(room())!;
  expect([7, 4, undefined].map((player) => statusWords(view, player))).toEqual([
    'Your turn: you play red.',
    'Ada plays red.',
    'Ada plays red.',
  ]);
  const won = { ...view, state: 'won' as const, winner: 4 };
  expect([4, 7].map((player) => statusWords(won, player))).toEqual(['You have won.', 'Bob has won.']);
  const waiting = { ...view, state: 'waiting' as const, seats: view.seats.slice(0, 1) };
  expect([7, undefined].map((player) => statusWords(waiting, player))).toEqual([
    'You are seated. The game goes on when somebody takes the other seat.',
    'One seat is free.',
  ]);
  expect(statusWords({ ...view, state: 'draw' }, 7)).toBe('A draw: the board is full.');
});
