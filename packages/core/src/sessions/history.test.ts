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
