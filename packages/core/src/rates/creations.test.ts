import { defineChannels, log, map } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness.js';
import type { Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { Creations } from './creations.js';

const channels = defineChannels({ 'log/:id': log(), 'map/:id': map() });

function setUp(channelsPerHour: number, maxLogs = 1000) {
  let ids = 0;
  const store = new MemoryStore({ clock: { now: () => 0 }, makeId: () => `id${++ids}`, maxLogs });
  const harness = createHarness(channels, {
    store,
    limits: { channelsPerHour },
    authority: { authenticate: (token) => (token ? { user: token } : {}) },
  });
  let seq = 0;
  const publish = (channel: string) =>
    ({ type: 'publish', id: ++seq, seq, channel, data: 1, ...(channel.startsWith('map') && { key: 'a' }) }) as const;
  return { ...harness, publish };
}

describe('LIM-12: a client may make so many channels', () => {
  it('for its user, over all its connections, and goes on in those that exist', () => {
    const { connect, clock, publish, engine } = setUp(4);
    const [phone, laptop] = [connect('json', 'phone', 'ada'), connect('json', 'laptop', 'ada')];
    phone.send(publish('log/1'), publish('map/1'), publish('map/1'));
    laptop.send(publish('log/2'), publish('map/2'));
    clock.turn();
    expect([phone.take('ack').length, laptop.take('ack').length]).toEqual([3, 2]);
    for (const [channel, peer] of [
      ['log/3', phone],
      ['map/3', laptop],
    ] as const) {
      peer.send(publish(channel));
      clock.turn();
      expect(peer.take('error').slice(-1)).toMatchObject([{ code: 'too-many', retryAfterMs: 900_000 }]);
    }
    phone.send(publish('log/1'), publish('map/2'));
    const other = connect('json', 'tablet', 'bob');
    other.send(publish('map/3'));
    void engine.publish('log/9', 1);
    clock.turn();
    expect([phone.take('ack').length, other.take('ack').length]).toEqual([5, 1]);
    // A quarter of an hour later there is room for one more.
    clock.advance(900_000);
    const again = connect('json', 'phone', 'ada');
    again.send(publish('map/4'), publish('map/5'));
    clock.turn();
    expect([again.take('ack').length, again.take('error').length]).toEqual([1, 1]);
  });

  it('for its address, if it has no user', () => {
    const { request, publish } = setUp(2);
    const send = (client: string, remoteAddress: string, ...names: readonly string[]) =>
      request('send', [{ type: 'connect', version: 1, client }, ...names.map(publish)], 'json', { remoteAddress });
    expect(send('a', '2001:db8::1', 'map/1').types).toContain('ack');
    expect(send('b', '2001:db8::2', 'map/2').types).toContain('ack');
    expect(send('c', '2001:db8::3', 'map/3').frames).toMatchObject([{}, { type: 'error', code: 'too-many' }]);
    expect(send('c', '2001:db8::3', 'map/1').types).toContain('ack');
    expect(send('d', '2001:db8:0:1::1', 'map/3').types).toContain('ack');
  });

  it('so that a store with few places is not filled by one of them', () => {
    const { connect, clock, publish } = setUp(5, 10);
    const hostile = connect('json', 'h', 'eve');
    for (let i = 0; i < 20; i++) hostile.send(publish(`map/eve${i}`));
    clock.turn();
    const honest = connect('json', 'a', 'ada');
    honest.send(publish('map/ada'));
    clock.turn();
    expect([hostile.take('ack').length, honest.take('ack').length]).toEqual([5, 1]);
  });

  it('on any store, also one that has to be asked', async () => {
    const { store, publish } = setUp(1);
    const slow: Store = {
      durability: 'disk',
      announcements: 'reliable',
      append: async (channel, operation, keep) => store.append(channel, operation, keep),
      read: async (channel, query) => store.read(channel, query),
      bounds: async (channel) => store.bounds(channel),
      watch: (channel, watcher) => store.watch(channel, watcher),
      expire: () => undefined,
      close: () => undefined,
    };
    const { connect, clock } = createHarness(channels, {
      store: slow,
      limits: { channelsPerHour: 1 },
      authority: { authenticate: () => ({ user: 'ada' }) },
    });
    const peer = connect();
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      clock.turn();
    };
    for (const channel of ['log/1', 'log/2', 'log/1']) {
      peer.send(publish(channel));
      await settle();
    }
    expect(peer.take('ack')).toHaveLength(2);
    expect(peer.take('error')).toMatchObject([{ code: 'too-many' }]);
  });
});

it('LIM-12: nothing is counted without a bound, nor where neither user nor address is known; whoever is idle is forgotten', () => {
  let now = 0;
  const clock = { now: () => now };
  const ada = { identity: { user: 'ada' }, info: {} };
  const unbounded = new Creations(clock, Infinity, 10);
  unbounded.count(ada);
  expect([unbounded.size, unbounded.waitMs(ada)]).toEqual([0, 0]);
  const creations = new Creations(clock, 2, 10);
  const unknown = { identity: {}, info: {} };
  for (let i = 0; i < 5; i++) creations.count(unknown);
  expect([creations.size, creations.waitMs(unknown)]).toEqual([0, 0]);
  creations.count(ada);
  expect(creations.waitMs(ada)).toBe(0);
  creations.count(ada);
  expect(creations.waitMs(ada)).toBe(1_800_000);
  now = 3_600_000;
  creations.sweep(now);
  expect([creations.size, creations.waitMs(ada)]).toEqual([0, 0]);
});
