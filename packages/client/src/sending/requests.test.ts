import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, only, operations, typesOf } from '../testing/harness.js';

describe('call', () => {
  it('CALL-1: resolves with the reply and rejects with the code', async () => {
    const h = new Harness();
    h.accept();
    const sum = h.client.call('add', { a: 1, b: 2 });
    const frame = only(h.link.take()[0], 'call');
    expect(frame).toMatchObject({ method: 'add', data: { a: 1, b: 2 } });
    h.link.say({ type: 'reply', id: frame.id, data: 3 });
    await expect(sum).resolves.toBe(3);
    const unknown = h.client.call('nope');
    h.link.say({ type: 'error', id: only(h.link.take()[0], 'call').id, code: 'unknown-method', message: 'nope' });
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-method' });
  });

  it('CALL-2: is not repeated: it rejects with connection-lost when the link drops after it was sent', async () => {
    const h = new Harness();
    h.accept();
    const lost = h.client.call('add', 1);
    lost.catch(() => {});
    h.link.drop();
    await expect(lost).rejects.toMatchObject({ code: 'connection-lost' });
    expect(h.reaccept()).toEqual([]);
  });

  it('waits for `connected` when made without a connection, within its time', async () => {
    const h = new Harness();
    const late = h.client.call('add', 1, { timeout: '2s' });
    const made = h.client.call('add', 2);
    late.catch(() => {});
    h.clock.advance(2_000);
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
    h.link.open();
    expect(typesOf(h.link.take())).toEqual(['connect']);
    h.link.say(connectedFrame());
    const frame = only(h.link.take()[0], 'call');
    h.link.say({ type: 'reply', id: frame.id, data: 'ok' });
    await expect(made).resolves.toBe('ok');
  });

  it('times out after 30 s and takes a signal', async () => {
    const h = new Harness();
    h.accept();
    const timed = h.client.call('slow');
    timed.catch(() => {});
    const controller = new AbortController();
    const aborted = h.client.call('slow', undefined, { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    await expect(h.client.call('x', 1, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    h.idle(30_000);
    await expect(timed).rejects.toMatchObject({ code: 'timeout' });
  });

  it('LIM-1: keeps at most 64 in flight, and refuses when too many wait', async () => {
    const h = new Harness();
    h.accept();
    const calls = Array.from({ length: 1_065 }, (_, i) => h.client.call('m', i));
    for (const made of calls) made.catch(() => {});
    const frames = h.link.take();
    expect(frames).toHaveLength(64);
    await expect(calls.at(-1)).rejects.toMatchObject({ code: 'outbox-full' });
    h.link.say({ type: 'reply', id: only(frames[0], 'call').id, data: 0 });
    expect(h.link.take()).toHaveLength(1);
  });
});

describe('in flight', () => {
  it('LIM-1: publishes and calls together are at most 128, and neither starves the other', async () => {
    const h = new Harness();
    h.accept();
    for (let n = 0; n < 200; n++)
      h.client
        .channel('a')
        .publish(n)
        .catch(() => {});
    const published = h.link.take();
    expect(published).toHaveLength(128);
    for (let n = 0; n < 100; n++) h.client.call('m', n).catch(() => {});
    expect(h.link.take()).toEqual([]);
    const acks = published.map((frame) => {
      const { id, seq } = only(frame, 'publish');
      return { type: 'ack', id, epoch: 'e1', offset: seq, durability: 'memory' } as const;
    });
    h.link.say(...acks);
    const next = typesOf(h.link.take());
    expect([next.filter((type) => type === 'call').length, next.length]).toEqual([64, 128]);
  });

  it('LIM-1: what was given up counts until the server has answered it', async () => {
    const h = new Harness();
    h.accept();
    const calls = Array.from({ length: 64 }, () => h.client.call('slow', 1, { timeout: 1_000 }));
    const publishes = Array.from({ length: 64 }, (_, n) => h.client.channel('a').publish(n, { timeout: 1_000 }));
    const settled = Promise.allSettled([...calls, ...publishes]);
    const [first] = h.link.take();
    h.clock.advance(1_000);
    await settled;
    h.client.call('next', 1).catch(() => {});
    expect(h.link.take()).toEqual([]);
    h.link.say({ type: 'reply', id: only(first, 'call').id, data: 0 });
    expect(h.link.take()).toMatchObject([{ type: 'call', method: 'next' }]);
  });
});

describe('history', () => {
  it('HIS-1: asks for a page and gives its messages with their positions', async () => {
    const h = new Harness();
    h.accept();
    const page = h.client.channel('a').history({ before: 8, limit: 2 });
    const frame = only(h.link.take()[0], 'history');
    expect(frame).toMatchObject({ channel: 'a', before: 8, limit: 2 });
    expect(frame).not.toHaveProperty('after');
    const ops = operations(6, 7);
    h.link.say({ type: 'page', id: frame.id, channel: 'a', epoch: 'e1', offset: 6, ops, floor: 2, top: 9 });
    const { messages, ...bounds } = await page;
    expect(bounds).toEqual({ first: 6, last: 7, floor: 2, top: 9, epoch: 'e1' });
    expect(messages.map(({ data, meta }) => [data, meta.offset, meta.recovered])).toEqual([
      [6, 6, true],
      [7, 7, true],
    ]);
  });

  it('HIS-3: asks for times', () => {
    const h = new Harness();
    h.accept();
    void h.client
      .channel('a')
      .history({ since: 1000, until: 2000 })
      .catch(() => undefined);
    expect(h.link.take()).toMatchObject([{ type: 'history', since: 1000, until: 2000 }]);
    expect(() => h.client.channel('a').history({ since: -1 })).toThrow('since is -1');
    h.client.close();
  });

  it('is asked again over a reconnect', async () => {
    const h = new Harness();
    h.accept();
    const page = h.client.channel('a').history();
    h.link.take();
    h.link.drop();
    const [again] = h.reaccept();
    const { id, limit } = only(again, 'history');
    expect(limit).toBe(100);
    h.link.say({ type: 'page', id, channel: 'a', epoch: 'e1', offset: 1, ops: [], floor: 0, top: 0 });
    await expect(page).resolves.toMatchObject({ messages: [], top: 0 });
  });

  it('CH-1: a name that can be none throws', () => {
    const h = new Harness();
    expect(() => h.client.channel('with space')).toThrow(expect.objectContaining({ code: 'unknown-channel' }));
  });
});
