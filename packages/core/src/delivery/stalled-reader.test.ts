import { type ClientFrame, type ReceivedFrame, defineChannels, log, map } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness.js';
import { facade } from '@longwave/testkit';
import { MemoryStore } from '../store/memory-store.js';

const channels = defineChannels({ short: log({ retain: { maxCount: 10 } }), other: log(), board: map() });

/** What one who keeps to the frames sees of `short`: a letter for each thing that it is told. Throws on a gap. */
function follow(frames: readonly ReceivedFrame[]): string {
  let next: number | undefined;
  let seen = '';
  for (const frame of frames) {
    if (!('channel' in frame) || frame.channel !== 'short') continue;
    if (frame.type === 'subscribed' || frame.type === 'reset') {
      seen += frame.type === 'reset' || frame.reset ? 'R' : 's';
      next = frame.offset + 1;
    } else if (frame.type === 'message') {
      if (frame.offset !== next) throw new Error(`${frame.offset} came where ${next} was next.`);
      next += frame.ops.length;
      seen += 'm';
    }
  }
  return seen;
}

const subscribe = (options: Partial<Extract<ClientFrame, { type: 'subscribe' }>> = {}): ClientFrame => ({
  ...{ type: 'subscribe', id: 1, channel: 'short' },
  ...options,
});

const connectFrame = (turn = 0): ClientFrame => ({ type: 'connect', version: 1, client: 'slow', turn });

/** Ways to hang on to a link that takes nothing: each gives what it was told, and lets it take a few chunks. */
const links = {
  duplex: (harness: ReturnType<typeof createHarness>, ask: ClientFrame) => {
    const peer = harness.connect();
    peer.room = 1;
    peer.send(ask);
    harness.clock.turn();
    return { frames: peer.frames, drain: (room: number) => peer.drain(room) };
  },
  stream: (harness: ReturnType<typeof createHarness>, ask: ClientFrame) => {
    const answer = harness.request('stream', [connectFrame(), ask], 'json', { room: 1 });
    const drain = (room: number): void => {
      answer.room = room;
      answer.session.drained();
    };
    return { frames: answer.frames, drain };
  },
};

const starts: Record<string, Partial<Extract<ClientFrame, { type: 'subscribe' }>>> = {
  'from now on': {},
  'with the last 3': { last: 3 },
  'from a position that is gone': { epoch: 'E', offset: 1 },
  'from a position of another log': { epoch: 'other', offset: 1, last: 3 },
};

const open = (chunkBytes = 200) => {
  const harness = createHarness(channels, { limits: { tailBytes: 1, chunkBytes } });
  const publish = (count: number): void => {
    for (let i = 0; i < count; i++) void harness.engine.publish('short', 'x'.repeat(100));
    harness.clock.turn();
  };
  publish(20);
  const { epoch } = harness.store.bounds('short') as { epoch: string };
  return { harness, publish, epoch };
};

describe.each(['duplex', 'stream'] as const)('SUB-4, SUB-9: a reader that stalls (%s)', (kind) => {
  it.each(Object.entries(starts))('hears of one reset, however often it is trimmed meanwhile, %s', (_, start) => {
    const { harness, publish, epoch } = open();
    const { frames, drain } = links[kind](harness, subscribe({ ...start, ...(start.epoch === 'E' && { epoch }) }));
    for (let i = 0; i < 12; i++) {
      publish(30);
      drain(1);
      harness.clock.turn();
    }
    drain(Infinity);
    harness.clock.turn();
    const seen = follow(frames);
    expect(seen).not.toContain('RR');
    expect(seen).toMatch(/R.*m$/);
  });

  it('is told of each loss once, directly in front of what comes after it, whatever happens and however much it takes', () => {
    const step = fc.oneof(
      fc.record({ publish: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ drain: fc.integer({ min: 1, max: 3 }) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(starts)), fc.array(step, { maxLength: 40 }), (start, steps) => {
        const { harness, publish, epoch } = open();
        const { frames, drain } = links[kind](harness, subscribe({ ...start, ...(start.epoch === 'E' && { epoch }) }));
        for (const one of steps) {
          if ('publish' in one) publish(one.publish);
          else drain(one.drain);
          harness.clock.turn();
        }
        drain(Infinity);
        publish(1);
        expect(follow(frames)).toMatch(/^(s|Rm)m*(Rm+)*$/);
      }),
    );
  });
});

describe('SUB-9: a poll', () => {
  it('tells a reset and what comes after it in one answer, or neither', () => {
    const { harness, publish, epoch } = open(40_000);
    for (let i = 0; i < 40; i++) void harness.engine.publish('other', 'y'.repeat(4000));
    let position = { epoch, offset: 1 };
    let seen = '';
    for (let turn = 1; turn < 12; turn++) {
      publish(30);
      const other = { epoch: (harness.store.bounds('other') as { epoch: string }).epoch, offset: 0 };
      const answer = harness.request({ holdMs: 60_000, atOnce: false }, [
        connectFrame(turn),
        // Alone it fills the answer.
        ...(turn % 2 === 0 ? [{ type: 'subscribe', id: 2, channel: 'other', ...other } as const] : []),
        subscribe(position),
      ]);
      expect(answer.ended).toBe(true);
      const now = follow(answer.frames);
      for (const frame of answer.frames)
        if (frame.type === 'message' && frame.channel === 'short')
          position = { epoch, offset: frame.offset + frame.ops.length - 1 };
      expect(now).toMatch(/^(Rm+)?$/);
      seen += now;
    }
    expect(seen).toMatch(/^(Rm+){6,}$/);
  });
});

describe('SUB-9: what is held back', () => {
  it('is told all the same where nothing comes after it', () => {
    const { harness, epoch } = open();
    const peer = harness.connect();
    peer.send(subscribe({ epoch, offset: 99, last: 0 }));
    harness.clock.turn();
    expect(peer.take('subscribed')).toMatchObject([{ reset: 'truncated', offset: 20, top: 20 }]);
    void harness.engine.publish('short', 'next');
    harness.clock.turn();
    expect(peer.offsets('short')).toEqual([21]);
  });

  it('is answered before the subscription ends or is exchanged', () => {
    const { harness, epoch } = open();
    const peer = harness.connect();
    peer.room = 1;
    peer.send(
      subscribe({ epoch, offset: 1 }),
      subscribe({ id: 2, epoch, offset: 1 }),
      { type: 'unsubscribe', id: 3, channel: 'short' },
      { type: 'subscribe', id: 4, channel: 'board', epoch: 'other', offset: 1 },
      { type: 'track', id: 5, channel: 'board', view: { rate: 5 } },
    );
    harness.clock.turn();
    peer.drain();
    harness.clock.turn();
    const answers = peer.frames.filter((frame) => 'id' in frame);
    expect(answers.map((frame) => 'id' in frame && frame.id)).toEqual([1, 2, 3, 4, 5]);
  });

  it('is the first of several reasons: a state that began anew twice is reset once', async () => {
    const clockless = { now: () => 1 };
    let ids = 0;
    let memory = new MemoryStore({ clock: clockless, makeId: () => `e${++ids}` });
    const store = facade(memory, {
      append: (channel, operation, keep) => memory.append(channel, operation, keep),
      read: (channel, query) => memory.read(channel, query),
      bounds: (channel) => memory.bounds(channel),
      watch: (channel, watcher) => memory.watch(channel, watcher),
    });
    const harness = createHarness(channels, { store });
    const peer = harness.connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'board' });
    await harness.engine.change('board', { key: 'a', data: 1 });
    harness.clock.turn();
    peer.room = 1;
    await harness.engine.change('board', { key: 'a', data: 2 });
    harness.clock.turn();
    for (let i = 0; i < 2; i++) {
      memory = new MemoryStore({ clock: clockless, makeId: () => `e${++ids}` });
      for (let data = 0; data < 4 + i; data++)
        void memory.append('board', { payload: '1', key: 'a' }, { count: 9, bytes: Infinity, ageMs: Infinity });
      harness.clock.advance(3000);
      peer.drain(1);
      harness.clock.turn();
    }
    peer.drain();
    harness.clock.turn();
    const told = peer.frames
      .filter((frame) => frame.type === 'reset' || frame.type === 'changes')
      .map(({ type }) => type);
    expect(told.join(' ')).not.toContain('reset reset');
    expect(told.at(-1)).toBe('changes');
  });
});
