import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodecName, Encoded } from './codec.js';
import { createEventReader, packEvent } from './event-stream.js';

const line = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => JSON.stringify(text));
const texts = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
const bytes = fc.uint8Array({ maxLength: 60 });

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** What a reader finds when the body is cut at `cuts`. */
function readCut(codec: CodecName, body: Uint8Array, cuts: readonly number[]): Encoded[] {
  const read = createEventReader(codec);
  const borders = [0, ...cuts.map((cut) => cut % (body.length + 1)).toSorted((a, b) => a - b), body.length];
  return borders.slice(1).flatMap((border, i) => read(body.subarray(borders[i], border)));
}

const cuts = fc.array(fc.nat(10_000), { maxLength: 12 });
const many = (messages: fc.Arbitrary<Encoded>) => fc.array(messages, { maxLength: 8 });

describe('messages in the body of a response', () => {
  it('HTTP-2: text comes back whole, however the body is cut, characters included', () => {
    fc.assert(
      fc.property(many(texts), cuts, (all, at) => {
        expect(readCut('json', concat(all.map(packEvent)), at)).toEqual(all);
      }),
    );
  });

  it('HTTP-2: bytes come back whole, however the body is cut', () => {
    fc.assert(
      fc.property(many(bytes), cuts, (all, at) => {
        expect(readCut('binary', concat(all.map(packEvent)), at)).toEqual(all);
      }),
    );
  });

  it('HTTP-2: a message of text is an event with a data line for each frame', () => {
    expect(new TextDecoder().decode(packEvent('{"a":1}\n{"b":2}'))).toBe('data: {"a":1}\ndata: {"b":2}\n\n');
  });

  it('HTTP-2: comments and other fields are no messages', () => {
    const body = new TextEncoder().encode(':hello\n\nretry: 5\n\ndata: {"a":1}\n\n:\n\n');
    expect(createEventReader('json')(body)).toEqual(['{"a":1}']);
  });

  it('a line separator in the data ends no line', () => {
    const message = JSON.stringify('\u2028data: x\u2029data: y');
    expect(createEventReader('json')(packEvent(message))).toEqual([message]);
  });

  it('LIM-1: random bytes never make a reader keep more than a message may take', () => {
    fc.assert(
      fc.property(fc.constantFrom('json', 'binary'), fc.array(bytes, { maxLength: 20 }), (codec, pieces) => {
        const read = createEventReader(codec as CodecName);
        try {
          for (const piece of pieces) read(piece);
        } catch (error) {
          expect(error instanceof RangeError || error instanceof TypeError).toBe(true);
        }
      }),
    );
    expect(() => createEventReader('binary')(Uint8Array.of(255, 0, 0, 0))).toThrow(RangeError);
    const endless = createEventReader('json');
    const piece = new TextEncoder().encode(`data: ${'x'.repeat(1024 * 1024)}`);
    expect(() => {
      for (let i = 0; i < 20; i++) endless(piece);
    }).toThrow(RangeError);
  });
});
