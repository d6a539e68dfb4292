import { describe, expect, it } from 'vitest';
import { facade } from '@longwave/testkit';
import { gate, newStore, recorder, setUp } from '../testing/listeners.js';

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
      ...{ mine: false, redacted: false, recovered: false, reset: undefined },
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
