import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, only, operations, subscribedFrame } from '../testing/harness.js';

function live(bufferLimit = 4) {
  const h = new Harness();
  const resets: string[] = [];
  const subscription = h.client.channel('a').subscribe({ bufferLimit, onReset: ({ reason }) => resets.push(reason) });
  const [subscribe] = h.accept();
  h.link.say(subscribedFrame(subscribe, 0));
  const iterator = subscription[Symbol.asyncIterator]();
  const take = async (count: number): Promise<unknown[]> => {
    const values: unknown[] = [];
    for (let i = 0; i < count; i++) values.push((await iterator.next()).value?.data);
    return values;
  };
  return { h, subscription, iterator, take, resets };
}

describe('iteration', () => {
  it('gives messages in order, those that came before it was asked for as well', async () => {
    const { h, iterator, take, subscription } = live();
    h.link.say(messageFrame('a', 1, 2));
    expect(subscription.position).toEqual({ epoch: 'e1', offset: 0 });
    expect(await take(2)).toEqual([1, 2]);
    expect(subscription.position).toEqual({ epoch: 'e1', offset: 2 });
    const waiting = [iterator.next(), iterator.next()];
    h.link.say(messageFrame('a', 3, 4));
    expect((await Promise.all(waiting)).map(({ value }) => value?.data)).toEqual([3, 4]);
  });

  it('CLI-4: behind, it keeps no more than its limit, and reads on from the log when it drains', async () => {
    const { h, take, subscription } = live(4);
    for (let offset = 1; offset <= 100; offset++) h.link.say(messageFrame('a', offset));
    expect(subscription.state).toBe('paused');
    expect(h.link.take()).toEqual([]);
    expect(await take(4)).toEqual([1, 2, 3, 4]);
    const read = only(h.link.take()[0], 'history');
    expect(read).toMatchObject({ epoch: 'e1', after: 4 });
    h.link.say({
      type: 'page',
      id: read.id,
      channel: 'a',
      epoch: 'e1',
      offset: 5,
      ops: operations(5, 100),
      floor: 0,
      top: 100,
    });
    expect(subscription.state).toBe('paused');
    expect(await take(4)).toEqual([5, 6, 7, 8]);
    const rest = only(h.link.take()[0], 'history');
    h.link.say({
      type: 'page',
      id: rest.id,
      channel: 'a',
      epoch: 'e1',
      offset: 98,
      ops: operations(98, 100),
      floor: 97,
      top: 100,
    });
    expect(subscription.state).toBe('live');
    h.link.say(messageFrame('a', 101));
    expect(await take(3)).toEqual([98, 99, 100]);
  });

  it('G3: what was trimmed while it was behind is a reset on the next message', async () => {
    const { h, take, iterator, resets } = live(2);
    h.link.say(messageFrame('a', 1, 20));
    await take(2);
    const { id } = only(h.link.take()[0], 'history');
    h.link.say({
      type: 'page',
      id,
      channel: 'a',
      epoch: 'e1',
      offset: 20,
      ops: operations(20, 20),
      floor: 19,
      top: 20,
    });
    const { value } = await iterator.next();
    expect(value?.data).toBe(20);
    expect(value?.meta.reset).toEqual({
      reason: 'trimmed',
      position: { epoch: 'e1', offset: 19 },
      previous: { epoch: 'e1', offset: 2 },
    });
    expect(resets).toEqual(['trimmed']);
  });

  it('G3: a reset of the channel while it was behind comes in its place', async () => {
    const { h, take, iterator } = live(2);
    h.link.say(messageFrame('a', 1, 5), {
      type: 'reset',
      channel: 'a',
      reason: 'epoch-changed',
      epoch: 'e2',
      offset: 0,
    });
    h.link.say(messageFrame('a', 1, 1, 'e2'));
    expect(await take(2)).toEqual([1, 2]);
    const read = only(h.link.take()[0], 'history');
    expect(read).toMatchObject({ epoch: 'e2', after: 0 });
    h.link.say({
      type: 'page',
      id: read.id,
      channel: 'a',
      epoch: 'e2',
      offset: 1,
      ops: operations(1, 1),
      floor: 0,
      top: 1,
    });
    const { value } = await iterator.next();
    expect([value?.data, value?.meta.epoch, value?.meta.reset?.reason]).toEqual([1, 'e2', 'epoch-changed']);
  });

  describe('the position, when a reset comes', () => {
    const reset = { type: 'reset', channel: 'a', reason: 'epoch-changed', epoch: 'e2', offset: 0 } as const;

    it('G3: is behind one that onReset told, though no message follows (seed 91909)', () => {
      const { h, subscription, resets } = live();
      h.link.say(reset);
      expect(resets).toEqual(['epoch-changed']);
      expect(subscription.position).toEqual({ epoch: 'e2', offset: 0 });
    });

    it('G3: stays before the messages that came before it until they are taken', async () => {
      const { h, subscription, take } = live();
      h.link.say(messageFrame('a', 1, 2), reset);
      expect(subscription.position).toEqual({ epoch: 'e1', offset: 0 });
      await take(1);
      expect(subscription.position).toEqual({ epoch: 'e1', offset: 1 });
      await take(1);
      expect(subscription.position).toEqual({ epoch: 'e2', offset: 0 });
    });

    it('G3: waits for the message that tells of it where there is no onReset', async () => {
      const h = new Harness();
      const subscription = h.client.channel('a').subscribe({ from: { epoch: 'e1', offset: 4 } });
      const [subscribe] = h.accept();
      h.link.say(subscribedFrame(subscribe, 0, { epoch: 'e2', reset: 'epoch-changed' }));
      expect(subscription.position).toEqual({ epoch: 'e1', offset: 4 });
      h.link.say({ ...reset, epoch: 'e3' });
      expect(subscription.position).toEqual({ epoch: 'e1', offset: 4 });
      h.link.say(messageFrame('a', 1, 1, 'e3'));
      const { value } = await subscription[Symbol.asyncIterator]().next();
      expect(value?.meta.reset).toMatchObject({ previous: { epoch: 'e1', offset: 4 } });
      expect(subscription.position).toEqual({ epoch: 'e3', offset: 1 });
    });
  });

  it('leaving the loop unsubscribes', async () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const loop = (async () => {
      for await (const { data } of h.client.channel('a')) {
        seen.push(data);
        if (data === 2) break;
      }
    })();
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1, 3));
    await loop;
    expect(seen).toEqual([1, 2]);
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', channel: 'a' }]);
  });

  it('throws what ended the subscription, after the messages before it', async () => {
    const { h, take, iterator } = live();
    h.link.say(messageFrame('a', 1), { type: 'reset', channel: 'a', reason: 'revoked', epoch: 'e1', offset: 1 });
    expect(await take(1)).toEqual([1]);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(iterator.next()).resolves.toEqual({ value: undefined, done: true });
  });

  it('unsubscribe() ends it at once', async () => {
    const { h, iterator, subscription } = live();
    h.link.say(messageFrame('a', 1, 2));
    subscription.unsubscribe();
    await expect(iterator.next()).resolves.toEqual({ value: undefined, done: true });
    expect(subscription.state).toBe('ended');
  });

  it('a subscription with a handler cannot be iterated', () => {
    const h = new Harness();
    const subscription = h.client.channel('a').subscribe(() => {});
    expect(() => subscription[Symbol.asyncIterator]()).toThrow(TypeError);
  });
});
