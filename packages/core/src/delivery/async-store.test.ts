import { describe, expect, it } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import type { Bounds, Store, Watcher } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ 'chat/:room': log() });

/** A store whose answers to `bounds` come when the test says so, in the order of the questions. */
function slowStore() {
  const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
  const questions: { answer: () => Promise<void>; fail: () => Promise<void> }[] = [];
  let watches = 0;
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const store: Store = {
    durability: 'replicated',
    announcements: 'reliable',
    append: (channel, operation, retain) => inner.append(channel, operation, retain),
    read: (channel, query) => inner.read(channel, query),
    bounds: (channel) =>
      new Promise<Bounds>((resolve, reject) => {
        // What the store saw when it was asked.
        const bounds = inner.bounds(channel);
        questions.push({
          answer: () => (resolve(bounds), settled()),
          fail: () => (reject(new Error('The store is away.')), settled()),
        });
      }),
    watch: (channel, watcher) => {
      watches++;
      const unwatch = inner.watch(channel, watcher);
      return () => {
        watches--;
        unwatch();
      };
    },
    expire: () => undefined,
    close: () => inner.close(),
  };
  const next = async (what: 'answer' | 'fail') => {
    await settled();
    await questions.shift()![what]();
  };
  return { store, next, watches: () => watches };
}

describe('a store that answers later', () => {
  it('HB-3: an operation announced while the feed was being opened is delivered', async () => {
    const { store, next } = slowStore();
    const { connect, clock, engine } = createHarness(channels, { store });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    await engine.publish('chat/a', 'one');
    await next('answer');
    await next('answer');
    clock.turn();
    expect(peer.take('subscribed')).toHaveLength(1);
    const { offset } = peer.take('subscribed')[0]!;
    clock.advance(3000);
    expect([offset, ...peer.offsets('chat/a')].at(-1)).toBe(1);
  });

  it('leaves no watch behind when it fails while a feed is being opened', async () => {
    const { store, next, watches } = slowStore();
    const { connect, clock, engine } = createHarness(channels, { store });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    await next('fail');
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'unavailable', retryAfterMs: 1000 }]);
    expect(watches()).toBe(0);

    peer.send({ type: 'subscribe', id: 2, channel: 'chat/a' });
    await next('answer');
    await next('fail');
    clock.turn();
    expect(peer.take('error')).toHaveLength(2);
    expect([watches(), engine.stats.channels]).toEqual([0, 0]);
  });

  it('HB-3: an operation announced while the feed catches up is read too, though none follows (seed 1241)', async () => {
    const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    const reads: (() => void)[] = [];
    let muted = false;
    const store: Store = {
      durability: 'replicated',
      announcements: 'reliable',
      append: (channel, operation, retain) => inner.append(channel, operation, retain),
      read: (channel, query) => {
        // What the store held when it was asked.
        const page = inner.read(channel, query);
        return new Promise((resolve) => reads.push(() => resolve(page)));
      },
      bounds: (channel) => inner.bounds(channel),
      watch: (channel, { announce, learn }) =>
        inner.watch(channel, { learn, announce: (epoch, op) => void (muted || announce(epoch, op)) }),
      expire: () => undefined,
      close: () => inner.close(),
    };
    const { connect, clock, engine } = createHarness(channels, { store });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    muted = true;
    await engine.publish('chat/a', 'one');
    muted = false;
    await engine.publish('chat/a', 'two');
    await engine.publish('chat/a', 'three');
    for (let i = 0; i < 2; i++) {
      for (const read of reads.splice(0)) read();
      await new Promise<void>((resolve) => setImmediate(resolve));
      clock.turn();
    }
    expect(peer.offsets('chat/a')).toEqual([1, 2, 3]);
  });

  it('MSG-1: what was loaded beyond the head is not delivered later in the place of something else', async () => {
    const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    const reads: (() => void)[] = [];
    let muted = false;
    const store: Store = {
      durability: 'replicated',
      announcements: 'best-effort',
      append: (channel, operation, retain) => inner.append(channel, operation, retain),
      read: (channel, query) => new Promise((resolve) => reads.push(() => resolve(inner.read(channel, query)))),
      bounds: (channel) => inner.bounds(channel),
      watch: (channel, { announce, learn }) =>
        inner.watch(channel, { learn, announce: (epoch, op) => void (muted || announce(epoch, op)) }),
      expire: () => undefined,
      close: () => inner.close(),
    };
    const { connect, clock, engine } = createHarness(channels, { store, limits: { chunkBytes: 40, tailBytes: 80 } });
    const [holder, reader] = [connect(), connect()];
    const publish = (...data: string[]) => Promise.all(data.map((item) => engine.publish('chat/a', item)));
    const answer = async () => {
      for (const read of reads.splice(0)) read();
      await new Promise<void>((resolve) => setImmediate(resolve));
      clock.turn();
    };
    holder.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    await publish('zero', 'one', 'two');
    reader.send({ type: 'subscribe', id: 1, channel: 'chat/a', epoch: 'epoch', offset: 0 });
    clock.turn();
    muted = true;
    await publish('three');
    muted = false;
    await answer();
    await publish('four');
    await answer();
    reader.room = 1;
    await publish('five');
    clock.turn();
    await publish('six');
    clock.turn();
    reader.drain();
    clock.turn();
    await answer();
    await answer();
    const told = reader.take('message').flatMap(({ offset, ops }) => ops.map(({ data }, i) => [offset + i, data]));
    expect(told).toEqual(['zero', 'one', 'two', 'three', 'four', 'five', 'six'].map((data, i) => [i + 1, data]));
  });

  it('asks a store that fails no more when nobody is left, or when the engine is closed', async () => {
    const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    let reads = 0;
    let announce: Watcher['announce'] = () => undefined;
    const store: Store = {
      durability: 'replicated',
      announcements: 'reliable',
      append: (channel, operation, retain) => inner.append(channel, operation, retain),
      read: () => (reads++, Promise.reject(new Error('The store is away.'))),
      bounds: (channel) => inner.bounds(channel),
      watch: (_channel, watcher) => ((announce = watcher.announce), () => undefined),
      expire: () => undefined,
      close: () => undefined,
    };
    const { connect, clock, engine } = createHarness(channels, { store });
    const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
    const later = async () => {
      await settled();
      clock.advance(250);
      await settled();
    };
    const [peer, other] = [connect(), connect()];
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    other.send({ type: 'subscribe', id: 1, channel: 'chat/b' });
    const gap = () => announce('epoch', { offset: 9, time: 1, payload: '1' });
    gap();
    await later();
    expect(reads).toBe(2);
    other.session.closed();
    await later();
    expect(reads).toBe(2);

    peer.send({ type: 'subscribe', id: 2, channel: 'chat/b' });
    gap();
    await later();
    expect(reads).toBe(4);
    await engine.close();
    await settled();
    expect(clock.timers).toBe(0);
    await later();
    expect(reads).toBe(4);
  });

  it('a connection that ends while it is being authenticated takes what it queued with it', async () => {
    let admit: () => void = () => undefined;
    const authority = {
      authenticate: () => new Promise<{ user: string }>((resolve) => (admit = () => resolve({ user: 'ada' }))),
      authorize: () => true,
    };
    const { link, clock, errors, engine } = createHarness(channels, { authority });
    const rejections: unknown[] = [];
    const onRejection = (error: unknown) => rejections.push(error);
    process.on('unhandledRejection', onRejection);
    const peer = link();
    peer.send({ type: 'connect', version: 1, client: 'c' }, { type: 'ping' });
    peer.session.closed();
    admit();
    await new Promise<void>((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', onRejection);
    clock.turn();
    expect([rejections, errors, engine.stats.connections]).toEqual([[], [], 0]);
  });
});
