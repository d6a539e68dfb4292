import { describe, expect, it } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({
  'chat/:room': log({ retain: { maxCount: 100 } }),
  aging: log({ retain: { age: '1m' } }),
  small: log({ retain: { maxBytes: 10 } }),
});

describe('history', () => {
  const ask = (query: { after?: number; before?: number; limit: number; epoch?: string }) => {
    const { connect, clock, engine } = createHarness(channels, { limits: { chunkBytes: 2_000 } });
    for (let i = 1; i <= 150; i++) void engine.publish('chat/a', i);
    const peer = connect();
    peer.send({ type: 'history', id: 1, channel: 'chat/a', ...query });
    clock.turn();
    const page = peer.take('page')[0];
    return page
      ? { offset: page.offset, data: page.ops.map(({ data }) => data), floor: page.floor, top: page.top }
      : peer.take('error')[0]?.code;
  };

  it('HIS-1: pages forward, backward and from the newest, within what is retained', () => {
    expect(ask({ limit: 2 })).toEqual({ offset: 149, data: [149, 150], floor: 50, top: 150 });
    expect(ask({ after: 60, limit: 3 })).toEqual({ offset: 61, data: [61, 62, 63], floor: 50, top: 150 });
    expect(ask({ before: 60, limit: 3 })).toEqual({ offset: 57, data: [57, 58, 59], floor: 50, top: 150 });
    expect(ask({ before: 52, limit: 10 })).toMatchObject({ offset: 51, data: [51] });
    expect(ask({ after: 10, limit: 2 })).toMatchObject({ offset: 51, data: [51, 52] });
    expect(ask({ before: 40, limit: 2 })).toMatchObject({ data: [] });
    expect(ask({ after: 150, limit: 2 })).toMatchObject({ offset: 151, data: [] });
  });

  it('HIS-3: pages by the time of storing', async () => {
    const { engine, clock, connect } = createHarness(channels);
    const start = clock.now();
    for (let i = 1; i <= 5; i++) {
      await engine.publish('aging', i);
      clock.advance(1000);
    }
    for (const codec of ['json', 'binary'] as const) {
      const peer = connect(codec);
      const read = async (range: object): Promise<unknown> => {
        const id = peer.nextId();
        peer.send({ type: 'history', id, channel: 'aging', limit: 2, ...range });
        await new Promise(setImmediate);
        clock.turn();
        return peer
          .take('page')
          .find((page) => page.id === id)
          ?.ops.map(({ data }) => data);
      };
      expect(await read({ since: start + 1000 })).toEqual([2, 3]);
      expect(await read({ until: start + 4000 })).toEqual([3, 4]);
      expect(await read({ since: start + 3000, until: start + 3001 })).toEqual([4]);
      expect(await read({ since: start + 9000 })).toEqual([]);
    }
    const { ops } = await engine.history('aging', { since: start + 1000, after: 3 });
    expect(ops.map(({ offset }) => offset)).toEqual([4, 5]);
    await expect(engine.history('aging', { until: -1 })).rejects.toThrow(TypeError);
  });

  it('HIS-2: another epoch is refused, and an empty page has the offset behind the top', () => {
    expect(ask({ after: 150, limit: 2 })).toMatchObject({ offset: 151, data: [] });
    expect(ask({ limit: 2, epoch: 'other' })).toBe('epoch-changed');
  });

  it('HIS-1: a page holds what fits in a chunk: the oldest forward, the newest backward', () => {
    const forward = ask({ after: 50, limit: 1000 }) as { offset: number; data: number[] };
    expect(forward.offset).toBe(51);
    expect(forward.data.length).toBeLessThan(100);
    const backward = ask({ before: 151, limit: 1000 }) as { data: number[] };
    expect(backward.data.at(-1)).toBe(150);
    expect(backward.data.length).toBeLessThan(100);
  });

  it('LOG-2: count, bytes and age bound the log, oldest first', async () => {
    const { engine, clock } = createHarness(channels);
    for (const text of ['aaa', 'bbb', 'ccc']) await engine.publish('small', text);
    expect((await engine.history('small')).ops.map(({ payload }) => payload)).toEqual(['"bbb"', '"ccc"']);
    await engine.publish('aging', 1);
    clock.advance(40_000);
    await engine.publish('aging', 2);
    clock.advance(40_000);
    expect(await engine.history('aging')).toMatchObject({ floor: 1, top: 2, ops: [{ offset: 2 }] });
    clock.advance(40_000);
    expect(await engine.history('aging')).toMatchObject({ floor: 2, top: 2, ops: [] });
  });
});
