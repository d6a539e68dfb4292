import type { CallDefinition } from 'longwave';
import { z } from 'zod';
import { CommentaryEntry } from './commentary.js';
import { headlineTags, matchIdPattern } from './limits.js';

const whole = z.number().int().nonnegative();

const PerSide = <S extends z.ZodType>(schema: S) => z.object({ home: schema, away: schema });

const Team = z.object({ name: z.string(), short: z.string().length(3) });

export const MatchStatus = z.enum(['scheduled', 'first-half', 'half-time', 'second-half', 'over']);
export type MatchStatus = z.infer<typeof MatchStatus>;

/** Where the minute stands, so that a minute that passes is no change of the match: whoever shows it counts on. */
const MatchClock = z.object({
  minute: whole,
  /** When that was, in milliseconds since the Unix epoch. */
  since: whole,
  running: z.boolean(),
  /** How long a minute takes here. */
  minuteMs: z.number().positive(),
});
export type MatchClock = z.infer<typeof MatchClock>;

const Cards = z.object({ yellow: whole, red: whole });

// #region teach:scores-contract
/** One line of the scoreboard: an entry of `scores`. */
export const Match = z.object({
  ...PerSide(Team).shape,
  status: MatchStatus,
  clock: MatchClock,
  score: PerSide(whole),
  cards: PerSide(Cards),
  /** Only operators enter what happens in it; the director keeps its time. */
  byHand: z.boolean(),
});
// #endregion
export type Match = z.infer<typeof Match>;

const Stats = z.object({ shots: whole, onTarget: whole, corners: whole, fouls: whole });

const LineUp = z.array(z.object({ number: whole, name: z.string() }));

/** Details that the page of a match shows beside its commentary: the value of `match/:id`. */
export const MatchDetails = z.object({
  venue: z.string(),
  referee: z.string(),
  lineUps: PerSide(LineUp),
  stats: PerSide(Stats),
});
export type MatchDetails = z.infer<typeof MatchDetails>;

export const Headline = z.object({
  text: z.string(),
  tag: z.enum(headlineTags),
  /** The match it is about. */
  match: z.string().optional(),
});
export type Headline = z.infer<typeof Headline>;

export const RoleRequest = z.object({ operate: z.boolean() });

/** An entry by an operator. Sent again with the same `id`, it is stored once. */
export const DeskEntry = z.object({
  match: z.string().regex(matchIdPattern),
  entry: CommentaryEntry,
  /**
   * The version that the operator saw when beginning: for a line that is changed its revision, otherwise the match's
   * version on the board.
   */
  expect: whole.optional(),
  id: z.string().min(8).max(64),
});
export type DeskEntry = z.infer<typeof DeskEntry>;

export interface Recorded {
  /** Offset in the commentary. */
  readonly offset: number;
}

export type ScoresCalls = {
  /** Takes the role of an operator, or gives it back. Resolves with whether the caller has it now. */
  readonly 'scores/operate': CallDefinition<typeof RoleRequest, boolean>;
  /** Rejects with `forbidden` without the role, with `conflict` when what was seen has changed, with `invalid-data`. */
  readonly 'scores/record': CallDefinition<typeof DeskEntry, Recorded | Promise<Recorded>>;
};
