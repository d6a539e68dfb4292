import type { ClientFrame, Code, Publish } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { binaryCodec } from '../connect.js';
import { Harness, connectedFrame, only, typesOf } from '../testing/harness.js';

const publishesOf = (frames: readonly ClientFrame[]): Publish[] =>
  frames.filter((frame): frame is Publish => frame.type === 'publish');
const ack = (publish: Publish, offset = publish.seq) =>
  ({ type: 'ack', id: publish.id, epoch: 'e1', offset, durability: 'memory' }) as const;
const refuse = (publish: Publish, code: Code, retryAfterMs?: number) =>
  ({ type: 'error', id: publish.id, code, message: 'no', retryAfterMs }) as const;
const quiet = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => {});
  return promise;
};

describe('Outbox', () => {
  it('CLI-3: sends unacknowledged publishes again after a reconnect, in order, with retry', async () => {
    const h = new Harness();
    h.accept();
    const room = h.client.channel('chat/a');
    const all = [1, 2, 3].map((n) => room.publish(n));
    const [first] = publishesOf(h.link.take());
    h.link.say(ack(first!));
    await expect(all[0]).resolves.toMatchObject({ position: { offset: 1 } });
    h.link.drop();
    all.push(room.publish(4));
    const again = publishesOf(h.reaccept());
    expect(again.map(({ seq, retry, after, data }) => [seq, retry, after, data])).toEqual([
      [2, true, undefined, 2],
      [3, true, 2, 3],
      [4, undefined, 3, 4],
    ]);
    h.link.say({ ...ack(again[0]!), duplicate: true }, ack(again[1]!), ack(again[2]!));
    await expect(all[1]).resolves.toMatchObject({ duplicate: true });
    await expect(all[3]).resolves.toMatchObject({ duplicate: false, position: { epoch: 'e1', offset: 4 } });
  });

  it('PUB-7: what is on its way behind another of its channel names it, and comes behind it also when that is refused', async () => {
    const h = new Harness();
    h.accept();
    const [a, b] = [h.client.channel('a'), h.client.channel('b')];
    const all = [a.publish(1), b.publish(2), a.publish(3), a.publish(4)];
    const first = publishesOf(h.link.take());
    expect(first.map(({ seq, after }) => [seq, after])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 1],
      [4, 3],
    ]);
    h.link.say(refuse(first[0]!, 'unavailable', 100), ack(first[1]!));
    h.link.say(refuse(first[2]!, 'out-of-order'), refuse(first[3]!, 'out-of-order'));
    expect(publishesOf(h.link.take())).toEqual([]);
    h.clock.advance(100);
    const again = publishesOf(h.link.take());
    expect(again.map(({ seq, retry, after }) => [seq, retry, after])).toEqual([
      [1, true, undefined],
      [3, undefined, 1],
      [4, undefined, 3],
    ]);
    h.link.say(...again.map((publish) => ack(publish)));
    await Promise.all(all);
    void quiet(a.publish(5));
    expect(publishesOf(h.link.take())).toEqual([expect.not.objectContaining({ after: expect.anything() as unknown })]);
  });

  it('CLI-16: one whose named publish was refused for good, or given up, names the one before it or none', async () => {
    const h = new Harness();
    h.accept();
    const room = h.client.channel('a');
    const signal = new AbortController();
    const all = [room.publish(1), room.publish(2, { signal: signal.signal }), room.publish(3), room.publish(4)].map(
      quiet,
    );
    const [first, second, third, fourth] = publishesOf(h.link.take()) as [Publish, Publish, Publish, Publish];
    signal.abort();
    h.link.say(refuse(first, 'invalid-data'), refuse(second, 'out-of-order'), refuse(third, 'out-of-order'));
    h.link.say(refuse(fourth, 'out-of-order'));
    const again = publishesOf(h.link.take());
    expect(again.map(({ seq, after }) => [seq, after])).toEqual([
      [3, undefined],
      [4, 3],
    ]);
    h.link.say(refuse(again[0]!, 'forbidden'), refuse(again[1]!, 'out-of-order'));
    const [last] = publishesOf(h.link.take());
    expect([last!.seq, last!.after]).toEqual([4, undefined]);
    h.link.say(ack(last!));
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });

  it('PUB-7: one that overtook another twice waits for the answer to the one before it', async () => {
    const h = new Harness();
    h.accept();
    const room = h.client.channel('a');
    const all = Array.from({ length: 100 }, (_, i) => room.publish(i));
    let sent = 0;
    let stored = 0;
    for (let frames = publishesOf(h.link.take()); frames.length > 0; frames = publishesOf(h.link.take())) {
      sent += frames.length;
      // Of what comes together the last comes first, at every try.
      for (const frame of frames.toReversed()) {
        if ((frame.after ?? 0) <= stored) h.link.say(ack(frame, (stored = frame.seq)));
        else h.link.say(refuse(frame, 'out-of-order'));
      }
    }
    await Promise.all(all);
    expect(sent).toBeLessThanOrEqual(300);
  });

  it('PUB-2: numbers publishes over all channels of the client, from 1', () => {
    const h = new Harness();
    h.accept();
    void quiet(h.client.channel('a').publish(1));
    void quiet(h.client.channel('b').publish(1, { id: 'order-7' }));
    const frames = publishesOf(h.link.take());
    expect(frames.map(({ channel, seq, messageId }) => [channel, seq, messageId])).toEqual([
      ['a', 1, undefined],
      ['b', 2, 'order-7'],
    ]);
  });

  it('SES-3: what stood behind a refused connect was not handled: it is sent again without retry', () => {
    const h = new Harness();
    void quiet(h.client.channel('a').publish(1));
    h.link.open();
    h.link.say({ type: 'error', code: 'unavailable', message: 'later', retryAfterMs: 100 });
    const [publish] = publishesOf(h.reaccept());
    expect([publish?.seq, publish?.retry]).toEqual([1, undefined]);
  });

  it('CLI-3: refuses with outbox-full at once beyond its count and its bytes', async () => {
    const h = new Harness({ outbox: { maxCount: 2 } });
    const room = h.client.channel('a');
    void quiet(room.publish(1));
    void quiet(room.publish(2));
    await expect(room.publish(3)).rejects.toMatchObject({ code: 'outbox-full' });
    h.link.open();
    h.link.say(connectedFrame());
    const [first] = publishesOf(h.link.take());
    h.link.say(ack(first!));
    const third = quiet(room.publish(3));
    expect(publishesOf(h.link.take()).map(({ seq }) => seq)).toEqual([3]);
    const bytes = new Harness({ outbox: { maxBytes: 1_000 } });
    void quiet(bytes.client.channel('a').publish('x'.repeat(800)));
    await expect(bytes.client.channel('a').publish('x'.repeat(800))).rejects.toMatchObject({ code: 'outbox-full' });
    // To wait for room would not help.
    await expect(bytes.client.channel('a').publish('x'.repeat(1000))).rejects.toMatchObject({ code: 'too-large' });
    h.client.close();
    await expect(third).rejects.toMatchObject({ code: 'closed' });
  });

  it('LIM-1: keeps at most 128 publishes in flight', () => {
    const h = new Harness();
    h.accept();
    for (let n = 1; n <= 300; n++) void quiet(h.client.channel('a').publish(n));
    const frames = publishesOf(h.link.take());
    expect(frames).toHaveLength(128);
    h.link.say(...frames.slice(0, 100).map((frame) => ack(frame)));
    expect(publishesOf(h.link.take()).map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => 129 + i));
  });

  it('LIM-1: splits what goes out together into messages of at most 64 KiB and 256 frames', () => {
    for (const codec of ['json', binaryCodec()] as const) {
      const h = new Harness({ codec });
      for (let n = 0; n < 100; n++) void quiet(h.client.channel('a').publish('é'.repeat(500)));
      for (let n = 0; n < 300; n++) h.client.channel(`c/${n}`).subscribe(() => {});
      h.link.open();
      const sizes = h.link.messages.map((message) =>
        typeof message === 'string' ? Buffer.byteLength(message) : message.length,
      );
      expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
      expect(sizes.length).toBeGreaterThan(2);
      expect(Math.max(...h.link.messages.map((message) => h.link.codec.decode(message).length))).toBeLessThanOrEqual(
        256,
      );
      expect(h.link.take()).toHaveLength(401);
    }
  });

  it('PUB-6: holds what comes later on the same channel behind a publish that has to be retried', () => {
    const h = new Harness();
    h.accept();
    const room = h.client.channel('a');
    void quiet(room.publish(1));
    void quiet(room.publish(2));
    const [one, two] = publishesOf(h.link.take());
    h.link.say(refuse(one!, 'rate-limited', 1_000));
    void quiet(room.publish(3));
    void quiet(h.client.channel('b').publish(4));
    expect(publishesOf(h.link.take()).map(({ seq }) => seq)).toEqual([4]);
    h.clock.advance(1_000);
    expect(publishesOf(h.link.take())).toEqual([]);
    h.link.say(refuse(two!, 'rate-limited', 500));
    h.clock.advance(500);
    expect(publishesOf(h.link.take()).map(({ seq, retry }) => [seq, retry])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ]);
  });

  it('ERR-1: sends again after `unavailable`, with retry, as its fate is unknown', async () => {
    const h = new Harness();
    h.accept();
    const published = h.client.channel('a').publish(1);
    h.link.say(refuse(publishesOf(h.link.take())[0]!, 'unavailable'));
    h.clock.advance(250);
    const [again] = publishesOf(h.link.take());
    expect(again).toMatchObject({ seq: 1, retry: true });
    h.link.say(ack(again!));
    await expect(published).resolves.toMatchObject({ position: { offset: 1 } });
  });

  it('gives up what makes the server fail again and again', async () => {
    const h = new Harness();
    h.accept();
    const published = quiet(h.client.channel('a').publish(1));
    for (let i = 0; i < 5; i++) {
      h.clock.advance(5_000);
      h.link.say({ type: 'pong' }, refuse(publishesOf(h.link.take())[0]!, 'internal'));
    }
    await expect(published).rejects.toMatchObject({ code: 'internal' });
    h.client.close();
    expect(h.clock.timers).toBe(0);
  });

  it.each(['invalid-data', 'forbidden', 'too-old', 'unknown-channel'] as const)(
    'PUB-4 PUB-5: %s settles that publish alone',
    async (code) => {
      const h = new Harness();
      h.accept();
      const bad = h.client.channel('a').publish('bad');
      const good = h.client.channel('a').publish('good');
      const [first, second] = publishesOf(h.link.take());
      h.link.say(refuse(first!, code), ack(second!));
      await expect(bad).rejects.toMatchObject({ code, message: 'no' });
      await expect(good).resolves.toMatchObject({ position: { offset: 2 } });
    },
  );

  it('timeout and signal: one not yet sent is never sent', async () => {
    const h = new Harness();
    const room = h.client.channel('a');
    const controller = new AbortController();
    const timed = quiet(room.publish(1, { timeout: 1_000 }));
    const aborted = quiet(room.publish(2, { signal: controller.signal }));
    h.clock.advance(1_000);
    controller.abort(new Error('left'));
    await expect(timed).rejects.toMatchObject({ code: 'timeout', message: 'a: nothing in 1000 ms.' });
    await expect(aborted).rejects.toThrow('left');
    await expect(room.publish(3, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    expect(h.accept()).toEqual([]);
  });

  it('timeout: one already sent keeps its place in flight, and is not sent again', async () => {
    const h = new Harness();
    h.accept();
    const timed = quiet(h.client.channel('a').publish(1, { timeout: 1_000 }));
    h.clock.advance(1_000);
    await expect(timed).rejects.toMatchObject({ code: 'timeout' });
    h.link.drop();
    expect(h.reaccept()).toEqual([]);
  });

  it('PUB-9: throws at once on data that is not JSON, and names the place; it keeps its numbers without a hole', () => {
    const h = new Harness();
    h.accept();
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(() => h.client.channel('a').publish(cyclic)).toThrow(TypeError);
    expect(() => h.client.channel('a').publish(1n)).toThrow(TypeError);
    const wrong = { items: [{}, { when: new Map() }] };
    const { presence } = h.client.channel('a');
    for (const act of [
      () => h.client.channel('a').publish(wrong),
      () => h.client.channel('a').put('k', wrong),
      () => h.client.channel('a').set(wrong),
      () => h.client.channel('a').patch('k', wrong),
      () => h.client.call('m', wrong),
      () => presence.enter(wrong),
    ]) {
      expect(act).toThrow(new TypeError('data.items[1].when is an instance of Map: JSON cannot say that.'));
    }
    expect(() => presence.enter(Uint8Array.of(1))).toThrow('data is an instance of Uint8Array');
    void quiet(h.client.channel('a').publish(undefined));
    expect(publishesOf(h.link.take())).toMatchObject([{ seq: 1, data: null }]);
  });

  it('LIM-1: rejects with too-large before sending', async () => {
    const h = new Harness();
    h.accept({ messageBytes: 1_000 });
    const tooLarge = { code: 'too-large', message: expect.stringMatching(/^1\d\d\d bytes; the limit is 1000\.$/) };
    await expect(h.client.channel('a').publish('x'.repeat(1_000))).rejects.toMatchObject(tooLarge);
    await expect(h.client.call('m', 'x'.repeat(1_000))).rejects.toMatchObject(tooLarge);
    expect(h.link.take()).toEqual([]);
  });

  it('LIM-1: what may be too large waits for the first `connected`, which says so', async () => {
    const large = 'x'.repeat(100_000);
    const refused = new Harness();
    const rejected = quiet(refused.client.channel('a').publish(large));
    void quiet(refused.client.channel('a').publish('behind'));
    expect(publishesOf(refused.accept()).map(({ data }) => data)).toEqual(['behind']);
    await expect(rejected).rejects.toMatchObject({ code: 'too-large' });
    const taken = new Harness();
    void quiet(taken.client.channel('a').publish(large));
    taken.link.open();
    expect(typesOf(taken.link.take())).toEqual(['connect']);
    taken.link.say(connectedFrame({ messageBytes: 1_000_000 }));
    expect(publishesOf(taken.link.take())).toHaveLength(1);
  });

  it('LIM-1: what a server refuses as too large before it told its limit fails by itself, and the rest goes on', async () => {
    const h = new Harness();
    const large = quiet(h.client.channel('a').publish('x'.repeat(5_000)));
    const small = quiet(h.client.channel('a').publish('small'));
    h.link.open();
    expect(publishesOf(h.link.take())).toHaveLength(2);
    h.link.say({ type: 'error', code: 'too-large', message: '' });
    h.link.drop({ code: 4413 });
    h.clock.advance(60_000);
    h.link.open();
    expect(typesOf(h.link.take())).toEqual(['connect']);
    h.link.say(connectedFrame({ messageBytes: 1_000 }));
    await expect(large).rejects.toMatchObject({ code: 'too-large' });
    const [publish] = publishesOf(h.link.take());
    expect(publish).toMatchObject({ data: 'small' });
    h.link.say({ type: 'ack', id: publish!.id, epoch: 'e', offset: 1, durability: 'memory' });
    await expect(small).resolves.toMatchObject({ duplicate: false });
  });

  it('LIM-1: what it refuses later fails likewise, by its size; a connect that is too large ends the retries', async () => {
    const h = new Harness();
    h.accept();
    const small = quiet(h.client.channel('a').publish('small'));
    const large = quiet(h.client.channel('a').publish('x'.repeat(5_000)));
    h.link.take();
    h.link.drop({ code: 4413 });
    await expect(large).rejects.toMatchObject({ code: 'too-large' });
    expect(publishesOf(h.reaccept()).map(({ data }) => data)).toEqual(['small']);
    void small;
    h.link.drop();
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(h.client.state.status).toBe('waiting');
      h.clock.advance(3_000);
      h.link.open();
      h.link.say({ type: 'error', code: 'too-large', message: '' });
    }
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'too-large' } });
  });

  it('sends the data as it was when it was published', () => {
    const h = new Harness();
    h.accept();
    const data = { n: 1 };
    const bytes = new Uint8Array([1, 2]);
    const words = new Uint16Array([1, 2]);
    void quiet(h.client.channel('a').publish(data));
    void quiet(h.client.channel('a').publish(bytes));
    void quiet(h.client.channel('a').publish(words));
    void quiet(h.client.channel('a').publish(words.buffer));
    h.link.drop();
    data.n = 2;
    bytes[0] = 9;
    words[0] = 9;
    expect(publishesOf(h.reaccept()).map((frame) => frame.data)).toEqual([
      { n: 1 },
      new Uint8Array([1, 2]),
      new Uint8Array([1, 0, 2, 0]),
      new Uint8Array([1, 0, 2, 0]),
    ]);
  });

  it('waits for acknowledgements while the network does not take what was sent', () => {
    const h = new Harness();
    h.accept();
    void quiet(h.client.channel('a').publish(1));
    h.link.bufferedBytes = 2 * 1024 * 1024;
    void quiet(h.client.channel('a').publish(2));
    const [first, ...rest] = publishesOf(h.link.take());
    expect(rest).toEqual([]);
    h.link.say(ack(first!));
    expect(publishesOf(h.link.take()).map(({ seq }) => seq)).toEqual([2]);
  });

  it('an answer that makes no sense counts as a failure of the server', async () => {
    const h = new Harness();
    h.accept();
    const published = h.client.channel('a').publish(1);
    published.catch(() => {});
    for (let i = 0; i < 5; i++) {
      h.clock.advance(5_000);
      h.link.say({ type: 'pong' }, { type: 'done', id: only(h.link.take()[0], 'publish').id });
    }
    await expect(published).rejects.toMatchObject({ code: 'internal' });
  });
});
