import {
  type Entities,
  type Inputs,
  type RoomLogic,
  type ValuesOf,
  choice,
  flag,
  reference,
  room,
  text,
  whole,
} from 'longwave/rooms';
import { RoomPlayer } from '../rooms/player.js';
import { type Side, columns, findLine, rows, sides } from './board.js';

/** The room of four in a row: two play, all others watch. */
// #region teach:four-contract
export const four = room({
  player: RoomPlayer,
  entities: {
    /** With the id of its player. */
    seat: { side: choice(...sides), name: text(16), wins: whole(0, 999) },
    /** In the order in which they were dropped, from 1. */
    disc: { column: whole(0, columns - 1), row: whole(0, rows - 1), side: choice(...sides), isInLine: flag() },
    game: {
      state: choice('waiting', 'playing', 'won', 'draw'),
      turn: choice(...sides),
      /** Seat of the winner. */
      winner: reference(),
      number: whole(1, 1_000_000),
    },
  },
  inputs: { drop: { column: whole(0, columns - 1) }, again: {} },
  tick: 10,
  send: 10,
  maxPlayers: 2,
  grace: '15s',
});
// #endregion

export type FourKinds = (typeof four)['entities'];
export type FourInputs = (typeof four)['inputs'];
export type FourState = Entities<FourKinds>;
export type Disc = ValuesOf<FourKinds['disc']>;
type Seat = ValuesOf<FourKinds['seat']>;
export type Game = ValuesOf<FourKinds['game']>;

export const gameId = 1;

/** Only the server runs them: nothing of a turn has to be predicted. */
export const fourRules: RoomLogic<FourKinds, FourInputs, FourState> = {
  create: () => ({
    seat: new Map(),
    disc: new Map(),
    game: new Map([[gameId, { state: 'waiting', turn: sides[0], winner: 0, number: 1 }]]),
  }),
  join: (state, { id, data }) => {
    const taken = [...state.seat.values()].map(({ side }) => side);
    const side = sides.find((each) => !taken.includes(each)) ?? sides[0];
    state.seat.set(id, { side, name: (data as RoomPlayer).name, wins: 0 });
    const game = state.game.get(gameId)!;
    // Somebody takes the place of one who has left: the game goes on.
    if (state.seat.size === 2 && game.state === 'waiting') game.state = 'playing';
  },
  leave: (state, { id }) => {
    state.seat.delete(id);
    const game = state.game.get(gameId)!;
    if (state.seat.size === 0) begin(state, game);
    else if (game.state === 'playing') game.state = 'waiting';
  },
  about: (state) => {
    const { state: is, turn, winner } = state.game.get(gameId)!;
    if (is === 'playing') return `${turn}'s turn, ${state.disc.size} discs`;
    return is === 'won'
      ? `${state.seat.get(winner)?.name ?? 'Somebody'} has won`
      : is === 'draw'
        ? 'a draw'
        : undefined;
  },
  // #region teach:four-server
  step: (state, inputs) => {
    const game = state.game.get(gameId)!;
    for (const [id, made] of inputs) act(state, game, id, made);
  },
  // #endregion
};

type Made = Inputs<FourInputs> extends ReadonlyMap<number, infer List> ? List : never;

// #region teach:four-server
function act(state: FourState, game: Game, id: number, made: Made): void {
  const seat = state.seat.get(id);
  if (!seat) return;
  for (const input of made) {
    if (input.kind === 'drop') drop(state, game, id, seat, input.column);
    else if (game.state === 'won' || game.state === 'draw') begin(state, game);
  }
}
// #endregion

function drop(state: FourState, game: Game, id: number, seat: Seat, column: number): void {
  if (game.state !== 'playing' || game.turn !== seat.side) return;
  const discs = [...state.disc.values()];
  const row = discs.filter((disc) => disc.column === column).length;
  if (row >= rows) return;
  const disc: Disc = { column, row, side: seat.side, isInLine: false };
  state.disc.set(state.disc.size + 1, disc);
  game.turn = otherSide(seat.side);
  const line = findLine([...discs, disc], disc);
  if (line) {
    for (const each of line) each.isInLine = true;
    game.state = 'won';
    game.winner = id;
    seat.wins++;
  } else if (state.disc.size === rows * columns) game.state = 'draw';
}

/** An empty board. Red and yellow begin in turn. */
function begin(state: FourState, game: Game): void {
  state.disc.clear();
  game.number++;
  game.turn = sides[(game.number - 1) % 2]!;
  game.winner = 0;
  game.state = state.seat.size === 2 ? 'playing' : 'waiting';
}

function otherSide(side: Side): Side {
  return side === 'red' ? 'yellow' : 'red';
}
