import { describe, expect, it } from 'vitest';
import { type ResolvedRetention, type StateBounds, defineChannels, log, map, signal } from '@longwave/protocol';
import type { Watcher } from './ports.js';
import { MemoryStore, type MemoryStoreOptions } from './memory-store.js';
import { createHarness } from './testing/harness.js';

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

describe('bytes in memory', () => {
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
