import { type Subscribe, defineChannels, log, map, value } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../../testing/harness.js';
import { Replica } from '../../testing/replica.js';

const channels = defineChannels({
  quotes: map({ maxKeys: 5, maxBytes: 500, removals: 2 }),
  big: map({ maxKeys: 5000 }),
  score: value(),
  chat: log(),
});

function open(options = {}) {
  const harness = createHarness(channels, options);
  const put = (key: string, data: unknown, more = {}) => harness.engine.change('quotes', { key, data }, more);
  const watch = (channel = 'quotes', more: Partial<Subscribe> = {}, peer = harness.connect()) => {
    peer.send({ type: 'subscribe', id: peer.nextId(), channel, ...more });
    harness.clock.turn();
    const replica = new Replica(peer, channel, undefined, more.offset);
    return { peer, replica: more.offset === undefined ? replica.read() : replica };
  };
  return { ...harness, put, watch };
}

describe('a channel with state', () => {
  it('STATE-1: a newcomer stands at 0, gets the state in one act, and is told the mode', async () => {
    const { put, watch, clock } = open();
    await put('a', 1);
    await put('b', 2);
    await put('a', 3);
    const { peer, replica } = watch();
    expect(peer.take('subscribed')).toMatchObject([{ offset: 0, top: 3, mode: 'map' }]);
    expect(peer.take('changes')).toMatchObject([{ after: 0, offset: 3, replace: true }]);
    expect(replica.state).toEqual({ a: 3, b: 2 });
    await put('c', 4);
    clock.turn();
    expect(replica.read().state).toEqual({ a: 3, b: 2, c: 4 });
  });

  it('STATE-1: a newcomer to nothing is told that there is nothing', () => {
    const { watch } = open();
    expect(watch().peer.take('changes')).toMatchObject([{ after: 0, offset: 0, replace: true, ops: [] }]);
  });

  it('STATE-2: at the head every operation comes, in order, as it happened', async () => {
    const { put, watch, clock } = open();
    const { peer, replica } = watch();
    for (const n of [1, 2, 3]) await put('a', n);
    clock.turn();
    expect(peer.take('message').flatMap(({ ops }) => ops.map(({ data }) => data))).toEqual([1, 2, 3]);
    expect(replica.read().state).toEqual({ a: 3 });
  });

  it('STATE-2: who takes nothing for a while gets one merged update, whatever it missed', async () => {
    const { put, watch, clock } = open({ limits: { tailBytes: 400 } });
    const { peer, replica } = watch();
    peer.room = 1;
    await put('a', 0);
    clock.turn();
    for (let n = 1; n <= 1000; n++) await put(n % 2 ? 'a' : 'b', n);
    clock.turn();
    const before = replica.read().updates;
    expect(replica.state).toEqual({ a: 0 });
    peer.drain();
    clock.turn();
    expect(replica.read().state).toEqual({ a: 999, b: 1000 });
    expect(replica.updates).toBe(before + 1);
    expect(peer.take('changes').at(-1)!.ops).toHaveLength(2);
  });

  it('STATE-2: a state larger than a chunk comes in several frames that become one update', async () => {
    const { engine, clock, watch } = open({ limits: { chunkBytes: 1000 } });
    await engine.putAll(
      'big',
      Array.from({ length: 500 }, (_, i) => [`k${i}`, { i }] as const),
    );
    const { peer, replica } = watch('big');
    for (let i = 0; i < 100; i++) clock.turn();
    expect(peer.take('changes').length).toBeGreaterThan(10);
    expect(replica.read().updates).toBe(1);
    expect(replica.entries.size).toBe(500);
  });

  it('STATE-2: who is slow while entries change sees each of them, and each as it is last', async () => {
    const { engine, clock, watch } = open({ limits: { chunkBytes: 300, tailBytes: 300 } });
    await engine.putAll(
      'big',
      Array.from({ length: 100 }, (_, i) => [`k${i}`, 0] as const),
    );
    const { peer, replica } = watch('big');
    for (let n = 1; n <= 300; n++) {
      // The hot ones change faster than the reader reads.
      for (let i = 0; i < 20; i++) await engine.change('big', { key: `k${i}`, data: n });
      peer.drain(1);
      clock.turn();
      if (n === 60) expect(replica.read().entries.size).toBe(100);
    }
    peer.drain();
    clock.turn();
    expect(replica.read().state).toEqual(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i < 20 ? 300 : 0])),
    );
  });

  it('STATE-4: a resume brings what changed since, and removals by name', async () => {
    const { put, engine, watch, store } = open();
    await put('a', 1);
    await put('b', 2);
    await put('c', 3);
    const { epoch } = await store.bounds('quotes');
    await put('a', 4);
    await engine.change('quotes', { key: 'b', kind: 'delete' });
    const { peer } = watch('quotes', { epoch, offset: 3 });
    const [changes] = peer.take('changes');
    expect(changes).toMatchObject({ after: 3, offset: 5 });
    expect(changes!.replace).toBeUndefined();
    expect(changes!.ops).toMatchObject([
      { key: 'a', data: 4, version: 4 },
      { key: 'b', kind: 'delete', version: 5 },
    ]);
  });

  it('STATE-3, STATE-4: where removals are forgotten the state is replaced, what is known is kept, and nobody is reset', async () => {
    const { put, engine, watch, store } = open({ limits: { tailBytes: 1 } });
    for (const key of ['a', 'b', 'c', 'd']) await put(key, key);
    const { epoch } = await store.bounds('quotes');
    for (const key of ['a', 'b', 'c']) await engine.change('quotes', { key, kind: 'delete' });
    await put('e', 'e');
    const { peer } = watch('quotes', { epoch, offset: 4 });
    expect(peer.take('subscribed')[0]!.reset).toBeUndefined();
    expect(peer.take('changes')).toMatchObject([
      { after: 4, offset: 8, replace: true, keep: ['d'], ops: [{ key: 'e', data: 'e' }] },
    ]);
  });

  it('SUB-4: a position in another epoch or beyond the end is reset once, and the state comes anew', async () => {
    const { put, watch, store } = open();
    await put('a', 1);
    const { epoch } = await store.bounds('quotes');
    expect(watch('quotes', { epoch: 'other', offset: 1 }).peer.take('subscribed')).toMatchObject([
      { offset: 0, reset: 'epoch-changed' },
    ]);
    const { peer } = watch('quotes', { epoch, offset: 9 });
    expect(peer.take('subscribed')).toMatchObject([{ offset: 0, reset: 'truncated' }]);
    expect(peer.take('changes')).toMatchObject([{ replace: true, ops: [{ key: 'a' }] }]);
  });

  it('STATE-6: an owned state is loaded once, and a change that it includes is a duplicate', async () => {
    const { engine, watch, put, clock } = open();
    let loads = 0;
    engine.own('quotes', () => {
      loads++;
      return Promise.resolve({ entries: [['a', 1] as const, ['b', 2] as const], at: 10 });
    });
    const { peer, replica } = watch();
    const second = put('a', 'early', { at: 10 });
    await second;
    clock.turn();
    expect((await second).duplicate).toBe(true);
    expect(replica.read().state).toEqual({ a: 1, b: 2 });
    await put('a', 'later', { at: 11 });
    clock.turn();
    expect(replica.read().state).toEqual({ a: 'later', b: 2 });
    expect(loads).toBe(1);
    expect(peer.take('error')).toEqual([]);
  });

  it('STATE-6: a state that cannot be loaded is unavailable, and asked for again', async () => {
    const { engine, put, errors } = open();
    let fails = true;
    engine.own('quotes', () => {
      if (fails) throw new Error('the database is down');
      return { entries: [['a', 1]] };
    });
    await expect(put('b', 2)).rejects.toMatchObject({ code: 'unavailable' });
    expect(errors).toHaveLength(1);
    fails = false;
    await put('b', 2);
    expect((await engine.entries('quotes')).ops.map(({ key }) => key)).toEqual(['a', 'b']);
  });
});

describe('changes', () => {
  it('MAP-1: a log takes no entry, a map no change without a key, a value none with one', async () => {
    const { connect, clock, engine } = open();
    const peer = connect();
    peer.send(
      { type: 'publish', id: 1, channel: 'chat', seq: 1, data: 1, key: 'a' },
      { type: 'publish', id: 2, channel: 'quotes', seq: 2, data: 1 },
      { type: 'publish', id: 3, channel: 'score', seq: 3, data: 1, key: 'a' },
      { type: 'publish', id: 4, channel: 'score', seq: 4, data: 1 },
      { type: 'history', id: 5, channel: 'score', limit: 1 },
    );
    clock.turn();
    expect(peer.take('error').map(({ id, code }) => [id, code])).toEqual([
      [1, 'wrong-mode'],
      [2, 'wrong-mode'],
      [3, 'wrong-mode'],
      [5, 'wrong-mode'],
    ]);
    expect(peer.take('ack')).toMatchObject([{ id: 4, offset: 1 }]);
    await expect(engine.publish('score', 1)).rejects.toMatchObject({ code: 'wrong-mode' });
    await expect(engine.change('chat', { data: 1 })).rejects.toMatchObject({ code: 'wrong-mode' });
  });

  it('SUB-10: `last` says nothing of a state, and history is refused', async () => {
    const { put, watch, clock } = open();
    await put('a', 1);
    await put('b', 2);
    const { peer } = watch('quotes', { last: 1 });
    peer.send({ type: 'history', id: 9, channel: 'quotes', limit: 1 });
    clock.turn();
    expect(peer.take('changes')).toMatchObject([{ replace: true, ops: [{ key: 'a' }, { key: 'b' }] }]);
    expect(peer.take('error')).toMatchObject([{ id: 9, code: 'wrong-mode' }]);
  });

  it('MAP-2: put, patch and delete; a delete of nothing stores nothing', async () => {
    const { engine, put, store } = open();
    await put('a', { x: 1, y: { z: 1 } });
    await engine.change('quotes', { key: 'a', kind: 'patch', data: { x: null, y: { w: 2 } } });
    expect((await engine.entries('quotes', 'a')).ops[0]!.payload).toBe('{"y":{"z":1,"w":2}}');
    expect(await engine.change('quotes', { key: 'b', kind: 'delete' })).toMatchObject({
      position: { offset: 2 },
      duplicate: true,
    });
    await engine.change('quotes', { key: 'a', kind: 'delete' });
    expect((await engine.entries('quotes')).ops).toEqual([]);
    expect((await store.bounds('quotes')).top).toBe(3);
  });

  it('MAP-3: compare and set by version', async () => {
    const { put, engine } = open();
    const { offset } = (await put('a', 1, { expect: 0 })).position;
    await expect(put('a', 2, { expect: 0 })).rejects.toMatchObject({ code: 'conflict' });
    await put('a', 2, { expect: offset });
    await expect(
      engine.change('quotes', { key: 'a', kind: 'patch', data: { x: 1 } }, { expect: offset }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(engine.change('quotes', { key: 'a', kind: 'delete' }, { expect: offset })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('MAP-4: an entry expires, unless it is changed again', async () => {
    const { put, watch, clock } = open();
    await put('a', 1, { ttl: '3s' });
    await put('b', 1, { ttl: 3000 });
    const { peer, replica } = watch();
    clock.advance(2000);
    await put('b', 2, { ttl: 3000 });
    await put('a', 1.5, { ttl: '1.5s' });
    clock.advance(2500);
    expect(replica.read().state).toEqual({ b: 2 });
    expect(peer.take('message').at(-1)!.ops).toMatchObject([{ key: 'a', kind: 'expire' }]);
    await put('b', 3);
    clock.advance(10_000);
    expect(replica.read().state).toEqual({ b: 3 });
  });

  it('MAP-5: a patch travels as a patch to those who have the value, and as the value to others', async () => {
    const { put, engine, watch, clock } = open();
    const long = 'x'.repeat(100);
    await put('a', { long, n: 1 });
    const { peer, replica } = watch();
    await engine.change('quotes', { key: 'a', kind: 'patch', data: { n: 2 } });
    clock.turn();
    expect(peer.take('message')[0]!.ops).toMatchObject([{ key: 'a', kind: 'patch', data: { n: 2 } }]);
    expect(replica.read().state).toEqual({ a: { long, n: 2 } });
    expect(watch().replica.state).toEqual({ a: { long, n: 2 } });
    await engine.change('quotes', { key: 'new', kind: 'patch', data: { n: 1, m: null } });
    clock.turn();
    expect(replica.read().state).toEqual({ a: { long, n: 2 }, new: { n: 1 } });
  });

  it('MAP-5: patches that were missed are composed where a patch can say it', async () => {
    const { put, engine, watch, clock } = open();
    const long = 'x'.repeat(100);
    await put('a', { long, n: 1, o: { p: 1 } });
    const { peer, replica } = watch();
    const patch = (data: unknown) => engine.change('quotes', { key: 'a', kind: 'patch', data });
    const miss = async (...patches: unknown[]) => {
      peer.room = 1;
      await put('b', 0);
      clock.turn();
      for (const data of patches) await patch(data);
      clock.turn();
      peer.drain();
      clock.turn();
      return peer
        .take('changes')
        .at(-1)!
        .ops.find(({ key }) => key === 'a');
    };
    expect(await miss({ n: 2 }, { m: 3, n: 4 })).toMatchObject({ kind: 'patch', data: { n: 4, m: 3 } });
    // That the object is another one cannot be said.
    expect(await miss({ o: 1 }, { o: { q: 2 } })).toMatchObject({ data: { long, n: 4, m: 3, o: { q: 2 } } });
    expect(replica.read().state).toMatchObject({ a: { long, n: 4, m: 3, o: { q: 2 } } });
  });

  it('MAP-6: a channel refuses to grow beyond its bounds', async () => {
    const { put } = open();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await put(key, 1);
    await expect(put('f', 1)).rejects.toMatchObject({ code: 'too-many' });
    await put('a', 'x'.repeat(400));
    await expect(put('b', 'x'.repeat(100))).rejects.toMatchObject({ code: 'too-large' });
    await put('a', 2);
    await put('b', 'x'.repeat(100));
  });

  it('PUB-2: a repeated change is stored once, and one that is refused by its version is not', () => {
    const { connect, clock, store } = open();
    const peer = connect();
    const publish = { type: 'publish', channel: 'quotes', key: 'a', data: 1 } as const;
    peer.send(
      { ...publish, id: 1, seq: 1, expect: 0 },
      { ...publish, id: 2, seq: 1, expect: 0, retry: true },
      { ...publish, id: 3, seq: 2, expect: 0 },
    );
    clock.turn();
    expect(peer.take('ack')).toMatchObject([
      { id: 1, offset: 1 },
      { id: 2, offset: 1, duplicate: true },
    ]);
    expect(peer.take('error')).toMatchObject([{ id: 3, code: 'conflict' }]);
    expect(store.bounds('quotes')).toMatchObject({ top: 1 });
  });
});

describe('a mode of one own', () => {
  it('is two functions: a counter that is added to', async () => {
    const sum = (a: unknown, b: unknown) => JSON.stringify(Number(a ?? 0) + Number(b));
    const modes = {
      counter: {
        keyed: true,
        fold: (before: unknown, _kind: unknown, change: unknown) => sum(before, change),
        merge: (_earlier: unknown, later: { delta?: unknown }) => ({ ...later, delta: undefined }) as never,
      },
    };
    const harness = createHarness({ votes: { ...map(), mode: 'counter' } }, { modes });
    const peer = harness.connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'votes' });
    const add = (key: string, data: number) => harness.engine.change('votes', { key, kind: 'patch', data });
    await add('yes', 2);
    await add('yes', 3);
    await add('no', 1);
    harness.clock.turn();
    expect(peer.take('subscribed')).toMatchObject([{ mode: 'counter' }]);
    expect(new Replica(peer, 'votes').read().state).toEqual({ yes: 5, no: 1 });
  });
});
