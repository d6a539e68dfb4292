import { describe, expect, it } from 'vitest';
import { type ResolvedRetention, type StateBounds, defineChannels, log, map, signal } from '@longwave/protocol';
import type { Watcher } from '../base/ports.js';
import { MemoryStore, type MemoryStoreOptions } from './memory-store.js';
import { createHarness } from '../testing/harness.js';

const keep: ResolvedRetention = { count: 1000, bytes: 1_000_000, ageMs: 1000 };
const lasting: ResolvedRetention = { ...keep, ageMs: Infinity };
const bounds: StateBounds = { keys: 1000, bytes: 1_000_000, removals: 100 };
const minute = 60_000;
const watcher: Watcher = { announce: () => undefined, learn: () => undefined };

function setUp(options: Partial<MemoryStoreOptions> = {}) {
  let now = 1_000_000;
  let ids = 0;
  const store = new MemoryStore({ clock: { now: () => now }, makeId: () => `id${++ids}`, ...options });
  return { store, pass: (ms: number) => (now += ms) };
}

describe('a channel in memory', () => {
  it('LIM-8: gives its place to another when it is empty and nobody watches it', () => {
    const { store, pass } = setUp({ maxLogs: 50 });
    for (let n = 0; n < 50; n++) store.append(`room${n}`, { payload: 'x' }, keep);
    expect(() => store.append('more', { payload: 'x' }, keep)).toThrow(expect.objectContaining({ code: 'too-many' }));
    pass(1001);
    for (let n = 50; n < 100; n++)
      expect(store.append(`room${n}`, { payload: 'x' }, keep)).toMatchObject({ offset: 1 });
  });

  it('LIM-8: keeps it while somebody watches', () => {
    const { store, pass } = setUp({ maxLogs: 1 });
    const { epoch } = store.append('room', { payload: 'x' }, keep);
    const end = store.watch('room', watcher);
    pass(100 * minute);
    store.expire();
    expect(() => store.append('more', { payload: 'x' }, keep)).toThrow(expect.objectContaining({ code: 'too-many' }));
    expect(store.append('room', { payload: 'y' }, keep)).toEqual({ epoch, offset: 2, duplicate: false });
    end();
    pass(1001);
    expect(store.append('more', { payload: 'x' }, keep)).toMatchObject({ offset: 1 });
  });

  it('LIM-8: a log that nobody watched or used for a minute gives way, a state does not', () => {
    const { store, pass } = setUp({ maxLogs: 2 });
    store.append('old', { payload: 'x' }, lasting);
    store.append('read', { payload: 'x' }, lasting);
    store.append('state1', { key: 'k', payload: '1' }, bounds);
    store.append('state2', { key: 'k', payload: '1' }, bounds);
    pass(minute);
    store.read('read', { limit: 1 });
    store.append('new', { payload: 'x' }, lasting);
    expect(['old', 'read', 'new'].map((name) => store.bounds(name).top)).toEqual([0, 1, 1]);
    expect(() => store.append('state3', { key: 'k', payload: '1' }, bounds)).toThrow(
      expect.objectContaining({ code: 'too-many' }),
    );
    store.append('state2', { key: 'k', payload: '', kind: 'delete' }, bounds);
    expect(store.append('state3', { key: 'k', payload: '1' }, bounds)).toMatchObject({ offset: 1 });
  });

  it('LIM-8: what was forgotten is never continued, and what nobody wrote to stays as it was (G3)', () => {
    const { store, pass } = setUp({ maxLogs: 1 });
    const never = store.bounds('never').epoch;
    const first = store.append('room', { payload: 'x' }, keep);
    pass(1001);
    store.append('other', { payload: 'x' }, keep);
    const after = store.bounds('room');
    expect(after).toMatchObject({ floor: 0, top: 0 });
    expect(after.epoch).not.toBe(first.epoch);
    expect(store.bounds('never')).toEqual({ epoch: never, floor: 0, top: 0 });
    pass(1001);
    expect(store.append('room', { payload: 'y' }, keep)).toMatchObject({ epoch: after.epoch, offset: 1 });
    pass(1001);
    store.append('other', { payload: 'x' }, keep);
    expect([first.epoch, after.epoch]).not.toContain(store.bounds('room').epoch);
  });

  it('LIM-8: its epoch does not change while somebody watches, written to or not', () => {
    const { store, pass } = setUp({ maxLogs: 1 });
    const announced: string[] = [];
    store.watch('quiet', { ...watcher, announce: (epoch) => announced.push(epoch) });
    const { epoch } = store.bounds('quiet');
    for (let n = 0; n < 2000; n++) {
      store.append(`room${n}`, { payload: 'x' }, keep);
      pass(1001);
    }
    expect(store.bounds('quiet').epoch).toBe(epoch);
    store.append('quiet', { payload: 'x' }, keep);
    expect(announced).toEqual([epoch]);
  });

  it('LIM-8: is forgotten an hour after it became empty, whether or not there is room', () => {
    const { store, pass } = setUp();
    const { epoch } = store.append('room', { payload: 'x' }, keep);
    pass(59 * minute);
    store.expire();
    // Looking is a use.
    expect(store.bounds('room')).toEqual({ epoch, floor: 1, top: 1 });
    pass(60 * minute);
    store.expire();
    expect(store.bounds('room').top).toBe(0);
  });

  it('LIM-8: those of Longwave itself take no place of those of users', () => {
    const { store } = setUp({ maxLogs: 1 });
    store.append('@presence/room', { key: 'k', payload: '1' }, bounds);
    store.append('@ada', { payload: 'x' }, lasting);
    store.append('room', { payload: 'x' }, lasting);
    expect(store.append('fleet', { key: 'k', payload: '1' }, bounds)).toMatchObject({ offset: 1 });
  });
});

describe('a channel that was forgotten', () => {
  const forget = ({ store, pass }: ReturnType<typeof setUp>) => {
    pass(minute);
    store.append('other', { payload: 'x' }, keep);
    pass(minute);
  };
  const tooOld = expect.objectContaining({ code: 'too-old' });

  it.each(['log', 'map'])('PUB-4: stores no retry of what it had, whoever else publishes there (%s)', (mode) => {
    const made = setUp({ maxLogs: 1 });
    const { store } = made;
    const bound = mode === 'log' ? keep : bounds;
    const key = mode === 'log' ? undefined : 'k';
    const publish = (id: string, seq: number, retry = false) =>
      store.append('room', { payload: '1', key, producer: { id, seq }, retry }, bound);
    const { epoch } = publish('p', 7);
    if (mode === 'log') forget(made);
    else {
      for (const room of ['room', 'other']) {
        store.append(room, { payload: '1', key }, bounds);
        store.append(room, { payload: '', key, kind: 'delete' }, bounds);
      }
    }
    expect(() => publish('p', 7, true)).toThrow(tooOld);
    expect(() => publish('p', 6, true)).toThrow(tooOld);
    const first = publish('q', 3, true);
    expect(first).toMatchObject({ offset: 1, duplicate: false });
    expect(first.epoch).not.toBe(epoch);
    expect(publish('p', 8, true)).toMatchObject({ offset: 2, duplicate: false });
    expect(publish('p', 8, true)).toMatchObject({ offset: 2, duplicate: true });
  });

  it('PUB-4, PUB-11: refuses no user a retry for what another published with the same client id', () => {
    const made = setUp({ maxLogs: 1 });
    const publish = (user: string | undefined, seq: number, retry = false) =>
      made.store.append('room', { payload: '1', user, producer: { id: 'p', seq }, retry }, keep);
    publish('ada', 7);
    publish(undefined, 5);
    forget(made);
    expect(() => publish('ada', 7, true)).toThrow(tooOld);
    expect(() => publish(undefined, 5, true)).toThrow(tooOld);
    expect(publish('bob', 7, true)).toMatchObject({ offset: 1, duplicate: false });
    expect(publish(undefined, 6, true)).toMatchObject({ offset: 2, duplicate: false });
  });

  it('PUB-4, PUB-11: stores no retry of a client that it had forgotten before, and refuses it to no other user', () => {
    const made = setUp({ maxLogs: 1, maxProducers: 4 });
    const publish = (user: string | undefined, id: string, seq: number, retry = false) =>
      made.store.append('room', { payload: '1', user, producer: { id, seq }, retry }, keep);
    publish(undefined, 'a', 9);
    publish('bob', 'b', 1);
    for (const id of ['1', '2', '3', '4']) publish('ada', id, 20);
    forget(made);
    expect(() => publish(undefined, 'a', 9, true)).toThrow(tooOld);
    expect(() => publish('ada', '1', 20, true)).toThrow(tooOld);
    expect(() => publish('bob', 'b', 1, true)).toThrow(tooOld);
    expect(publish('bob', 'b', 2, true)).toMatchObject({ offset: 1, duplicate: false });
    expect(publish('eve', 'e', 1, true)).toMatchObject({ offset: 2, duplicate: false });
  });

  it('PUB-4: stores no retry by a message id alone where it had any, and knows those it has', () => {
    const made = setUp({ maxLogs: 1 });
    const publish = (id: string, retry: boolean) => made.store.append('room', { payload: 'x', id, retry }, keep);
    publish('a', false);
    forget(made);
    expect(() => publish('a', true)).toThrow(tooOld);
    expect(publish('b', false)).toMatchObject({ offset: 1 });
    expect(publish('b', true)).toMatchObject({ offset: 1, duplicate: true });
  });

  it('LIM-8: a map gives its place away once its entries have ended', () => {
    const { store, pass } = setUp({ maxLogs: 1 });
    store.append('state1', { key: 'k', payload: '1', ttlMs: 100 }, bounds);
    expect(() => store.append('state2', { key: 'k', payload: '1' }, bounds)).toThrow(
      expect.objectContaining({ code: 'too-many' }),
    );
    pass(101);
    store.expire();
    expect(store.append('state2', { key: 'k', payload: '1' }, bounds)).toMatchObject({ offset: 1 });
  });
});

describe('bytes in memory', () => {
  it('LOG-3: a text that is not Latin-1 counts two bytes a unit, and so does a key', () => {
    const held = (payload: string, key = '') => {
      const { store } = setUp({ maxBytes: 100_000 });
      let n = 0;
      try {
        for (; n < 100; n++) store.append(`s${n}`, { key: `${n}${key}`, payload }, bounds);
      } catch {
        // Full.
      }
      return n;
    };
    const han = '\u4e2d'.repeat(2400);
    expect([held('\u00e9'.repeat(4800)), held(han), held('1'.repeat(4800)), held('1', han)]).toEqual([19, 19, 19, 20]);
  });

  it('LOG-3: what is known of publishers counts, and goes before entries are refused', () => {
    const { store } = setUp({ maxBytes: 1_000_000 });
    const publish = (n: number, retry = false) =>
      store.append('fleet', { key: 'k', payload: '1', producer: { id: `p${n}`, seq: 1 }, retry }, bounds);
    for (let n = 0; n < 9000; n++) publish(n);
    expect(store.bounds('fleet').top).toBe(9000);
    expect(() => publish(0, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    expect(publish(8999, true)).toMatchObject({ offset: 9000, duplicate: true });
  });

  it('LOG-3, PUB-11: what is known of a user with one client outlasts what is known of one with many', () => {
    const { store } = setUp({ maxBytes: 40_000 });
    const publish = (user: string, id: string, retry = false) =>
      store.append('fleet', { key: 'k', payload: '1', user, producer: { id, seq: 1 }, retry }, bounds);
    publish('bob', 'b');
    for (let n = 0; n < 1000; n++) publish('ada', `a${n}`);
    store.append('fleet', { key: 'large', payload: 'x'.repeat(35_500) }, bounds);
    expect(() => publish('ada', 'a970', true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    expect(publish('bob', 'b', true)).toMatchObject({ offset: 1, duplicate: true });
  });

  it('LOG-3: beyond their bound the large logs keep less, their oldest first, and small ones stay whole', () => {
    const { store } = setUp({ maxBytes: 1_000_000 });
    for (let n = 0; n < 10; n++) store.append('small', { payload: 'x' }, lasting);
    const wide = { ...lasting, bytes: 1e9 };
    for (let n = 0; n < 500; n++) store.append(`large${n % 3}`, { payload: 'x'.repeat(10_000) }, wide);
    expect(store.bounds('small')).toMatchObject({ floor: 0, top: 10 });
    const kept = [0, 1, 2].map((n) => store.read(`large${n}`, { limit: 1000 }));
    expect(kept.map(({ top }) => top)).toEqual([167, 167, 166]);
    expect(kept.flatMap(({ ops }) => ops).length * 10_000).toBeLessThan(1_000_000);
    for (const { ops, top } of kept) expect(ops.at(-1)?.offset ?? top).toBe(top);
  });

  it('LOG-3: where only states are left, what makes them grow is refused, and removals are not', () => {
    const { store } = setUp({ maxBytes: 100_000 });
    const put = (n: number) => store.append('fleet', { key: `${n}`, payload: 'x'.repeat(9_000) }, bounds);
    for (let n = 0; n < 10; n++) put(n);
    expect(() => put(10)).toThrow(expect.objectContaining({ code: 'too-large' }));
    store.append('fleet', { key: '0', payload: '', kind: 'delete' }, bounds);
    expect(put(10)).toMatchObject({ offset: 12 });
  });

  it('what is forgotten is counted no more', () => {
    const { store, pass } = setUp({ maxBytes: 100_000, maxLogs: 2 });
    for (let n = 0; n < 100; n++) {
      store.append(`room${n}`, { payload: 'x'.repeat(40_000) }, lasting);
      expect(store.bounds(`room${n}`)).toMatchObject({ floor: 0, top: 1 });
      pass(minute);
    }
  });
});

describe('channels that come and go', () => {
  const channels = defineChannels({
    'chat/:room': log({ presence: { grace: '10s' } }),
    'typing/:room': signal({}),
    'state/:id': map({}),
  });
  const full = () => {
    let ids = 0;
    const { clock } = createHarness(channels);
    return createHarness(channels, { store: new MemoryStore({ clock, makeId: () => `id${++ids}`, maxLogs: 50 }) });
  };

  it('LIM-8: reading takes no place, in whichever way', () => {
    const { connect, clock } = full();
    const peer = connect();
    for (let n = 0; n < 200; n++) {
      peer.send({ type: 'history', id: n, channel: `chat/r${n}`, limit: 1 });
      peer.send({ type: 'subscribe', id: n, channel: `chat/r${n}` });
      peer.send({ type: 'unsubscribe', id: n, channel: `chat/r${n}` });
      peer.send({ type: 'subscribe', id: n, channel: `state/r${n}` });
      peer.send({ type: 'unsubscribe', id: n, channel: `state/r${n}` });
      peer.send({
        type: 'publish',
        id: n,
        seq: n + 1,
        channel: `state/d${n}`,
        key: 'x',
        kind: 'delete',
        data: undefined,
      });
      peer.send({ type: 'exit', id: n, channel: `chat/r${n}` });
    }
    clock.advance(12_000);
    expect(peer.take('error')).toEqual([]);
    peer.send({ type: 'publish', id: 9999, seq: 9999, channel: 'chat/new', data: 1 });
    peer.send({ type: 'enter', id: 9998, channel: 'chat/new', data: {} });
    clock.turn();
    expect(peer.take('ack').at(-1)).toMatchObject({ id: 9999, offset: 1 });
    expect(peer.take('done').at(-1)).toMatchObject({ id: 9998 });
  });

  it('LIM-8: who comes and goes in ever new rooms leaves no place taken', () => {
    const { connect, clock } = full();
    const peer = connect();
    for (let n = 0; n < 200; n++) {
      peer.send({ type: 'enter', id: n, channel: `chat/r${n}`, data: {} });
      peer.send({ type: 'exit', id: n, channel: `chat/r${n}` });
    }
    clock.turn();
    expect(peer.take('error')).toEqual([]);
  });
});
