import { describe, expect, it } from 'vitest';
import type { MapChange } from '@longwave/protocol';
import type { MemoryStore } from '../store/memory-store.js';
import { facade } from '@longwave/testkit';
import { gate, newStore, setUp } from '../testing/listeners.js';

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
        watchers.add(() => {
          void begin();
          watcher.learn(two.bounds(channel));
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
    void two.append('title', { payload: '"after"', kind: 'put' }, { keys: 1, bytes: 1e6, removals: 10 });
    for (const begin of watchers) begin();
    await pass(1000);
    expect(log).toEqual([['before', undefined], 'epoch-changed', ['after', 'epoch-changed']]);
  });
});
