import { expect, it } from 'vitest';
import {
  createConnectionSettings,
  type DeflateAgreement,
  encodeFrame,
  type Role,
  WebSocketConnection,
} from './index.js';
import { rawFrame } from './testing/peer.js';
import { bytesOf, NO_TAKEOVER, ports, Recorder, TAKEOVER } from './testing/recorder.js';

// Random and mutated byte streams. `FUZZ_RUNS=1000000 FUZZ_SEED=7 npx vitest run packages/websocket/src/fuzz.test.ts`.
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** mulberry32: small, seeded, good enough to pick bytes. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const settings = {
  server: createConnectionSettings({ role: 'server', ports, maxMessageBytes: 1 << 20 }),
  client: createConnectionSettings({ role: 'client', ports, maxMessageBytes: 1 << 20 }),
};

/** Valid traffic to mutate: what a mutation reaches lies deeper than what noise reaches. */
function corpusFor(sender: Role): Uint8Array[] {
  const text = Buffer.from('κόσμε and some ASCII');
  return [
    rawFrame(sender, 1, text),
    rawFrame(sender, 2, new Uint8Array(300)),
    rawFrame(sender, 2, new Uint8Array(70_000)),
    rawFrame(sender, 1, text, { fin: false }),
    rawFrame(sender, 0, text, { fin: false }),
    rawFrame(sender, 0, text),
    rawFrame(sender, 9, 'ping'),
    rawFrame(sender, 10),
    rawFrame(sender, 8, bytesOf('03e8 62 79 65')),
    rawFrame(sender, 1, bytesOf('f248cdc9c90700'), { rsv: 4 }),
    rawFrame(sender, 1, bytesOf('f348cdc9c9070000'), { rsv: 4 }),
    rawFrame(sender, 2, '', { claims: 1n << 19n }),
  ];
}

function inputOf(random: (below: number) => number, corpus: readonly Uint8Array[]): Uint8Array {
  if (random(10) === 0) return Uint8Array.from({ length: random(64) }, () => random(256));
  const picked = Array.from({ length: 1 + random(4) }, () => corpus[random(corpus.length)]!);
  const bytes = Uint8Array.from(Buffer.concat(picked));
  for (let count = random(5); count > 0; count--) {
    // Headers are where a flipped bit hurts most, so half of the flips hit the front.
    const at = random(2) === 0 ? random(Math.min(16, bytes.length)) : random(bytes.length);
    bytes[at]! ^= 1 << random(8);
  }
  return random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

it(`${RUNS} hostile streams: nothing throws, at most 2 × received + 64 KiB are retained, one close at most`, () => {
  const random = randomFrom(SEED);
  const corpora = { server: corpusFor('client'), client: corpusFor('server') };
  const agreements: (DeflateAgreement | undefined)[] = [undefined, NO_TAKEOVER, TAKEOVER];
  let closes = 0;
  for (let run = 0; run < RUNS; run++) {
    const role: Role = random(3) === 0 ? 'client' : 'server';
    const recorder = new Recorder();
    recorder.onMessage = () => undefined;
    const connection = new WebSocketConnection(settings[role], recorder, recorder, agreements[random(3)]);
    if (random(20) === 0) connection.close(1000);
    const bytes = inputOf(random, corpora[role]);
    let received = 0;
    while (received < bytes.length) {
      const size = Math.min(bytes.length - received, 1 + (random(4) === 0 ? random(8) : random(100_000)));
      connection.receive(bytes.slice(received, received + size));
      received += size;
      if (connection.retainedBytes > 2 * received + 65_536) {
        expect.fail(`run ${run}, seed ${SEED}: ${connection.retainedBytes} bytes kept of ${received}`);
      }
    }
    connection.transportEnded();
    const ends = recorder.events.filter((event) => event.startsWith('close:')).length;
    if (ends !== 1) expect.fail(`run ${run}, seed ${SEED}: onClose was called ${ends} times`);
    if (recorder.events.some((event) => event.startsWith('close:10') && !event.startsWith('close:1006'))) closes++;
  }
  expect(closes).toBeGreaterThan(RUNS / 4); // the mutations do reach the rules
}, 600_000);

it('a frame built by hand and one by the encoder are the same bytes', () => {
  // The peer of these tests is independent of the encoder; this keeps both honest.
  for (const length of [0, 125, 126, 65_535, 65_536]) {
    const payload = new Uint8Array(length).fill(7);
    expect(Buffer.compare(rawFrame('server', 2, payload), encodeFrame(2, payload))).toBe(0);
    const mask = bytesOf('37fa213d');
    expect(Buffer.compare(rawFrame('client', 2, payload), encodeFrame(2, payload, { mask }))).toBe(0);
  }
});
