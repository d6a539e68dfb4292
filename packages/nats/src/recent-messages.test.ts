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
    recent.add(seq, Buffer.from(`message ${seq}`));
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
