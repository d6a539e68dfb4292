import type { Disc, FourState, Game } from '../../shared/four/four.js';
import { gameId } from '../../shared/four/four.js';
import { type Side, columns, rows } from '../../shared/four/board.js';

interface SeatView {
  readonly id: number;
  readonly side: Side;
  readonly name: string;
  readonly wins: number;
}

/** A game as it is shown: plain data. */
export interface FourView {
  /** By column, from below. */
  readonly board: readonly (readonly Pick<Disc, 'side' | 'isInLine'>[])[];
  /** The last disc, counted from 1. */
  readonly last: { readonly number: number; readonly column: number; readonly side: Side } | undefined;
  readonly seats: readonly SeatView[];
  readonly state: Game['state'];
  readonly turn: Side;
  readonly winner: number;
}

/** Undefined: the room is not there yet. */
export function viewOf({ disc, seat, game: games }: FourState): FourView | undefined {
  const game = games.get(gameId);
  if (!game) return undefined;
  const board = Array.from({ length: columns }, (): Pick<Disc, 'side' | 'isInLine'>[] => []);
  const sorted = [...disc].toSorted(([a], [b]) => a - b);
  for (const [, { column, side, isInLine }] of sorted) board[column]!.push({ side, isInLine });
  const [number, newest] = sorted.at(-1) ?? [];
  const seats = [...seat].map(([id, { side, name, wins }]) => ({ id, side, name, wins }));
  return {
    board,
    last: newest && number !== undefined ? { number, column: newest.column, side: newest.side } : undefined,
    seats: seats.toSorted((a, b) => (a.side === b.side ? a.id - b.id : a.side === 'red' ? -1 : 1)),
    ...{ state: game.state, turn: game.turn, winner: game.winner },
  };
}

/** Where the game stands, for a player with this id, or for somebody who watches. */
export function statusWords({ state, seats, turn, winner }: FourView, player: number | undefined): string {
  const mine = seats.find(({ id }) => id === player);
  const mover = seats.find(({ side }) => side === turn);
  switch (state) {
    case 'waiting':
      if (mine) return 'You are seated. The game goes on when somebody takes the other seat.';
      return seats.length === 1 ? 'One seat is free.' : 'Both seats are free.';
    case 'playing':
      return mine && mover?.id === mine.id
        ? `Your turn: you play ${turn}.`
        : `${mover?.name ?? 'Somebody'} plays ${turn}.`;
    case 'won': {
      if (mine && winner === mine.id) return 'You have won.';
      return `${seats.find(({ id }) => id === winner)?.name ?? 'The other side'} has won.`;
    }
    case 'draw':
      return 'A draw: the board is full.';
  }
}

/** A column in words, from below. */
export function columnWords(view: FourView, column: number): string {
  const discs = view.board[column]!;
  const held = discs.length === 0 ? 'empty' : discs.map(({ side }) => side).join(', ');
  return `Column ${column + 1}: ${held}${discs.length === rows ? ', full' : ''}`;
}
