import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { RecentMessages } from './recent-messages.js';

/** A stream of which `stored` is left. */
const streamOf = (stored: ReadonlyMap<number, string>, last: number) => (seq: number) => {
  const message = stored.get(seq);
  return Promise.resolve(
    message !== undefined ? Buffer.from(message) : seq <= last ? ('removed' as const) : ('missing' as const),
  );
};

function recentOf(count: number, size = 100): { recent: RecentMessages; stored: Map<number, string> } {
  const recent = new RecentMessages(size);
  const stored = new Map<number, string>();
  for (let seq = 1; seq <= count; seq++) {
    stored.set(seq, `message ${seq}`);
    recent.add(seq, Buffer.from(`message ${seq}`), seq * 1000);
  }
  return { recent, stored };
}

it('what is all there lost nothing, nor did what was removed in the course of things', async () => {
  const { recent, stored } = recentOf(50);
  expect(await recent.findLost(streamOf(stored, 50))).toBeUndefined();
  stored.delete(50);
  expect(await recent.findLost(streamOf(stored, 50))).toBeUndefined();
  expect(await new RecentMessages(10).findLost(streamOf(new Map(), 0))).toBeUndefined();
});

it('finds the last that survived, whether others came in the place of those that did not or nothing', async () => {
  for (let left = 0; left < 50; left++) {
    const { recent, stored } = recentOf(50);
    for (let seq = left + 1; seq <= 50; seq++) stored.delete(seq);
    expect(await recent.findLost(streamOf(stored, left))).toBe(left);
    for (let seq = left + 1; seq <= 60; seq++) stored.set(seq, `another ${seq}`);
    expect(await recent.findLost(streamOf(stored, 60))).toBe(left);
  }
});

it('knows none of them where it remembers none that survived', async () => {
  const { recent, stored } = recentOf(50, 10);
  for (let seq = 31; seq <= 50; seq++) stored.set(seq, `another ${seq}`);
  expect(await recent.findLost(streamOf(stored, 50))).toBe(0);
});

it('finds the first that another one took the place of, in the midst of others that are the same', async () => {
  const { recent } = recentOf(50, 40);
  const times = new Map(Array.from({ length: 60 }, (_, i) => [i + 1, (i + 1) * 1000]));
  const asked: number[][] = [];
  const find = () =>
    recent.findReplaced((after, to, take) => {
      asked.push([after, to]);
      for (const [seq, time] of times) if (seq > after && seq <= to) take(seq, time);
      return Promise.resolve();
    });
  expect(await find()).toBeUndefined();
  times.delete(20);
  times.set(5, 1);
  expect(await find()).toBeUndefined();
  times.set(31, 1);
  times.set(30, 1);
  expect(await find()).toBe(30);
  expect(asked).toEqual([
    [10, 50],
    [10, 50],
    [10, 50],
  ]);
  expect(await new RecentMessages(10).findReplaced(() => Promise.reject(new Error('nothing to ask')))).toBeUndefined();
});
