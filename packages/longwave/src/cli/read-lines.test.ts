import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.js';

async function linesOf(chunks: readonly Uint8Array[], maxLength = 1000): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  const numbers: number[] = [];
  for await (const { number, text } of readLines(Readable.from(chunks, { objectMode: false }), maxLength, never)) {
    lines.push(text);
    numbers.push(number);
  }
  expect(numbers).toEqual(lines.map((_, index) => index + 1));
  return lines;
}

const never = new AbortController().signal;

describe('readLines', () => {
  it('gives the same lines however the bytes are split', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '\r', '\r\n', ' ') });
    await fc.assert(
      fc.asyncProperty(text, fc.infiniteStream(fc.integer({ min: 1, max: 4 })), async (input, sizes) => {
        const bytes = Buffer.from(input);
        const chunks: Uint8Array[] = [];
        for (let start = 0; start < bytes.length;) {
          const end = start + (sizes.next().value as number);
          chunks.push(bytes.subarray(start, end));
          start = end;
        }
        const expected = input.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await linesOf(chunks)).toEqual(expected.map((line) => line.replace(/\r$/, '')));
      }),
      { numRuns: 300 },
    );
  });

  it('throws away what is longer than allowed, and goes on with the next line', async () => {
    const chunks = ['12345\n123', '456\nok\n', '1'.repeat(50), '1'.repeat(50), '\n12345\r\nlast-one'].map((text) =>
      Buffer.from(text),
    );
    expect(await linesOf(chunks, 5)).toEqual(['12345', undefined, 'ok', undefined, '12345', undefined]);
  });

  it('ends when it is told to, in the midst of a stream that never ends', async () => {
    const controller = new AbortController();
    const stream = new Readable({ read() {} });
    stream.push('one\ntwo\n');
    const seen: (string | undefined)[] = [];
    for await (const { text } of readLines(stream, 10, controller.signal)) {
      seen.push(text);
      if (seen.length === 2) setImmediate(() => controller.abort());
    }
    expect(seen).toEqual(['one', 'two']);
    expect(stream.destroyed).toBe(true);
  });
});
