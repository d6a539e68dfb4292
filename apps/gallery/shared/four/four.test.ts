import type { RoomInput } from 'longwave/rooms';
import { expect, it } from 'vitest';
import { findLine } from './board.js';
import { type FourInputs, type FourState, fourRules, gameId } from './four.js';

function openGame(...players: number[]) {
  const context = {
    tick: 1,
    isServer: true,
    random: () => 0,
    emit: () => undefined,
    seenBy: () => ({ at: () => undefined }),
  };
  const state: FourState = fourRules.create({ name: 'four/x', params: {}, random: () => 0 });
  const playerOf = (id: number) => ({ id, key: String(id), user: undefined, data: { name: `Player ${id}` } });
  const act = (id: number, ...made: RoomInput<FourInputs>[]) =>
    fourRules.step(state, new Map([[id, made]]), 0.1, context);
  const game = {
    state,
    join: (id: number) => fourRules.join!(state, playerOf(id)),
    leave: (id: number) => fourRules.leave!(state, playerOf(id)),
    drop: (id: number, column: number) => act(id, { kind: 'drop', column }),
    again: (id: number) => act(id, { kind: 'again' }),
    get now() {
      return state.game.get(gameId)!;
    },
  };
  for (const id of players) game.join(id);
  return game;
}

/** Players 1 and 2 in turn. */
function play(game: ReturnType<typeof openGame>, ...columns: number[]): void {
  for (const [i, column] of columns.entries()) game.drop((i % 2) + 1, column);
}

it('begins when two are there, and takes turns', () => {
  const game = openGame(1);
  expect(game.now.state).toBe('waiting');
  game.drop(1, 3);
  game.join(2);
  expect(game.now).toMatchObject({ state: 'playing', turn: 'red' });
  game.drop(2, 3);
  expect(game.state.disc.size).toBe(0);
  game.drop(1, 3);
  game.drop(1, 3);
  expect([...game.state.disc.values()]).toEqual([{ column: 3, row: 0, side: 'red', isInLine: false }]);
  game.drop(2, 3);
  expect(game.state.disc.get(2)).toMatchObject({ row: 1, side: 'yellow' });
});

it('refuses a full column, and who has no seat', () => {
  const game = openGame(1, 2);
  play(game, 0, 0, 0, 0, 0, 0, 0);
  expect([game.state.disc.size, game.now.turn]).toEqual([6, 'red']);
  game.drop(3, 1);
  expect(game.state.disc.size).toBe(6);
});

it('is won by four in a row, and begins anew with the other side', () => {
  const game = openGame(1, 2);
  play(game, 0, 0, 1, 1, 2, 2, 3);
  expect(game.now).toMatchObject({ state: 'won', winner: 1 });
  expect(game.state.seat.get(1)!.wins).toBe(1);
  expect([...game.state.disc.values()].filter(({ isInLine }) => isInLine)).toHaveLength(4);
  game.drop(2, 5);
  expect(game.state.disc.size).toBe(7);
  game.again(2);
  expect([game.state.disc.size, game.now.turn, game.now.state]).toEqual([0, 'yellow', 'playing']);
});

it('is a draw on a full board', () => {
  const game = openGame(1, 2);
  // No four anywhere: columns in an order that mixes the sides.
  const order = [
    0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 2, 3, 2, 3, 3, 2, 3, 2, 2, 3, 2, 3, 4, 5, 4, 5, 5, 4, 5, 4, 4, 5, 4, 5, 6,
  ];
  play(game, ...order, 6, 6, 6, 6, 6);
  expect(game.state.disc.size).toBe(42);
  expect(game.now.state).toBe('draw');
});

it('waits for who leaves, and goes on with who comes', () => {
  const game = openGame(1, 2);
  play(game, 3, 4);
  game.leave(1);
  expect(game.now.state).toBe('waiting');
  game.drop(2, 0);
  game.join(5);
  expect(game.state.seat.get(5)).toMatchObject({ side: 'red', name: 'Player 5' });
  game.drop(5, 3);
  expect(game.state.disc.size).toBe(3);
  game.leave(2);
  game.leave(5);
  expect([game.state.disc.size, game.now.state]).toEqual([0, 'waiting']);
});

it('finds lines up, along and both ways aslant, and longer ones', () => {
  const at = (column: number, row: number) => ({ column, row, side: 'red' as const });
  const lines = [
    [at(0, 0), at(1, 0), at(2, 0), at(3, 0)],
    [at(2, 1), at(2, 2), at(2, 3), at(2, 4)],
    [at(0, 0), at(1, 1), at(2, 2), at(3, 3), at(4, 4)],
    [at(0, 5), at(1, 4), at(2, 3), at(3, 2)],
  ];
  for (const line of lines) for (const last of line) expect(findLine(line, last)).toHaveLength(line.length);
  expect(findLine([at(0, 0), at(1, 0), at(2, 0), at(4, 0)], at(1, 0))).toBeUndefined();
  expect(findLine([at(0, 0), at(1, 0), at(2, 0), { ...at(3, 0), side: 'yellow' }], at(0, 0))).toBeUndefined();
});
