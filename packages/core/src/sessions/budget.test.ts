import { type ClientFrame, defineChannels, log, map } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ room: log(), board: map() });
const chunkBytes = 8000;
const rate = 30_000;
/** What may come at once: a fifth of a second's worth, and the write that goes beyond it. */
const atOnce = rate / 5 + 1.2 * chunkBytes;

type Harness = ReturnType<typeof createHarness>;

async function open() {
  const harness = createHarness(channels, { limits: { chunkBytes } });
  for (let i = 0; i < 600; i++) await harness.engine.publish('room', 'x'.repeat(500));
  const { epoch } = harness.store.bounds('room') as { epoch: string };
  return { harness, epoch };
}

const connectFrame = (turn: number): ClientFrame => ({
  ...{ type: 'connect', version: 1, client: 'c', bytesPerSecond: rate, turn },
});

/** Ways to be sent a log: each gives the bytes that were delivered so far, going on for as long as it is called. */
const ways: Record<string, (harness: Harness, epoch: string) => () => { bytes: number; messages: number }> = {
  duplex(harness, epoch) {
    const peer = harness.link();
    peer.send(connectFrame(1), { type: 'subscribe', id: 1, channel: 'room', epoch, offset: 0 });
    return () => ({
      bytes: peer.chunks.reduce((sum, { length }) => sum + length, 0),
      messages: peer.offsets('room').length,
    });
  },
  stream(harness, epoch) {
    const ask: ClientFrame = { type: 'subscribe', id: 1, channel: 'room', epoch, offset: 0 };
    const answer = harness.request('stream', [connectFrame(1), ask]);
    return () => ({ bytes: answer.bytes, messages: offsetOf(answer.frames) ?? 0 });
  },
  'streams that are asked for again and again': (harness, epoch) => requests(harness, epoch, 'stream', 3),
  polls: (harness, epoch) => requests(harness, epoch, { holdMs: 60_000, atOnce: false }, Infinity),
  'polls that want to know at once': (harness, epoch) => requests(harness, epoch, { holdMs: 60_000, atOnce: true }, 5),
  send(harness) {
    let [bytes, after, turn] = [0, 0, 0];
    const ask = () =>
      harness.request('send', [connectFrame(++turn), { type: 'history', id: 1, channel: 'room', limit: 100, after }]);
    let answer = ask();
    return () => {
      if (answer.ended) {
        bytes += answer.bytes;
        for (const frame of answer.frames) if (frame.type === 'page') after = frame.offset + frame.ops.length - 1;
        answer = ask();
      }
      return { bytes: bytes + answer.bytes, messages: after };
    };
  },
};

/** A client that asks on from where it stands, at the latest after so many looks. */
function requests(harness: Harness, epoch: string, route: Parameters<Harness['request']>[0], looks: number) {
  let [bytes, offset, turn, looked] = [0, 0, 0, 0];
  const ask = () =>
    harness.request(route, [connectFrame(++turn), { type: 'subscribe', id: 1, channel: 'room', epoch, offset }]);
  let answer = ask();
  return () => {
    if (answer.ended || ++looked % looks === 0) {
      offset = offsetOf(answer.frames) ?? offset;
      bytes += answer.bytes;
      answer.session.closed();
      answer = ask();
    }
    return { bytes: bytes + answer.bytes, messages: offsetOf(answer.frames) ?? offset };
  };
}

function offsetOf(frames: ReturnType<Harness['request']>['frames']): number | undefined {
  const last = frames.findLast((frame) => frame.type === 'message');
  return last && last.offset + last.ops.length - 1;
}

describe('VIEW-8: the bytes a second that a client asked for', () => {
  it.each(Object.entries(ways))('hold over %s, and are used', async (_, begin) => {
    const { harness, epoch } = await open();
    const look = begin(harness, epoch);
    harness.clock.turn();
    for (let ms = 0; ms <= 8000; ms += 20) {
      expect(look().bytes).toBeLessThanOrEqual((rate * ms) / 1000 + atOnce);
      harness.clock.advance(20);
    }
    expect(look().messages).toBeGreaterThan((0.7 * 8 * rate) / 600);
    for (let ms = 0; ms <= 8000; ms += 20) {
      harness.clock.advance(20);
      look();
    }
    expect(look().messages).toBe(600);
  });

  it('are one for all that it has open', async () => {
    const { harness, epoch } = await open();
    const stream = ways['stream']!(harness, epoch);
    const send = ways['send']!(harness, epoch);
    harness.clock.turn();
    for (let ms = 0; ms <= 8000; ms += 20) {
      expect(stream().bytes + send().bytes).toBeLessThanOrEqual((rate * ms) / 1000 + atOnce + 1.2 * chunkBytes);
      harness.clock.advance(20);
    }
  });

  it('hold nothing up but what is sent: that it is let in a client hears at once', async () => {
    const { harness, epoch } = await open();
    ways['stream']!(harness, epoch);
    for (const route of ['stream', 'send', { holdMs: 60_000, atOnce: true }] as const) {
      const answer = harness.request(route, [connectFrame(9), { type: 'history', id: 2, channel: 'room', limit: 1 }]);
      expect(answer.types).toEqual(['connected']);
      answer.session.closed();
    }
  });

  it('LIM-4: are forgotten with a client that is gone', async () => {
    const { harness, epoch } = await open();
    const { rates } = harness.connect().session.context;
    const before = rates.remembered;
    harness.request({ holdMs: 1000, atOnce: true }, [
      connectFrame(1),
      { type: 'subscribe', id: 1, channel: 'room', epoch, offset: 0 },
    ]);
    expect(rates.remembered).toBeGreaterThan(before);
    harness.clock.advance(120_000);
    expect(rates.remembered).toBe(before);
  });
});
