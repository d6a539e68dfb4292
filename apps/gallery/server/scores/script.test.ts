import { describe, expect, it } from 'vitest';
import { foldCommentary } from '../../shared/scores/lines.js';
import { tallyOf } from '../../shared/scores/tally.js';
import { fixturesOf } from './league.js';
import { Playback } from './playback.js';
import { type Scene, scriptMatch } from './script.js';

const minuteMs = 2500;
const [fixture] = fixturesOf(1, { seed: 7, minuteMs }) as [ReturnType<typeof fixturesOf>[number]];

function script(seed: number, byHand = false): readonly Scene[] {
  const { match, details } = fixture;
  return scriptMatch({ seed, match: { ...match, byHand }, lineUps: details.lineUps });
}

const seeds = Array.from({ length: 50 }, (_, index) => index);

describe('a round', () => {
  it('has each club once, and over eleven rounds each pair of clubs once', () => {
    const pairs = new Set<string>();
    for (let round = 1; round <= 11; round++) {
      const fixtures = fixturesOf(round, { seed: 7, minuteMs });
      expect(new Set(fixtures.flatMap(({ match }) => [match.home.short, match.away.short])).size).toBe(12);
      for (const { match } of fixtures) pairs.add([match.home.short, match.away.short].toSorted().join());
    }
    expect(pairs.size).toBe(66);
  });

  it('is the same for the same seed, with other players for another', () => {
    expect(fixturesOf(3, { seed: 7, minuteMs })).toEqual(fixturesOf(3, { seed: 7, minuteMs }));
    expect(fixturesOf(3, { seed: 8, minuteMs })).not.toEqual(fixturesOf(3, { seed: 7, minuteMs }));
  });
});

describe('a script', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(script(1)).toEqual(script(1));
    expect(script(2)).not.toEqual(script(1));
  });

  it.each(seeds)('%i goes from kick-off to full time in order, nothing happens in the break', (seed) => {
    const scenes = script(seed);
    expect(scenes.map(({ at }) => at)).toEqual(scenes.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(scenes[0]?.happening.kind).toBe('kick-off');
    expect(scenes.at(-1)?.happening.kind).toBe('full-time');
    const kinds = scenes.map(({ happening }) => happening.kind);
    expect(kinds.indexOf('second-half') - kinds.indexOf('half-time')).toBe(1);
  });

  it.each(seeds)('%i lets nobody act who was sent off', (seed) => {
    const scenes = script(seed);
    for (const [index, { happening }] of scenes.entries()) {
      if (happening.kind !== 'red-card') continue;
      const later = scenes.slice(index + 1).flatMap(({ happening: next }) => {
        return 'side' in next && next.side === happening.side ? [next.text] : [];
      });
      expect(later.filter((text) => text.includes(happening.player))).toEqual([]);
    }
  });

  it('has goals as often as football does', () => {
    const goals = seeds.flatMap((seed) => script(seed).filter(({ happening }) => happening.kind === 'goal'));
    expect(goals.length / seeds.length).toBeGreaterThan(1.5);
    expect(goals.length / seeds.length).toBeLessThan(5);
  });

  it('of a match that is played by hand is only its time', () => {
    expect(script(1, true).map(({ happening }) => happening.kind)).toEqual([
      'kick-off',
      'half-time',
      'second-half',
      'full-time',
    ]);
  });
});

describe('a playback', () => {
  it.each([0.2, 1, 7, 500])('plays every scene once and in order, in steps of %d minutes', (step) => {
    const scenes = script(3);
    const playback = new Playback(scenes, { from: -2, minuteMs });
    const played: Scene[] = [];
    for (let guard = 0; !playback.isOver && guard < 1000; guard++) {
      for (let scene = playback.next(step); scene; scene = playback.next()) played.push(scene);
    }
    expect(played).toEqual(scenes);
  });

  it('has a clock that stands before the kick-off, in the break and when paused, and otherwise goes', () => {
    const playback = new Playback(script(3), { from: -1, minuteMs });
    expect(playback.clock(1000).running).toBe(false);
    playback.next(1);
    expect(playback.clock(1000)).toEqual({ minute: 1, since: 1000, running: true, minuteMs });
    playback.next(0.5);
    expect(playback.clock(1_000_000)).toEqual({
      minute: 1,
      since: 1_000_000 - 0.5 * minuteMs,
      running: true,
      minuteMs,
    });
    expect(playback.clock(1000, { isPaused: true }).running).toBe(false);
    let kind: string | undefined;
    for (let guard = 0; kind !== 'half-time' && guard < 1000; guard++) kind = playback.next(0.25)?.happening.kind;
    expect(kind).toBe('half-time');
    expect(playback.clock(1000).running).toBe(false);
  });
});

describe('the score', () => {
  it.each(seeds)('%i is that of the goals in the commentary', (seed) => {
    const log = script(seed).map(({ happening }, index) => ({
      offset: index + 1,
      time: 0,
      by: undefined,
      entry: happening,
    }));
    const { score, status, stats } = tallyOf(foldCommentary(log));
    for (const side of ['home', 'away'] as const) {
      const texts = log.filter(
        ({ entry }) => 'side' in entry && entry.side === side && entry.text.startsWith('Goal for'),
      );
      expect(score[side]).toBe(texts.length);
      expect(stats[side].onTarget).toBeGreaterThanOrEqual(score[side]);
    }
    expect(status).toBe('over');
  });
});
