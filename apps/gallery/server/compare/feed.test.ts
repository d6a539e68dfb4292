import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedMessage } from '../../shared/compare.js';
import { createFeed } from './feed.js';

beforeEach(() => void vi.useFakeTimers({ now: 1000 }));
afterEach(() => void vi.useRealTimers());

function start() {
  const messages: FeedMessage[] = [];
  const feed = createFeed((message) => messages.push(message), Date.now);
  return { messages, feed };
}

describe('the feed', () => {
  it('numbers its messages from 1 and keeps its rate', () => {
    const { messages, feed } = start();
    feed.publishOne();
    feed.setRate(50);
    vi.advanceTimersByTime(1000);
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    expect(messages.at(-1)).toEqual({ seq: 51, sentAt: 2000 });
  });

  it('changes its rate at once, goes on where it is when told the same, and stops', () => {
    const { messages, feed } = start();
    feed.setRate(0.2);
    vi.advanceTimersByTime(4000);
    feed.setRate(0.2);
    vi.advanceTimersByTime(1000);
    expect(messages).toHaveLength(1);
    feed.setRate(10);
    vi.advanceTimersByTime(100);
    expect(messages).toHaveLength(2);
    feed.setRate(0);
    vi.advanceTimersByTime(60_000);
    expect(messages).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not make up for a pause of the process in a burst', () => {
    const { messages, feed } = start();
    feed.setRate(10);
    vi.setSystemTime(60_000);
    vi.advanceTimersByTime(300);
    expect(messages.length).toBeLessThanOrEqual(4);
  });
});
