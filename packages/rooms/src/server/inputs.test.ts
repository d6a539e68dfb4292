import { describe, expect, it } from 'vitest';
import type { NumberedInput } from '../wire/up.js';
import { InputQueue } from './inputs.js';

const rate = 60;

function queue(applied = 0): InputQueue<number> {
  return new InputQueue({ rate, late: 'apply', give: ({ seq }) => seq }, applied);
}

/** Acts with these numbers, all due at `tick`. */
function acts(tick: number, ...numbers: readonly number[]): readonly NumberedInput[] {
  return numbers.map((seq) => ({ seq, tick, kind: 0, mode: 'once', values: {} }));
}

describe('ROOM-12: inputs count in the order of their numbers', () => {
  it('one that is due waits for those before it that have not come', () => {
    const inputs = queue();
    inputs.add(acts(5, 1, 3), 5, 0);
    expect(inputs.take(5)).toEqual([1]);
    expect(inputs.applied).toBe(1);
    expect(inputs.take(6)).toEqual([]);
    inputs.add(acts(5, 2, 3), 7, 100);
    expect(inputs.take(7)).toEqual([2, 3]);
    expect(inputs.applied).toBe(3);
  });

  it('whatever is lost, sent again and overtaken, and whenever the room moves, each counts once and in order', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let run = 0; run < 200; run++) {
      let inputs = queue();
      const counted: number[] = [];
      const waiting: { at: number; made: readonly NumberedInput[] }[] = [];
      const made: NumberedInput[] = [];
      for (let tick = 1; tick < 160; tick++) {
        if (tick < 100 && random() < 0.5) made.push(...acts(tick + 2, made.length + 1));
        const unanswered = made.filter(({ seq }) => seq > inputs.applied);
        // Sent now and then with the last ones before them, seldom all of them, and after a while nothing is lost.
        const sent = random() < 0.1 || tick > 120 ? unanswered : unanswered.slice(-3);
        if (tick > 120 || random() < 0.7) waiting.push({ at: tick + Math.floor(random() * 4), made: sent });
        for (const { made: come } of waiting.filter(({ at }) => at === tick)) inputs.add(come, tick, tick * 16);
        counted.push(...inputs.take(tick));
        if (random() < 0.05) inputs = queue(inputs.applied);
      }
      expect(counted).toEqual(made.map(({ seq }) => seq));
    }
  });

  it('waits for three seconds at most, and a number that comes later does not count', () => {
    const inputs = queue();
    inputs.add(acts(1, 2), 1, 0);
    for (let tick = 1; tick < 1 + 3 * rate; tick++) expect(inputs.take(tick)).toEqual([]);
    expect(inputs.take(1 + 3 * rate)).toEqual([2]);
    inputs.add(acts(1, 1), 200, 3500);
    expect(inputs.take(200)).toEqual([]);
    expect(inputs.applied).toBe(2);
  });

  it('waits for none that stands 64 numbers before the newest: clients send no such one again', () => {
    const inputs = queue();
    inputs.add(acts(1, 237), 1, 0);
    expect(inputs.take(1)).toEqual([]);
    inputs.add(acts(2, 300), 2, 0);
    inputs.add(acts(2, ...Array.from({ length: 62 }, (_, i) => 238 + i)), 2, 20_000);
    expect(inputs.take(2)[0]).toBe(237);
    expect(inputs.applied).toBe(300);
  });

  it('one that was meant for later does not hold up those after it that are due', () => {
    const inputs = queue();
    inputs.add(acts(30, 1, 2), 1, 0);
    expect(inputs.take(1)).toEqual([]);
    inputs.add(acts(3, 3), 2, 16);
    expect([inputs.take(2), inputs.take(3)]).toEqual([[], [1, 2, 3]]);
  });

  it('a stick that is held goes on meanwhile', () => {
    const inputs = queue();
    inputs.add([{ seq: 1, tick: 1, kind: 0, mode: 'held', values: {} }], 1, 0);
    expect(inputs.take(1)).toEqual([1]);
    inputs.add([{ seq: 3, tick: 3, kind: 0, mode: 'held', values: {} }], 2, 50);
    expect([inputs.take(2), inputs.take(3)]).toEqual([[1], [1]]);
    inputs.add([{ seq: 2, tick: 2, kind: 0, mode: 'held', values: {} }], 4, 150);
    // The ticks that were meant have gone with what was held.
    expect(inputs.take(4)).toEqual([3]);
    expect(inputs.applied).toBe(3);
  });
});
