import { describe, expect, it } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({
  'chat/:room': log(),
  'short/:room': log({ retain: { maxCount: 3 } }),
  big: log({ retain: { maxCount: 100_000, maxBytes: 1e9 } }),
});

function publishMany(
  engine: { publish(channel: string, data: unknown): Promise<unknown> },
  channel: string,
  n: number,
) {
  for (let i = 0; i < n; i++) void engine.publish(channel, `m${i}`);
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('subscribing', () => {
  it('SUB-1: starts from now, before the last n, or after a position', () => {
    const { connect, clock, engine } = createHarness(channels);
    publishMany(engine, 'chat/a', 5);
    const epoch = connect().session.context.store.bounds('chat/a') as { epoch: string };
    const [now, last, position] = [connect(), connect('binary'), connect()];
    now.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    last.send({ type: 'subscribe', id: 1, channel: 'chat/a', last: 2 });
    position.send({ type: 'subscribe', id: 1, channel: 'chat/a', epoch: epoch.epoch, offset: 1 });
    clock.turn();
    publishMany(engine, 'chat/a', 1);
    clock.turn();
    expect(now.offsets('chat/a')).toEqual([6]);
    expect(last.offsets('chat/a')).toEqual([4, 5, 6]);
    expect(position.offsets('chat/a')).toEqual([2, 3, 4, 5, 6]);
  });

  it('SUB-2: subscribed names the position before anything is delivered', () => {
    const { connect, clock, engine } = createHarness(channels);
    publishMany(engine, 'chat/a', 2);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    publishMany(engine, 'chat/a', 1);
    clock.turn();
    expect(peer.frames.slice(1).map(({ type }) => type)).toEqual(['subscribed', 'message']);
    expect(peer.take('subscribed')).toMatchObject([{ offset: 2, top: 2 }]);
  });

  const openShort = () => {
    const { connect, clock, engine, store } = createHarness(channels);
    publishMany(engine, 'short/a', 10);
    const { epoch } = store.bounds('short/a') as { epoch: string };
    const ask = (position: { epoch: string; offset: number }, last?: number) => {
      const peer = connect();
      peer.send({ type: 'subscribe', id: 1, channel: 'short/a', ...position, last });
      clock.turn();
      const resets = [...peer.take('subscribed'), ...peer.take('reset')].map(({ type, ...frame }) =>
        'reset' in frame ? frame.reset : type,
      );
      return { resets, offset: peer.take('subscribed')[0]?.offset, offsets: peer.offsets('short/a') };
    };
    return { epoch, ask };
  };

  it('SUB-4: epoch-changed, truncated and trimmed, each told once', () => {
    const { epoch, ask } = openShort();
    expect(ask({ epoch: 'old', offset: 4 }).resets).toEqual(['epoch-changed']);
    expect(ask({ epoch, offset: 11 }).resets).toEqual(['truncated']);
    expect(ask({ epoch, offset: 6 }).resets).toEqual(['trimmed']);
  });

  it('SUB-8: after a reset it stands before the oldest retained operation, or before the last n', () => {
    const { epoch, ask } = openShort();
    for (const position of [
      { epoch: 'old', offset: 4 },
      { epoch, offset: 11 },
      { epoch, offset: 6 },
    ]) {
      expect(ask(position)).toMatchObject({ offset: 7, offsets: [8, 9, 10] });
      expect(ask(position, 1)).toMatchObject({ offset: 9, offsets: [10] });
    }
  });

  it('SUB-5: a position that can be continued is continued', () => {
    const { connect, clock, engine, store } = createHarness(channels);
    publishMany(engine, 'short/a', 10);
    const { epoch } = store.bounds('short/a') as { epoch: string };
    for (const [offset, expected] of [
      [7, [8, 9, 10]],
      [9, [10]],
      [10, []],
    ] as const) {
      const peer = connect();
      peer.send({ type: 'subscribe', id: 1, channel: 'short/a', epoch, offset });
      clock.turn();
      expect(peer.take('subscribed')[0]?.reset).toBeUndefined();
      expect(peer.offsets('short/a')).toEqual(expected);
    }
  });

  it('SUB-7: a second subscribe moves the subscription; an unknown unsubscribe is done', () => {
    const { connect, clock, engine } = createHarness(channels);
    publishMany(engine, 'chat/a', 4);
    const peer = connect();
    peer.send(
      { type: 'subscribe', id: 1, channel: 'chat/a', last: 1 },
      { type: 'subscribe', id: 2, channel: 'chat/a', last: 2 },
      { type: 'unsubscribe', id: 3, channel: 'chat/b' },
    );
    clock.turn();
    publishMany(engine, 'chat/a', 1);
    clock.turn();
    expect(peer.offsets('chat/a')).toEqual([3, 4, 5]);
    expect(peer.take('done')).toMatchObject([{ id: 3 }]);
  });

  it('CH-3, LIM-1: unknown channels and too many subscriptions get a code', () => {
    const { connect, clock } = createHarness(channels, { limits: { subscriptions: 1 } });
    const peer = connect();
    for (const [id, channel] of ['chat/a', 'chat/b', 'nope', 'chat/a/b', '@eve', 'chat/', 'chat/ü x'].entries())
      peer.send({ type: 'subscribe', id, channel });
    clock.turn();
    expect(peer.take('error').map(({ code }) => code)).toEqual(['too-many', ...Array(5).fill('unknown-channel')]);
  });
});

describe('delivery', () => {
  it('WIRE-7: everybody in a lane gets the very same bytes, one write for all of a turn', () => {
    const { connect, clock, engine } = createHarness(channels);
    const peers = [connect(), connect(), connect('binary'), connect('binary')];
    for (const peer of peers) peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    clock.turn();
    const before = peers.map(({ chunks }) => chunks.length);
    publishMany(engine, 'chat/a', 50);
    clock.turn();
    for (const [i, peer] of peers.entries()) {
      expect(peer.chunks.length - before[i]!).toBe(1);
      expect(peer.offsets('chat/a')).toEqual(range(1, 50));
    }
    expect(peers[0]!.chunks.at(-1)).toBe(peers[1]!.chunks.at(-1));
    expect(peers[2]!.chunks.at(-1)).toBe(peers[3]!.chunks.at(-1));
  });

  it('MSG-1, LOG-1: operations arrive contiguous and in order, however far behind a reader starts', () => {
    const { connect, clock, engine } = createHarness(channels, { limits: { tailBytes: 2_000, chunkBytes: 500 } });
    publishMany(engine, 'big', 3_000);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'big', last: 100_000 });
    clock.turn();
    publishMany(engine, 'big', 500);
    clock.turn();
    expect(peer.offsets('big')).toEqual(range(1, 3_500));
    expect(Math.max(...peer.chunks.map(({ length }) => length))).toBeLessThan(2_000);
  });

  it('MSG-2: a full link is not written to, delays nobody, and reads on where it stopped', () => {
    const { connect, clock, engine } = createHarness(channels, { limits: { tailBytes: 2_000, chunkBytes: 500 } });
    const [slow, quick] = [connect(), connect()];
    for (const peer of [slow, quick]) peer.send({ type: 'subscribe', id: 1, channel: 'big' });
    clock.turn();
    slow.room = 1;
    for (let i = 0; i < 200; i++) {
      publishMany(engine, 'big', 5);
      clock.turn();
    }
    expect(quick.offsets('big')).toEqual(range(1, 1_000));
    expect(slow.offsets('big')).toEqual(range(1, 5));
    slow.drain(3);
    clock.turn();
    expect(slow.offsets('big').length).toBeLessThan(100);
    slow.drain();
    clock.turn();
    publishMany(engine, 'big', 1);
    clock.turn();
    expect(slow.offsets('big')).toEqual(range(1, 1_001));
  });

  it('SUB-4: a slow reader whose operations are trimmed meanwhile gets one reset', () => {
    const { connect, clock, engine } = createHarness(channels, { limits: { tailBytes: 1 } });
    const slow = connect();
    slow.send({ type: 'subscribe', id: 1, channel: 'short/a' });
    clock.turn();
    slow.room = 1;
    for (let i = 0; i < 10; i++) {
      publishMany(engine, 'short/a', 1);
      clock.turn();
    }
    slow.drain();
    clock.turn();
    expect(slow.take('reset')).toMatchObject([{ reason: 'trimmed', offset: 7 }]);
    expect(slow.offsets('short/a')).toEqual([1, 8, 9, 10]);
  });

  it('writes of several channels to one link travel together', () => {
    const { connect, clock, engine } = createHarness(channels);
    const [both, one] = [connect(), connect()];
    both.send({ type: 'subscribe', id: 1, channel: 'chat/a' }, { type: 'subscribe', id: 2, channel: 'chat/b' });
    one.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    clock.turn();
    publishMany(engine, 'chat/a', 1);
    publishMany(engine, 'chat/b', 1);
    clock.turn();
    expect(both.calls).toEqual(['cork', 'uncork']);
    expect(one.calls).toEqual([]);
  });

  it('HB-3: the top is told within 2 s after the last operation, and with each ping', () => {
    const { connect, clock, engine } = createHarness(channels);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    clock.turn();
    publishMany(engine, 'chat/a', 3);
    clock.advance(2_000);
    expect(peer.take('top')).toMatchObject([{ channel: 'chat/a', offset: 3 }]);
    clock.advance(7_000);
    expect(peer.take('top')).toHaveLength(1);
    clock.advance(2_000);
    expect(peer.take('top')).toHaveLength(2);
  });

  it('HB-3: the top that a ping brings is not above what was sent', () => {
    const { connect, clock, engine } = createHarness(channels);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    clock.turn();
    publishMany(engine, 'chat/a', 1);
    clock.turn();
    publishMany(engine, 'chat/a', 1);
    peer.session.beat();
    clock.turn();
    expect(peer.take('top')).toMatchObject([{ offset: 1 }]);
    expect(peer.offsets('chat/a')).toEqual([1, 2]);
  });
});

describe('a host that puts flushes off', () => {
  it('is told to hurry when a whole chunk waits, counted from the last flush', () => {
    const { connect, clock, engine } = createHarness(channels, { limits: { chunkBytes: 1000 } });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    clock.turn();
    for (let round = 0; round < 3; round++) {
      void engine.publish('chat/a', 'x'.repeat(600));
      expect(clock.hurried).toBe(round);
      void engine.publish('chat/a', 'x'.repeat(600));
      expect(clock.hurried).toBe(round + 1);
      clock.turn();
    }
    expect(peer.offsets('chat/a')).toEqual(range(1, 6));
  });
});
