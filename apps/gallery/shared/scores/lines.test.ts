import { describe, expect, it } from 'vitest';
import type { CommentaryEntry } from './commentary.js';
import { type Logged, foldCommentary } from './lines.js';
import { tallyOf } from './tally.js';

function logOf(...entries: (CommentaryEntry & { by?: string })[]): Logged[] {
  return entries.map(({ by, ...entry }, index) => ({
    offset: index + 1,
    time: index * 1000,
    by,
    entry: entry as CommentaryEntry,
  }));
}

const goal = { kind: 'goal', side: 'home', player: 'Ada Korr', minute: 12, added: 0, text: 'Goal!' } as const;
const kickOff = { kind: 'kick-off', minute: 1, added: 0, text: 'Kick-off' } as const;

describe('the lines of a commentary', () => {
  it('are what happened, in order', () => {
    const lines = foldCommentary(logOf(kickOff, goal));
    expect(lines.map(({ offset, text, revision }) => [offset, text, revision])).toEqual([
      [1, 'Kick-off', 1],
      [2, 'Goal!', 2],
    ]);
  });

  it('show an edit in place, with what was there before and who changed it', () => {
    const edits = [
      { kind: 'edit', of: 2, text: 'A goal.', by: 'Ada' },
      { kind: 'edit', of: 2, text: 'A fine goal.', by: 'Bob' },
    ] as const;
    const [, line] = foldCommentary(logOf(kickOff, goal, ...edits));
    expect(line).toMatchObject({ text: 'A fine goal.', revision: 4, withdrawn: undefined });
    expect(line?.earlier).toEqual([
      { text: 'Goal!', by: 'Ada', time: 2000 },
      { text: 'A goal.', by: 'Bob', time: 3000 },
    ]);
  });

  it('keep what was withdrawn, with the reason; nothing changes it any more', () => {
    const entries = [
      { kind: 'withdrawal', of: 2, text: 'Offside', by: 'Ada' },
      { kind: 'edit', of: 2, text: 'Too late' },
      { kind: 'withdrawal', of: 2, text: 'Again' },
    ] as const;
    const [, line] = foldCommentary(logOf(kickOff, goal, ...entries));
    expect(line).toMatchObject({ text: 'Goal!', revision: 3, earlier: [] });
    expect(line?.withdrawn).toEqual({ text: 'Offside', by: 'Ada', time: 2000 });
  });

  it('are untouched by corrections of what is not there', () => {
    const [line, ...others] = foldCommentary(
      logOf(kickOff, { kind: 'edit', of: 9, text: 'x' }, { kind: 'edit', of: 2, text: 'y' }),
    );
    expect(line).toMatchObject({ text: 'Kick-off', revision: 1 });
    expect(others).toEqual([]);
  });

  it('of what was trimmed away are none: a fold of the rest is the rest of the fold', () => {
    const log = logOf(
      kickOff,
      goal,
      { kind: 'comment', minute: 13, added: 0, text: 'Hm.' },
      { kind: 'edit', of: 3, text: 'Ha.' },
    );
    expect(foldCommentary(log.slice(1))).toEqual(foldCommentary(log).slice(1));
  });
});

describe('what a match comes to', () => {
  it('leaves out what was withdrawn', () => {
    const red = { kind: 'red-card', side: 'away', player: 'Bo Pell', minute: 30, added: 0, text: 'Off.' } as const;
    const log = logOf(kickOff, goal, red, goal);
    expect(tallyOf(foldCommentary(log))).toMatchObject({
      status: 'first-half',
      score: { home: 2, away: 0 },
      cards: { away: { red: 1 } },
      stats: { home: { shots: 2, onTarget: 2 } },
    });
    const corrected = logOf(kickOff, goal, red, goal, { kind: 'withdrawal', of: 4, text: 'Offside' });
    expect(tallyOf(foldCommentary(corrected)).score).toEqual({ home: 1, away: 0 });
  });
});
