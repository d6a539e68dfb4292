import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeflateAgreement, Role } from './index.js';
import { otherRole, rawFrame } from './testing/peer.js';
import { connectionFor, play, TAKEOVER, utf8 } from './testing/recorder.js';

const payload = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }).map(utf8),
  fc.uint8Array({ maxLength: 300 }),
  fc.nat(70_000).map((length) => new Uint8Array(length).fill(0x61)),
);

interface Step {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly fin: boolean;
  readonly rsv: number;
  /** 0: the step stays as it is, though it breaks a rule. */
  readonly wrong: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  opcode: fc.constantFrom(0, 0, 1, 1, 2, 9, 10, 8, 3),
  payload,
  fin: fc.boolean(),
  rsv: fc.constantFrom(0, 0, 0, 0, 0, 0, 4, 1),
  wrong: fc.nat(40),
});

function stream(sender: Role, steps: readonly Step[]): Uint8Array {
  let open = false;
  const frames = steps.map((one) => {
    let { opcode, fin } = one;
    if (one.wrong > 0) {
      if (opcode >= 8) fin = true;
      else if (opcode < 3) {
        opcode = open ? 0 : Math.max(1, opcode);
        open = !fin;
      }
    }
    const body = opcode >= 8 && one.wrong > 0 ? one.payload.subarray(0, 125) : one.payload;
    return rawFrame(sender, opcode, body, { fin, rsv: one.rsv });
  });
  return Uint8Array.from(Buffer.concat(frames));
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const size = sizes[piece % sizes.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe.each<[Role, DeflateAgreement | undefined]>([
  ['server', undefined],
  ['client', undefined],
  ['server', TAKEOVER],
])('as a %s, compression %j', (role, agreement) => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5000 })), { minLength: 1 });

  it('any split of the bytes gives the same events and the same answers', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), sizes, (steps, pattern) => {
        const bytes = stream(otherRole(role), steps);
        const whole = play(role, [bytes], { maxMessageBytes: 100_000 }, agreement);
        const parts = play(role, cut(bytes, pattern), { maxMessageBytes: 100_000 }, agreement);
        // A message that breaks UTF-8 fails at once when it trickles in, and as one frame when it is whole: the same event.
        expect(parts.events).toEqual(whole.events);
        expect(parts.writes.length).toBe(whole.writes.length);
        if (role === 'server') expect(parts.written).toBe(whole.written);
      }),
      { numRuns: 300 },
    );
  });

  it('what one end sends the other gets, however it is cut', () => {
    const message = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 500 }),
      fc.constant('ab'.repeat(40_000)),
    );
    const options = fc.record({ fragmentBytes: fc.integer({ min: 100, max: 1000 }), compress: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.tuple(message, options), { maxLength: 4 }), sizes, (messages, pattern) => {
        const { connection, recorder } = connectionFor(otherRole(role), {}, agreement);
        const expected = messages.map(([data, sending]) => {
          if (typeof data === 'string') connection.sendText(data, sending);
          else connection.sendBinary(data, sending);
          return typeof data === 'string' ? `text:${data}` : `binary:${Buffer.from(data).toString('hex')}`;
        });
        const bytes = Uint8Array.from(Buffer.concat(recorder.writes));
        expect(play(role, cut(bytes, pattern), {}, agreement).events).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
