import { LongwaveError, type Schema, defineChannels, demandPrefix, log, map, presencePrefix } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.js';
import type { StoredPage } from '../base/ports.js';
import { facade } from '@longwave/testkit';
import { type Peer, createHarness } from '../testing/harness.js';
import { Replica } from '../testing/replica.js';

const Named: Schema<{ name: string }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof value === 'object' && value !== null && 'name' in value
        ? { value: value as { name: string } }
        : { issues: [{ message: 'has no name' }] },
  },
};

const channels = defineChannels({
  'chat/:room': log({ presence: { member: Named, grace: '5s' } }),
  plain: log(),
  quotes: map({ demand: true }),
});

const room = 'chat/a';
const members = presencePrefix + room;

function open() {
  const rights = { presence: true };
  const harness = createHarness(channels, {
    authority: {
      authenticate: (token) => ({ user: token }),
      authorize: ({ action }) => action !== 'presence' || rights.presence,
    },
  });
  const watcher = harness.connect('json', 'watcher');
  watcher.send({ type: 'subscribe', id: 1, channel: members });
  harness.clock.turn();
  const seen = new Replica(watcher, members);
  const enter = (peer: Peer, name = 'Ada', away?: true) => {
    peer.send({ type: 'enter', id: peer.nextId(), channel: room, data: { name }, away });
    harness.clock.turn();
    return peer.take('done').at(-1)?.key;
  };
  /** Time in which these peers show that they are there. */
  const pass = (ms: number, ...peers: Peer[]) => {
    for (let left = ms; left > 0; left -= 5000) {
      for (const peer of [watcher, ...peers]) peer.send({ type: 'pong' });
      harness.clock.advance(Math.min(left, 5000));
    }
  };
  return { ...harness, rights, watcher, seen, enter, pass };
}

describe('presence', () => {
  it('EPOCH-3: come back soon when another log took the place of theirs', () => {
    // As of a store of which the records were removed, all at once.
    let inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'first' });
    const store = facade(inner, {
      append: (channel, operation, keep) => inner.append(channel, operation, keep),
      read: (channel, query) => inner.read(channel, query),
      bounds: (channel) => inner.bounds(channel),
    });
    const harness = createHarness(channels, { store });
    const peer = harness.connect();
    peer.send({ type: 'enter', id: 1, channel: room, data: { name: 'Ada' } });
    harness.clock.turn();
    inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'second' });
    for (let seconds = 0; seconds < 11; seconds++) {
      peer.send({ type: 'pong' });
      harness.clock.advance(1000);
    }
    expect((inner.read(members, { limit: 9 }) as StoredPage).ops).toHaveLength(1);
  });

  it('PRES-2: come back when the store took no renewal for longer than a lease lasts', async () => {
    let now = 1_000_000;
    const store = new MemoryStore({ clock: { now: () => now }, makeId: () => 'epoch' });
    let away = false;
    const flaky = facade(store, {
      append: (channel, operation, keep) =>
        away ? Promise.reject(new Error('The store takes nothing.')) : store.append(channel, operation, keep),
    });
    const harness = createHarness(channels, { store: flaky });
    const peer = harness.connect();
    peer.send({ type: 'enter', id: 1, channel: room, data: { name: 'Ada' } });
    harness.clock.turn();
    const count = () => store.read(members, { limit: 9 }).ops.length;
    const pass = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        now += 1000;
        harness.clock.advance(1000);
        peer.send({ type: 'pong' });
        await Promise.resolve();
      }
    };
    away = true;
    await pass(35);
    expect(count()).toBe(0);
    away = false;
    await pass(11);
    expect(count()).toBe(1);
  });

  it('PRES-1: a member is seen with what it says, under a key that is its own, and the user is vouched for', () => {
    const { connect, enter, seen, watcher } = open();
    const ada = connect('json', 'c1', 'ada');
    const key = enter(ada)!;
    expect(seen.read().state).toEqual({ [key]: { data: { name: 'Ada' }, away: false } });
    expect(watcher.take('message').at(-1)!.ops).toMatchObject([{ key, user: 'ada' }]);
    expect(enter(connect('json', 'c2', 'ada'))).not.toBe(key);
    enter(ada, 'Countess', true);
    expect(seen.read().state[key]).toEqual({ data: { name: 'Countess' }, away: true });
  });

  it('PRES-1: without the right, without presence in the contract and without what the schema wants nobody is one', () => {
    const { connect, clock, rights, seen } = open();
    const peer = connect();
    const ask = (id: number, channel: string, data: unknown) => {
      peer.send({ type: 'enter', id, channel, data });
      clock.turn();
      return peer.take('error').find((error) => error.id === id)?.code;
    };
    expect(ask(1, room, { title: 'x' })).toBe('invalid-data');
    expect(ask(2, 'plain', { name: 'x' })).toBe('wrong-mode');
    rights.presence = false;
    expect(ask(3, room, { name: 'x' })).toBe('forbidden');
    expect(seen.read().state).toEqual({});
  });

  it('PRES-2: who drops and comes back within the grace causes no operation, and who does not leaves once', () => {
    const { connect, pass, enter, seen, store } = open();
    enter(connect('json', 'c1', 'ada'));
    const bob = connect('json', 'c2', 'bob');
    enter(bob, 'Bob');
    const { top } = store.bounds(members) as { top: number };
    for (let i = 0; i < 20; i++) {
      const peer = connect('json', 'c1', 'ada');
      enter(peer);
      peer.session.closed();
      pass(4000, bob);
    }
    expect(store.bounds(members)).toMatchObject({ top });
    pass(3000, bob);
    expect(Object.values(seen.read().state)).toEqual([{ data: { name: 'Bob' }, away: false }]);
    expect(seen.removals).toHaveLength(1);
    pass(120_000, bob);
    expect(Object.values(seen.read().state)).toEqual([{ data: { name: 'Bob' }, away: false }]);
  });

  it('PRES-2: come back where their channel began anew: a renewal of what is gone changes nothing, and tells nobody', () => {
    let now = 1_000_000;
    const logs = ['first', 'second'].map(
      (epoch) => new MemoryStore({ clock: { now: () => now }, makeId: () => epoch }),
    ) as [MemoryStore, MemoryStore];
    let [current] = logs;
    const store = facade(logs[0], {
      append: (...args) => current.append(...args),
      read: (...args) => current.read(...args),
      bounds: (channel) => current.bounds(channel),
    });
    const { clock, connect } = createHarness(channels, { store });
    const ada = connect('json', 'c1');
    ada.send({ type: 'enter', id: 1, channel: room, data: { name: 'Ada' } });
    clock.turn();
    expect(current.read(members, { limit: 10 }).ops).toHaveLength(1);
    current = logs[1];
    expect(current.read(members, { limit: 10 }).ops).toEqual([]);
    for (let passed = 0; passed < 11_000; passed += 1000) {
      now += 1000;
      clock.advance(1000);
      ada.send({ type: 'pong' });
    }
    expect(current.read(members, { limit: 10 }).ops).toHaveLength(1);
  });

  it('PRES-2: a member that moved to another node is not put out by the one it left', () => {
    let now = 1_000_000;
    const store = new MemoryStore({ clock: { now: () => now }, makeId: () => 'epoch' });
    const left = createHarness(channels, { store });
    const right = createHarness(channels, { store, makeId: () => `right-${Math.random()}` });
    const fresh = right.connect('json', 'c1');
    const advance = (byMs: number) => {
      for (let passed = 0; passed < byMs; passed += 1000) {
        now += 1000;
        left.clock.advance(1000);
        right.clock.advance(1000);
        fresh.send({ type: 'pong' });
      }
    };
    const old = left.connect('json', 'c1');
    old.send({ type: 'enter', id: 1, channel: room, data: { name: 'Ada' } });
    left.clock.turn();
    fresh.send({ type: 'enter', id: 1, channel: room, data: { name: 'Ada' } });
    right.clock.turn();
    old.session.closed();
    advance(60_000);
    expect(store.read(members, { limit: 10 }).ops).toHaveLength(1);
    expect(store.bounds(members).top).toBe(1);
    fresh.session.closed();
    advance(7000);
    expect(store.read(members, { limit: 10 }).ops).toEqual([]);
  });

  it('PRES-3: who exits or loses the right is gone at once', () => {
    const { connect, clock, enter, seen, engine, rights } = open();
    const ada = connect('json', 'c1', 'ada');
    enter(ada);
    ada.send({ type: 'exit', id: 9, channel: room });
    clock.turn();
    expect(ada.take('done').at(-1)).toMatchObject({ id: 9 });
    expect(seen.read().state).toEqual({});
    enter(ada);
    expect(Object.keys(seen.read().state)).toHaveLength(1);
    rights.presence = false;
    void engine.recheckUser('ada');
    clock.turn();
    expect(seen.read().state).toEqual({});
  });

  it('PRES-4: only the server writes members', async () => {
    const { connect, clock, engine } = open();
    const peer = connect();
    peer.send({ type: 'publish', id: 1, channel: members, seq: 1, key: 'me', data: {} });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'forbidden' }]);
    await expect(engine.change(members, { key: 'me', data: {} })).rejects.toBeInstanceOf(LongwaveError);
  });

  it('VIEW-5: members are counted, with their users, however they connect', () => {
    const { connect, clock, enter, watcher } = open();
    watcher.send({ type: 'subscribe', id: 2, channel: members, view: { count: true } });
    for (const client of ['c1', 'c2', 'c3']) enter(connect('json', client, client === 'c3' ? 'bob' : 'ada'));
    clock.advance(1000);
    expect(watcher.take('changes').at(-1)!.ops).toMatchObject([{ data: { entries: 3, users: 2 } }]);
  });
});

describe('demand', () => {
  it('DEM-1: a listener that throws, or is async and rejects, is reported and stops nothing', async () => {
    const { engine, connect, clock, errors } = createHarness(channels);
    const heard: number[] = [];
    const wrong = new Error('of the application');
    const rejects: () => unknown = async () => {
      throw wrong;
    };
    engine.demand('quotes', rejects);
    engine.demand('quotes', () => {
      throw wrong;
    });
    engine.demand('quotes', ({ watchers }) => heard.push(watchers));
    connect().send({ type: 'subscribe', id: 1, channel: 'quotes' });
    clock.advance(100);
    await Promise.resolve();
    expect(heard).toEqual([0, 1]);
    expect(errors).toEqual(Array.from({ length: 4 }, () => ['The listener to what is asked of quotes failed.', wrong]));
  });

  it('DEM-1: a publisher learns that somebody watches, what and how fast, and that nobody does any more', () => {
    const { connect, clock, engine, pass } = open();
    const heard: unknown[] = [];
    const watch = engine.demand('quotes', (demand) => heard.push(demand));
    expect(heard).toEqual([{ watchers: 0, keys: [], rate: 0 }]);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'quotes', view: { keys: ['b', 'a'], rate: 4 } });
    clock.advance(100);
    expect(heard.at(-1)).toEqual({ watchers: 1, keys: ['a', 'b'], rate: 4 });
    peer.send({ type: 'subscribe', id: 2, channel: 'quotes' });
    clock.advance(100);
    expect(heard.at(-1)).toEqual({ watchers: 2 });
    pass(60_000, peer);
    peer.send({ type: 'unsubscribe', id: 3, channel: 'quotes' });
    clock.advance(100);
    expect(heard.at(-1)).toEqual({ watchers: 1, keys: ['a', 'b'], rate: 4 });
    const publisher = connect();
    publisher.send({ type: 'subscribe', id: 1, channel: `${demandPrefix}quotes` });
    clock.turn();
    expect(Object.values(new Replica(publisher, `${demandPrefix}quotes`).read().state)).toEqual([
      { watchers: 1, keys: ['a', 'b'], rate: 4 },
    ]);
    peer.session.closed();
    clock.advance(100);
    expect(heard.at(-1)).toEqual({ watchers: 0, keys: [], rate: 0 });
    watch.unsubscribe();
    expect(() => engine.demand('chat/a', () => undefined)).toThrow(RangeError);
  });
});
