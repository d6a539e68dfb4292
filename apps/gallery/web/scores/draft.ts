import type { CommentaryEntry } from '../../shared/scores/commentary.js';
import type { Side } from '../../shared/scores/limits.js';
import { momentAt } from '../../shared/scores/clock.js';
import type { Match } from '../../shared/scores/match.js';

export const draftKinds = ['goal', 'yellow-card', 'red-card', 'comment'] as const;
export type DraftKind = (typeof draftKinds)[number];

export const kindNames: Readonly<Record<DraftKind, string>> = {
  goal: 'Goal',
  'yellow-card': 'Yellow card',
  'red-card': 'Red card',
  comment: 'Comment',
};

export interface Draft {
  readonly kind: DraftKind;
  readonly side: Side;
  readonly player: string;
  /** Blank: written from the rest, except of a comment. */
  readonly text: string;
}

/** Returns the entry that a draft makes at `now`, or undefined as long as something is missing. */
export function entryOf(draft: Draft, match: Match, now: number): CommentaryEntry | undefined {
  const { kind, side, player } = draft;
  const moment = momentAt(match, now);
  const text = draft.text.trim();
  if (kind === 'comment') return text === '' ? undefined : { kind, ...moment, text };
  if (player === '') return undefined;
  return { kind, ...moment, side, player, text: text === '' ? textOf(kind, player, match[side].name) : text };
}

function textOf(kind: Exclude<DraftKind, 'comment'>, player: string, team: string): string {
  switch (kind) {
    case 'goal':
      return `Goal for ${team}! ${player} scores.`;
    case 'yellow-card':
      return `Yellow card for ${player} of ${team}.`;
    case 'red-card':
      return `Red card: ${player} of ${team} is off.`;
  }
}
