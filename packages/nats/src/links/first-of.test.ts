import { expect, it, vi } from 'vitest';
import { firstOf } from './first-of.js';

const attempts = { max: 4, besideMs: 300 };

it('tries again at once while an attempt gives nothing, and no more often than it may', async () => {
  const results = [undefined, undefined, 'third'];
  expect(await firstOf(() => Promise.resolve(results.shift()), attempts)).toBe('third');
  const nothing = vi.fn<() => Promise<undefined>>(() => Promise.resolve(undefined));
  expect(await firstOf(nothing, attempts)).toBeUndefined();
  expect(nothing).toHaveBeenCalledTimes(4);
});

it('makes another attempt beside one that gives no answer, which is told later that it came too late', async () => {
  vi.useFakeTimers();
  try {
    const wasOver: boolean[] = [];
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let made = 0;
    const first = firstOf(async (isOver) => {
      if (++made > 1) return 'second';
      await answered;
      wasOver.push(isOver());
      return 'late';
    }, attempts);
    await vi.advanceTimersByTimeAsync(299);
    expect(made).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await first).toBe('second');
    answer();
    await vi.advanceTimersByTimeAsync(1000);
    expect(wasOver).toEqual([true]);
    expect(made).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

it('makes ever fewer while none gives an answer', async () => {
  vi.useFakeTimers();
  try {
    const made: number[] = [];
    const startedAt = Date.now();
    void firstOf(() => {
      made.push(Date.now() - startedAt);
      return new Promise<undefined>(() => undefined);
    }, attempts);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(made).toEqual([0, 300, 900, 2100]);
  } finally {
    vi.useRealTimers();
  }
});

it('fails as the first attempt that fails', async () => {
  await expect(firstOf(() => Promise.reject(new Error('no stream')), attempts)).rejects.toThrow('no stream');
});
