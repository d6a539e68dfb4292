import { describe, expect, it } from 'vitest';
import { facade } from '@longwave/testkit';
import { gate, newStore, recorder, setUp } from '../testing/listeners.js';

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
    void inner.append('chat/a', { payload: '"kept"' }, { count: 5, bytes: 1e6, ageMs: 1e9 });
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
