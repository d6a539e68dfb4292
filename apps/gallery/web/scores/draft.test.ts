import { describe, expect, it } from 'vitest';
import type { Match } from '../../shared/scores/match.js';
import { entryOf } from './draft.js';
import { ageWords } from '../lib/age-words.js';
import { announcementOf } from './words.js';

const match: Match = {
  home: { name: 'Calder Haven', short: 'CAL' },
  away: { name: 'Inverlake', short: 'INV' },
  status: 'first-half',
  clock: { minute: 46, since: 0, running: false, minuteMs: 1000 },
  score: { home: 1, away: 0 },
  cards: { home: { yellow: 0, red: 0 }, away: { yellow: 0, red: 0 } },
  byHand: true,
};

describe('what is entered of a draft', () => {
  it('has the minute of the match, and words of its own where none were typed', () => {
    const draft = { kind: 'goal', side: 'away', player: 'Bo Pell', text: ' ' } as const;
    const moment = { minute: 45, added: 1 };
    expect(entryOf(draft, match, 0)).toEqual({
      ...{ kind: 'goal', side: 'away', player: 'Bo Pell', text: 'Goal for Inverlake! Bo Pell scores.' },
      ...moment,
    });
    expect(entryOf({ ...draft, text: 'Own words.' }, match, 0)).toMatchObject({ text: 'Own words.' });
    expect(entryOf({ ...draft, kind: 'comment', text: ' Rain. ' }, match, 0)).toEqual({
      kind: 'comment',
      text: 'Rain.',
      ...moment,
    });
  });

  it('is nothing without a player, or of a comment without words', () => {
    expect(entryOf({ kind: 'goal', side: 'home', player: '', text: 'x' }, match, 0)).toBeUndefined();
    expect(entryOf({ kind: 'comment', side: 'home', player: 'Bo Pell', text: '' }, match, 0)).toBeUndefined();
  });
});

describe('what is said of a change', () => {
  it('is a goal, a correction, a red card, a whistle, or nothing', () => {
    const said = (change: Partial<Match>): string | undefined => announcementOf(match, { ...match, ...change });
    expect(said({ score: { home: 1, away: 1 } })).toBe('Goal. Calder Haven 1–1 Inverlake.');
    expect(said({ score: { home: 0, away: 0 } })).toBe('Corrected: Calder Haven 0–0 Inverlake.');
    expect(said({ cards: { ...match.cards, home: { yellow: 0, red: 1 } } })).toBe(
      'Red card. Calder Haven 1–0 Inverlake.',
    );
    expect(said({ status: 'half-time' })).toBe('Half-time. Calder Haven 1–0 Inverlake.');
    expect(said({ clock: { ...match.clock, minute: 47 } })).toBeUndefined();
  });
});

describe('an age', () => {
  it('is said in seconds, minutes, hours', () => {
    expect([400, 59_000, 61_000, 3_700_000].map(ageWords)).toEqual(['0 s', '59 s', '1 min', '1 h 1 min']);
  });
});
