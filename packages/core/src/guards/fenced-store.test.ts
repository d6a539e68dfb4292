import { LongwaveError, codeMessages, defineChannels, log, map, value } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.js';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ 'chat/:room': log(), 'map/:id': map(), 'value/:id': value() });

/** Away: each request fails with a message of its own, of one cause. */
class AwayStore extends MemoryStore {
  isAway = false;
  #asked = 0;

  constructor() {
    super({ clock: { now: () => 1 }, makeId: () => 'epoch' });
  }

  override append(...args: Parameters<MemoryStore['append']>) {
    this.#require();
    return super.append(...args);
  }
  override read(...args: Parameters<MemoryStore['read']>) {
    this.#require();
    return super.read(...args);
  }
  override bounds(channel: string) {
    if (this.isAway) this.#require();
    return super.bounds(channel);
  }
  override expire(): void {
    this.#require();
  }

  #require(): void {
    if (!this.isAway) return;
    const cause = new Error('connect ECONNREFUSED 10.0.0.1:6379');
    throw new Error(`Request ${++this.#asked} failed.`, { cause });
  }
}

const unavailable = { code: 'unavailable', message: codeMessages.unavailable, retryAfterMs: 1000 };

describe('a store that is away', () => {
  it('ERR-1: is unavailable to all who ask, to read or to write, with a message and when to come again', async () => {
    const store = new AwayStore();
    const { connect, clock, engine } = createHarness(channels, { store });
    const peer = connect();
    store.isAway = true;
    peer.send(
      { type: 'publish', id: 1, seq: 1, channel: 'chat/a', data: 1 },
      { type: 'subscribe', id: 2, channel: 'chat/a' },
      { type: 'subscribe', id: 3, channel: 'map/a' },
      { type: 'history', id: 4, channel: 'chat/a', limit: 1 },
      { type: 'publish', id: 5, seq: 2, channel: 'map/a', key: 'k', kind: 'patch', data: { a: 1 } },
      { type: 'subscribe', id: 6, channel: 'chat/b', epoch: 'e', offset: 1 },
    );
    clock.turn();
    const errors = peer.take('error');
    expect(errors.map(({ id }) => id!).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const error of errors) expect(error).toMatchObject(unavailable);
    const asked = [
      () => engine.publish('chat/a', 1),
      () => engine.history('chat/a'),
      () => engine.entries('map/a'),
      () => engine.entries('value/a'),
      () => engine.change('map/a', { key: 'k', data: 1 }),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject(unavailable);
  });

  it('ERR-1: is told to the log once for each cause, however many requests it fails', async () => {
    const store = new AwayStore();
    const { connect, clock, engine, errors } = createHarness(channels, { store });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    store.isAway = true;
    for (let seq = 1; seq <= 50; seq++) peer.send({ type: 'publish', id: 10 + seq, seq, channel: 'chat/a', data: 1 });
    peer.send({ type: 'history', id: 99, channel: 'chat/a', limit: 1 });
    await expect(engine.history('chat/a')).rejects.toBeInstanceOf(LongwaveError);
    clock.advance(10_000);
    expect(errors.map((line) => (line as readonly [string])[0])).toEqual(['The store failed.']);
    expect(engine.stats.errors).toBeGreaterThan(50);
  });
});
