import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, ports } from '../testing/recorder.js';
import { advanceUtf8, isValidUtf8, UTF8_REJECT, UTF8_START } from './utf8.js';

/** The index of the first byte that cannot be UTF-8, or -1. */
function firstBad(bytes: Uint8Array): number {
  let state = UTF8_START;
  for (let index = 0; index < bytes.length; index++) {
    state = advanceUtf8(state, bytes, index, index + 1);
    if (state === UTF8_REJECT) return index;
  }
  return -1;
}

describe('strict UTF-8 (RFC 3629)', () => {
  it('agrees with Node on every sequence of one, two and three bytes', () => {
    let differ = 0;
    const bytes = new Uint8Array(3);
    for (let word = 0; word < 1 << 24; word += word < 1 << 16 ? 1 : 37) {
      bytes[0] = word;
      bytes[1] = word >>> 8;
      bytes[2] = word >>> 16;
      const length = word < 256 ? 1 : word < 65_536 ? 2 : 3;
      const valid = advanceUtf8(UTF8_START, bytes, 0, length) === UTF8_START;
      if (valid !== isUtf8(bytes.subarray(0, length))) differ++;
    }
    expect(differ).toBe(0);
  });

  it('agrees with Node on all lead bytes with four bytes at the borders of their ranges', () => {
    let differ = 0;
    const borders = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let lead = 0xe0; lead < 0x100; lead++) {
      for (const second of borders) {
        for (const third of borders) {
          for (const fourth of borders) {
            const bytes = Uint8Array.of(lead, second, third, fourth);
            if ((advanceUtf8(UTF8_START, bytes, 0, 4) === UTF8_START) !== isUtf8(bytes)) differ++;
          }
        }
      }
    }
    expect(differ).toBe(0);
  });

  it('does not depend on where the bytes are cut', () => {
    const input = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.string({ unit: 'binary' }), fc.nat(80));
    fc.assert(
      fc.property(input, ([noise, text, cut]) => {
        const bytes = Uint8Array.from([...Buffer.from(text), ...noise]);
        const at = Math.min(cut, bytes.length);
        const head = advanceUtf8(UTF8_START, bytes, 0, at);
        const state = head === UTF8_REJECT ? head : advanceUtf8(head, bytes, at, bytes.length);
        expect(state === UTF8_START).toBe(isUtf8(bytes));
        expect(isValidUtf8(ports, bytes, 0, bytes.length)).toBe(isUtf8(bytes));
      }),
      { numRuns: 500 },
    );
  });

  const places: [string, string, number][] = [
    ['a continuation byte alone', '80', 0],
    ['an overlong form of two bytes', 'c080', 0],
    ['an overlong form of three bytes', 'e08080', 1],
    ['an overlong form of four bytes', 'f0808080', 1],
    ['a surrogate', 'eda080', 1],
    ['above U+10FFFF', 'f4908080', 1],
    ['a form of five bytes', 'f888808080', 0],
    ['0xff', '61ff', 1],
    ['a character broken off', 'ceba e1bd 61', 4],
  ];
  it.each(places)('stops at the first bad byte: %s', (_name, text, index) => {
    expect(firstBad(bytesOf(text))).toBe(index);
  });
});
