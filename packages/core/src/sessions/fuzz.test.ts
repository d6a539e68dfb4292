import { Random } from '@longwave/testkit/virtual';
import { describe, expect, it } from 'vitest';
import {
  type ClientFrame,
  type CodecName,
  createClientCodec,
  defineCalls,
  defineChannels,
  log,
} from '@longwave/protocol';
import { type Peer, createHarness } from '../testing/harness.js';

// FUZZ_RUNS=1000000 for the long form.
const runs = Number(process.env['FUZZ_RUNS'] ?? 5_000);

const channels = defineChannels({ 'chat/:room': log({ retain: { maxCount: 20 } }), '@me': log() });
const calls = defineCalls({ echo: { input: undefined, handle: (input) => input } });

describe.each(['json', 'binary'] as const)('hostile input, %s', (name: CodecName) => {
  it('LIM-1: whatever comes, a session does not throw, others are not disturbed, and nothing is left behind', () => {
    const { connect, link, clock, engine, errors } = createHarness(channels, {
      calls,
      limits: { framesPerSecond: 1e9 },
    });
    const codec = createClientCodec(name);
    // The failing input can be found again by its number.
    const random = new Random(name);
    const int = (below: number) => random.below(below);
    const pick = <T>(items: readonly T[]): T => items[int(items.length)]!;
    const odd = [
      0,
      -1,
      1e300,
      2 ** 53,
      NaN,
      '',
      'x'.repeat(300),
      'chat/a',
      '@me',
      '@eve',
      '__proto__',
      null,
      true,
      [],
      {},
      [[[]]],
      { then: 1 },
    ];

    const frame = (): Record<string, unknown> => {
      const channel = pick(['chat/a', 'chat/b', '@me', 'nope', 'chat/a/b', '']);
      const id = int(1000);
      const data = pick([1, 'text', { a: [1] }, null, new Uint8Array(3)]);
      return pick<() => Record<string, unknown>>([
        () => ({ type: 'connect', version: int(3), client: pick(['c', '', 'd']), token: 't' }),
        () => ({ type: 'subscribe', id, channel, last: int(100) }),
        () => ({ type: 'subscribe', id, channel, epoch: pick(['id-2', 'x']), offset: int(50) }),
        () => ({ type: 'unsubscribe', id, channel }),
        () => ({ type: 'publish', id, channel, seq: int(600), retry: true, messageId: pick(['a', 'b', 'c']), data }),
        () => ({ type: 'call', id, method: pick(['echo', 'constructor', 'toString']), data }),
        () => ({ type: 'history', id, channel, limit: int(2000), after: int(100) }),
        () => ({ type: 'history', id, channel, limit: int(10), before: int(100), epoch: 'x' }),
        () => ({ type: 'refresh', id, token: 't' }),
        () => ({ type: pick(['ping', 'pong']) }),
      ])();
    };

    const message = (): string | Uint8Array => {
      const frames = Array.from({ length: 1 + int(3) }, frame);
      if (name === 'json' && random.chance(0.4)) {
        for (const one of frames) one[pick(Object.keys(one))] = pick(odd);
        return frames.map((one) => JSON.stringify(one)).join('\n');
      }
      const encoded = codec.join(frames.map((one) => codec.encode(one as unknown as ClientFrame)));
      if (random.chance(0.5)) return encoded;
      const bytes = typeof encoded === 'string' ? Buffer.from(encoded) : Uint8Array.from(encoded);
      for (let changes = int(4); changes > 0; changes--) bytes[int(bytes.length)] = int(256);
      const cut = random.chance(0.2) ? bytes.subarray(0, int(bytes.length)) : bytes;
      return name === 'json' ? Buffer.from(cut).toString() : cut;
    };

    const bystander = connect();
    bystander.send({ type: 'subscribe', id: 1, channel: 'chat/quiet' });
    let peer: Peer = link(name);
    for (let run = 0; run < runs; run++) {
      if (peer.closed || random.chance(0.01)) {
        peer.session.closed();
        peer = random.chance(0.8) ? connect(name) : link(name);
        peer.room = random.chance(0.1) ? int(3) : Infinity;
      }
      peer.session.receive(message());
      if (random.chance(0.05)) clock.turn();
      peer.frames.length = peer.chunks.length = 0;
    }
    peer.session.closed();
    clock.turn();
    void engine.publish('chat/quiet', 'still here');
    clock.turn();
    expect(bystander.closed).toBeUndefined();
    expect(bystander.take('message')).toMatchObject([{ ops: [{ data: 'still here' }] }]);
    expect(engine.stats).toMatchObject({ connections: 1, subscriptions: 1, channels: 1 });
    expect(errors).toEqual([]);
  }, 600_000);
});
