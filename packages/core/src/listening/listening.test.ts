import { describe, expect, it, onTestFinished } from 'vitest';
import { type MapChange, type ResetInfo, defineChannels, log, map, value } from '@longwave/protocol';
import type { Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { facade } from '../testing/facade.js';
import { createHarness } from '../testing/harness.js';
import type { MessageMeta } from './log-reading.js';

const channels = defineChannels({
  'chat/:room': log({ retain: { count: 5 } }),
  deep: log(),
  cars: map(),
  title: value(),
});

const newStore = (makeId: () => string = () => 'epoch') => new MemoryStore({ clock: { now: () => 1_000_000 }, makeId });

/** Nodes over one store, each with a clock of its own. */
function setUp({ count = 1, store = newStore() as Store } = {}) {
  const nodes = Array.from({ length: count }, (_, i) => {
    let ids = 0;
    return createHarness(channels, {
      store: facade(store, { close: () => undefined }),
      makeId: () => `node-${i}-${++ids}`,
      cluster: { label: `host ${i}` },
    });
  });
  onTestFinished(async () => {
    for (const { engine } of nodes) await engine.close();
  });
  /** What is under way is over: turns of the loop, and promises between them. */
  const settle = async (isDone?: () => boolean): Promise<void> => {
    for (let i = 0; i < (isDone ? 5000 : 30) && !isDone?.(); i++) {
      for (const { clock } of nodes) clock.turn();
      await Promise.resolve();
    }
  };
  const pass = async (ms: number): Promise<void> => {
    for (const { clock } of nodes) clock.advance(ms);
    await settle();
  };
  return { nodes, node: nodes[0]!, store, settle, pass };
}

/** A handler that remembers, and the promises that it has still to settle. */
function recorder() {
  const told: unknown[] = [];
  const metas: MessageMeta[] = [];
  const resets: ResetInfo[] = [];
  return {
    told,
    metas,
    resets,
    onReset: (reset: ResetInfo) => void resets.push(reset),
    handler: (data: unknown, meta: MessageMeta): void => {
      told.push(data);
      metas.push(meta);
    },
  };
}

function gate() {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

describe('a subscription of the application to a log', () => {
  it('is told of what is stored, on whichever node it was published, in the order of the log', async () => {
    const { nodes, settle } = setUp({ count: 2 });
    const { told, metas, handler } = recorder();
    const subscription = nodes[0]!.engine.listening.subscribe('chat/a', {}, handler);
    expect(await subscription.ready).toEqual({ epoch: 'epoch', offset: 0 });
    await nodes[1]!.engine.publish('chat/a', 'one', { id: 'm1', user: 'ada' });
    await nodes[0]!.engine.publish('chat/a', 'two');
    expect(told).toEqual([]);
    await settle();
    expect(told).toEqual(['one', 'two']);
    expect(metas[0]).toEqual({
      ...{ channel: 'chat/a', epoch: 'epoch', offset: 1, time: 1_000_000, id: 'm1', user: 'ada' },
      ...{ recovered: false, reset: undefined },
    });
    expect(subscription.position).toEqual({ epoch: 'epoch', offset: 2 });
  });

  it('SUB-1: begins where it is asked to', async () => {
    const { node, settle } = setUp();
    for (let i = 1; i <= 7; i++) await node.engine.publish('chat/a', i);
    const begin = async (from: 'now' | 'start' | { last: number } | { epoch: string; offset: number }) => {
      const { told, metas, handler } = recorder();
      node.engine.listening.subscribe('chat/a', { from }, handler);
      await settle();
      return [told, metas.every(({ recovered }) => recovered)];
    };
    expect(await begin('now')).toEqual([[], true]);
    expect(await begin('start')).toEqual([[3, 4, 5, 6, 7], true]);
    expect(await begin({ last: 2 })).toEqual([[6, 7], true]);
    expect(await begin({ epoch: 'epoch', offset: 5 })).toEqual([[6, 7], true]);
  });

  it('goes on after a restart from the position that was saved, without loss or repetition', async () => {
    const { node, settle, store } = setUp();
    const first = recorder();
    const subscription = node.engine.listening.subscribe('chat/a', {}, first.handler);
    await subscription.ready;
    await node.engine.publish('chat/a', 1);
    await settle();
    const saved = subscription.position!;
    await node.engine.close();
    expect(subscription.state).toBe('ended');
    const next = setUp({ store });
    await next.node.engine.publish('chat/a', 2);
    const second = recorder();
    next.node.engine.listening.subscribe('chat/a', { from: saved }, second.handler);
    await next.node.engine.publish('chat/a', 3);
    await next.settle();
    expect([first.told, second.told]).toEqual([[1], [2, 3]]);
  });

  it('SUB-4: tells a reset before what comes after it', async () => {
    const { node, settle } = setUp();
    for (let i = 1; i <= 9; i++) await node.engine.publish('chat/a', i);
    const { told, metas, resets, handler, onReset } = recorder();
    const from = { epoch: 'epoch', offset: 2 };
    const subscription = node.engine.listening.subscribe('chat/a', { from, onReset }, handler);
    await settle();
    const reset = { reason: 'trimmed', position: { epoch: 'epoch', offset: 4 }, previous: from };
    expect(resets).toEqual([reset]);
    expect(await subscription.ready).toEqual({ epoch: 'epoch', offset: 4 });
    expect(told).toEqual([5, 6, 7, 8, 9]);
    expect(metas.map((meta) => meta.reset)).toEqual([reset, undefined, undefined, undefined, undefined]);
    const other = recorder();
    node.engine.listening.subscribe('chat/a', { from: { epoch: 'other', offset: 6 } }, other.handler);
    await settle();
    expect(other.metas[0]).toMatchObject({ offset: 5, reset: { reason: 'epoch-changed' } });
  });

  it('awaits the handler, and reads on from the log what came meanwhile', async () => {
    const { node, settle } = setUp();
    const first = gate();
    const told: unknown[] = [];
    let running = 0;
    const subscription = node.engine.listening.subscribe('deep', {}, async (data) => {
      expect(++running).toBe(1);
      if (told.length === 0) await first.passed;
      told.push((data as { i: number }).i);
      running--;
    });
    await subscription.ready;
    // Far more than a chunk, and than the tail that a node keeps.
    const pad = 'x'.repeat(20_000);
    await node.engine.publish('deep', { i: 0, pad });
    await settle();
    for (let i = 1; i <= 200; i++) {
      await node.engine.publish('deep', { i, pad });
      node.clock.turn();
    }
    await settle();
    expect([told, subscription.position?.offset]).toEqual([[], 0]);
    first.open();
    await settle(() => told.length === 201);
    expect(told).toEqual(Array.from({ length: 201 }, (_, i) => i));
    await settle();
    expect(subscription.position?.offset).toBe(201);
  });

  it('tells a reset when a handler was so slow that messages are gone', async () => {
    const { node, settle } = setUp();
    const first = gate();
    const { resets, onReset } = recorder();
    const offsets: number[] = [];
    const subscription = node.engine.listening.subscribe('chat/a', { onReset }, async (_, { offset }) => {
      offsets.push(offset);
      if (offset === 1) await first.passed;
    });
    await subscription.ready;
    // More than the node's tail holds.
    const pad = 'x'.repeat(60_000);
    for (let i = 1; i <= 30; i++) {
      await node.engine.publish('chat/a', pad);
      await settle();
    }
    first.open();
    await settle();
    expect(resets).toMatchObject([{ reason: 'trimmed', position: { offset: 25 }, previous: { offset: 1 } }]);
    expect(offsets).toEqual([1, 26, 27, 28, 29, 30]);
  });

  it('goes on when a handler throws, rejects or answers something that is awaited', async () => {
    const { node, settle } = setUp();
    const told: unknown[] = [];
    const subscription = node.engine.listening.subscribe('chat/a', {}, (data) => {
      told.push(data);
      if (data === 1) throw new Error('thrown');
      return data === 2 ? Promise.reject(new Error('rejected')) : { then: (done: () => void) => done() };
    });
    await subscription.ready;
    for (const i of [1, 2, 3, 4]) await node.engine.publish('chat/a', i);
    await settle();
    expect(told).toEqual([1, 2, 3, 4]);
    expect(subscription.position?.offset).toBe(4);
    expect(node.errors).toMatchObject([
      [expect.stringContaining('chat/a'), { message: 'thrown' }],
      [expect.stringContaining('chat/a'), { message: 'rejected' }],
    ]);
  });

  it('ends by unsubscribe at once, also from within a handler, and lets go of the channel', async () => {
    const { node, settle } = setUp();
    const told: unknown[] = [];
    const before = node.engine.stats.channels;
    const subscription = node.engine.listening.subscribe('chat/a', {}, (data) => {
      told.push(data);
      subscription.unsubscribe();
    });
    await subscription.ready;
    expect(node.engine.stats.channels).toBe(before + 1);
    for (const i of [1, 2, 3]) await node.engine.publish('chat/a', i);
    await settle();
    expect([told, subscription.state, node.engine.stats.channels]).toEqual([[1], 'ended', before]);
    const early = node.engine.listening.subscribe('chat/a', {}, (data) => void told.push(data));
    early.unsubscribe();
    await expect(early.ready).resolves.toMatchObject({ offset: 3 });
    await node.engine.publish('chat/a', 4);
    await settle();
    expect(told).toEqual([1]);
  });

  it('ends with the engine, which takes no more of them', async () => {
    const { node } = setUp({ store: facade(newStore(), { watch: () => new Promise<never>(() => undefined) }) });
    const waiting = node.engine.listening.subscribe('chat/a', {}, () => undefined);
    await node.engine.close();
    await expect(waiting.ready).rejects.toMatchObject({ code: 'closed' });
    expect(() => node.engine.listening.subscribe('chat/a', {}, () => undefined)).toThrow(
      expect.objectContaining({ code: 'closed' }),
    );
  });

  it('refuses at once what cannot be', () => {
    const { listening } = setUp().node.engine;
    const handler = () => undefined;
    expect(() => listening.subscribe('nowhere', {}, handler)).toThrow(
      expect.objectContaining({ code: 'unknown-channel' }),
    );
    expect(() => listening.subscribe('cars', {}, handler)).toThrow(expect.objectContaining({ code: 'wrong-mode' }));
    expect(() => listening.watch('chat/a', {}, handler)).toThrow(expect.objectContaining({ code: 'wrong-mode' }));
    expect(() => listening.watch('cars', { rate: -1 })).toThrow(expect.objectContaining({ code: 'invalid-data' }));
    expect(() => listening.subscribe('chat/a', {}, undefined as never)).toThrow(/handler is undefined/);
    expect(() => listening.subscribe('chat/a', { from: 3 as never }, handler)).toThrow(/from is 3; it must be 'now'/);
    expect(() => listening.watch('cars', { count: true } as never)).toThrow(/no option 'count'/);
  });
});

describe('while the store is away', () => {
  function flaky() {
    const store = newStore();
    let away = false;
    const failing =
      <A extends unknown[], R>(method: (...args: A) => R) =>
      (...args: A): R => {
        if (away) throw new Error('The store is away.');
        return method(...args);
      };
    const facing = facade(store, {
      bounds: failing((channel) => store.bounds(channel)),
      read: failing((channel, query) => store.read(channel, query)),
      watch: failing((channel, watcher) => store.watch(channel, watcher)),
    });
    return { store: facing, inner: store, setAway: (is: boolean) => void (away = is) };
  }

  it('a subscription waits, is logged once, and begins when the store is back', async () => {
    const { store, inner, setAway } = flaky();
    setAway(true);
    const { node, pass } = setUp({ store });
    const { told, handler } = recorder();
    const subscription = node.engine.listening.subscribe('chat/a', { from: 'start' }, handler);
    await pass(5000);
    expect(subscription.state).toBe('pending');
    const mine = node.errors.filter((error) => String(error).includes('own subscription'));
    expect(mine.length).toBeLessThanOrEqual(1);
    await inner.append('chat/a', { payload: '"kept"' }, { count: 5, bytes: 1e6, ageMs: 1e9 });
    setAway(false);
    await pass(2000);
    expect([subscription.state, told]).toEqual(['live', ['kept']]);
  });

  it('a slow one reads on afterwards, without loss', async () => {
    const { store, setAway } = flaky();
    const { node, settle, pass } = setUp({ store });
    const first = gate();
    const offsets: number[] = [];
    const subscription = node.engine.listening.subscribe('deep', {}, async (_, { offset }) => {
      offsets.push(offset);
      if (offset === 1) await first.passed;
    });
    await subscription.ready;
    const pad = 'x'.repeat(60_000);
    for (let i = 1; i <= 30; i++) {
      await node.engine.publish('deep', pad);
      await settle();
    }
    setAway(true);
    first.open();
    await pass(3000);
    expect(offsets).toEqual([1]);
    setAway(false);
    await pass(3000);
    await settle(() => offsets.length === 30);
    expect(offsets).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });
});

it('goes on from where it stood when it cannot be delivered to', async () => {
  const inner = newStore();
  let poison = true;
  const store = facade(inner, {
    watch: (channel, watcher) =>
      inner.watch(channel, {
        learn: (bounds) => watcher.learn(bounds),
        announce: (epoch, op) => {
          if (op.offset !== 2 || !poison) return watcher.announce(epoch, op);
          poison = false;
          const broken = Object.defineProperty({ ...op }, 'payload', { get: () => expect.fail('cannot be read') });
          watcher.announce(epoch, broken);
        },
      }),
  });
  const { node, settle, pass } = setUp({ store });
  const { told, resets, handler, onReset } = recorder();
  const subscription = node.engine.listening.subscribe('deep', { onReset }, handler);
  await subscription.ready;
  for (const i of [1, 2, 3]) {
    await node.engine.publish('deep', i);
    await settle();
  }
  expect([told, poison]).toEqual([[1], false]);
  await pass(1000);
  expect([told, resets, subscription.state]).toEqual([[1, 2, 3], [], 'live']);
});

describe('a watch of the application', () => {
  it('tells the first state and each change, on whichever node it was made', async () => {
    const { nodes, settle } = setUp({ count: 2 });
    await nodes[1]!.engine.change('cars', { key: 'a', data: { x: 1 } });
    const changes: MapChange[] = [];
    const watch = nodes[0]!.engine.listening.watch('cars', {}, (_, change) => void changes.push(change));
    await settle();
    expect(await watch.ready).toMatchObject({ offset: 1 });
    await nodes[1]!.engine.change('cars', { key: 'b', data: { x: 2 } });
    await settle();
    await nodes[1]!.engine.change('cars', { key: 'a', kind: 'patch', data: { y: 3 } });
    await settle();
    await nodes[0]!.engine.change('cars', { key: 'b', kind: 'delete', data: undefined });
    await settle();
    expect(changes).toMatchObject([
      { added: ['a'], updated: [], removed: [], initial: true, reset: undefined },
      { added: ['b'], initial: false },
      { updated: ['a'] },
      { removed: [{ key: 'b', why: 'delete', last: { value: { x: 2 } } }] },
    ]);
    expect(Object.fromEntries(watch.entries)).toEqual({ a: { x: 1, y: 3 } });
    expect(watch.entry('a')).toMatchObject({ version: 3, value: { x: 1, y: 3 } });
    expect(watch.position).toEqual({ epoch: 'epoch', offset: 4 });
  });

  it('VIEW-1: shows a part of it', async () => {
    const { node, settle } = setUp();
    for (const [key, kind] of Object.entries({ a: 'truck', b: 'bus', c: 'truck' })) {
      await node.engine.change('cars', { key, data: { kind } });
    }
    const removed: unknown[] = [];
    const watch = node.engine.listening.watch('cars', { where: { kind: 'truck' } }, (_, change) => {
      removed.push(...change.removed.map(({ key, why }) => [key, why]));
    });
    await settle();
    expect([...watch.entries.keys()]).toEqual(['a', 'c']);
    await node.engine.change('cars', { key: 'a', data: { kind: 'bus' } });
    await settle();
    expect([[...watch.entries.keys()], removed]).toEqual([['c'], [['a', 'leave']]]);
  });

  it('gathers changes while its handler is busy', async () => {
    const { node, settle } = setUp();
    const first = gate();
    const seen: unknown[] = [];
    const watch = node.engine.listening.watch('cars', {}, async (entries, change) => {
      seen.push([entries.get('a'), change.updated]);
      if (seen.length === 2) await first.passed;
    });
    await settle();
    expect(watch.state).toBe('live');
    for (let i = 1; i <= 50; i++) {
      await node.engine.change('cars', { key: 'a', data: i });
      await settle();
    }
    first.open();
    await settle();
    expect(seen).toEqual([
      [undefined, []],
      [1, []],
      [50, ['a']],
    ]);
  });

  it('SUB-4: tells a reset, then the state that came in its place', async () => {
    const one = newStore(() => 'first');
    const two = newStore(() => 'second');
    let current: MemoryStore = one;
    const watchers = new Set<() => void>();
    const store = facade(one, {
      append: (...args) => current.append(...args),
      read: (...args) => current.read(...args),
      bounds: (...args) => current.bounds(...args),
      watch: (channel, watcher) => {
        const begin = () => current.watch(channel, watcher);
        watchers.add(async () => {
          void begin();
          watcher.learn(await current.bounds(channel));
        });
        return begin();
      },
    });
    const { node, settle, pass } = setUp({ store });
    await node.engine.change('title', { data: 'before' });
    const log: unknown[] = [];
    node.engine.listening.watch('title', { onReset: ({ reason }) => void log.push(reason) }, (entries, { reset }) => {
      log.push([entries.get(''), reset?.reason]);
    });
    await settle();
    current = two;
    await two.append('title', { payload: '"after"', kind: 'put' }, { keys: 1, bytes: 1e6, removals: 10 });
    for (const begin of watchers) begin();
    await pass(1000);
    expect(log).toEqual([['before', undefined], 'epoch-changed', ['after', 'epoch-changed']]);
  });
});
