import { describe, expect, it } from 'vitest';
import { messageFrame, only, operations, subscribedFrame, typesOf } from '../testing/harness.js';
import { settle, startLate } from '../testing/late-parts.js';

it('CLI-21: a page that reads logs loads no other part', () => {
  const { h, loads } = startLate();
  const got: unknown[] = [];
  h.client.channel('a').subscribe((data) => got.push(data));
  const [subscribe] = h.accept();
  h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1, 2));
  h.client.close();
  expect([got, loads]).toEqual([[1, 2], { states: [], sending: [], links: [] }]);
});

describe('publishes and calls while their part is loaded', () => {
  it('CLI-21: are sent as they were given, in the order of the calls', async () => {
    const { h, loads } = startLate();
    h.accept();
    const room = h.client.channel('a');
    const data = { text: 'first' };
    const first = room.publish(data, { id: 'm1' });
    data.text = 'changed';
    const sum = h.client.call('add', { a: 1 });
    const second = room.publish('second');
    expect(() => room.publish(5n)).toThrow(TypeError);
    expect([h.link.take(), loads.sending.length]).toEqual([[], 1]);
    loads.sending[0]!.give();
    await settle();
    const [publish, call, next] = h.link.take();
    expect([publish, call, next]).toMatchObject([
      { type: 'publish', seq: 1, messageId: 'm1', data: { text: 'first' } },
      { type: 'call', method: 'add', data: { a: 1 } },
      { type: 'publish', seq: 2, data: 'second' },
    ]);
    const ack = { type: 'ack', epoch: 'e1', durability: 'memory' } as const;
    h.link.say({ ...ack, id: only(publish, 'publish').id, offset: 1 });
    h.link.say({ ...ack, id: only(next, 'publish').id, offset: 2 });
    h.link.say({ type: 'reply', id: only(call, 'call').id, data: 3 });
    expect([(await first).position.offset, await sum, (await second).position.offset]).toEqual([1, 3, 2]);
    h.client.close();
  });

  it('CLI-21: are sent once when loading failed before, and each failure is told with a code', async () => {
    const { h, loads } = startLate();
    h.accept();
    const published = h.client.channel('a').publish(1);
    for (const times of [1, 2, 3]) {
      loads.sending[times - 1]!.fail();
      await settle();
      expect(h.diagnostics.filter(({ kind }) => kind === 'load')).toHaveLength(times);
      expect(h.diagnostics.at(-1)).toMatchObject({ cause: { code: 'unavailable', advice: 'retry' } });
      expect(h.client.state.status).toBe('connected');
      h.clock.advance(1_000);
      expect(loads.sending).toHaveLength(times + 1);
    }
    loads.sending[3]!.give();
    await settle();
    const frames = h.link.take().filter(({ type }) => type === 'publish');
    expect(frames).toHaveLength(1);
    h.client.close();
    await expect(published).rejects.toMatchObject({ code: 'closed' });
    expect(h.clock.timers).toBe(0);
  });

  it('are given up by their time and their signal, and are not sent then', async () => {
    const { h, loads } = startLate();
    h.accept();
    const signal = new AbortController();
    const timed = h.client.channel('a').publish(1, { timeout: '2s' });
    const aborted = h.client.channel('a').publish(2, { signal: signal.signal });
    const called = h.client.call('slow');
    const patient = h.client.channel('a').publish(3, { timeout: '3s' });
    const over = Promise.allSettled([timed, aborted, called, patient]);
    signal.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    await expect(h.client.channel('a').publish(4, { signal: signal.signal })).rejects.toThrow('gone');
    h.clock.advance(2_000);
    await expect(timed).rejects.toMatchObject({ code: 'timeout' });
    loads.sending[0]!.give();
    await settle();
    expect(h.link.take()).toMatchObject([{ type: 'call' }, { type: 'publish', data: 3 }]);
    // The time of loading counts.
    h.clock.advance(1_000);
    await expect(patient).rejects.toMatchObject({ code: 'timeout' });
    h.client.close();
    await over;
  });

  it('end with the client, and leave no timer', async () => {
    const { h } = startLate();
    const published = h.client.channel('a').publish(1, { timeout: '1m' });
    const called = h.client.call('x');
    h.client.close();
    await expect(published).rejects.toMatchObject({ code: 'closed' });
    await expect(called).rejects.toMatchObject({ code: 'closed' });
    expect(h.clock.timers).toBe(0);
  });

  it('are at most a thousand', async () => {
    const { h } = startLate();
    const all = Array.from({ length: 1_001 }, (_, n) => h.client.channel('a').publish(n));
    const settled = Promise.allSettled(all);
    await expect(all.at(-1)).rejects.toMatchObject({ code: 'outbox-full' });
    h.client.close();
    await settled;
  });
});

it('a subscription that has to read the log misses nothing while the reader is loaded', async () => {
  const { h, loads } = startLate();
  const got: unknown[] = [];
  h.client.channel('a').subscribe(() => {});
  const [subscribe] = h.accept();
  h.link.say(subscribedFrame(subscribe, 3));
  h.client.channel('a').subscribe({ from: { epoch: 'e1', offset: 1 } }, (data) => got.push(data));
  h.link.say(messageFrame('a', 4));
  loads.sending[0]!.give();
  await settle();
  const { id, after } = only(h.link.take()[0], 'history');
  expect([after, got]).toEqual([1, []]);
  const bounds = { channel: 'a', epoch: 'e1', floor: 0, top: 4 };
  h.link.say({ type: 'page', id, ...bounds, offset: 2, ops: operations(2, 4) }, messageFrame('a', 5));
  expect(got).toEqual([2, 3, 4, 5]);
  h.client.close();
});

it('a call of the server is answered when the part is there, by the handler of that time', async () => {
  const { h, loads } = startLate();
  h.accept();
  h.client.handle({ double: (n) => Number(n) * 2 });
  h.link.say({ type: 'ask', id: 7, method: 'double', data: 21 });
  expect([h.link.take(), loads.sending.length]).toEqual([[], 1]);
  loads.sending[0]!.give();
  await settle();
  expect(h.link.take()).toEqual([{ type: 'answer', id: 7, data: 42 }]);
  h.client.close();
});

it('an identity that expires is renewed in time', async () => {
  const { h, loads } = startLate({ token: () => 'next' });
  h.accept({ expiresInMs: 100_000 });
  loads.sending[0]!.give();
  await settle();
  h.idle(50_000);
  expect(typesOf(h.link.take()).filter((type) => type !== 'ping')).toEqual(['refresh']);
  h.client.close();
});
