import { describe, expect, it } from 'vitest';
import { bytesOf, hex, utf8 } from '../testing/recorder.js';
import { createZlibPort } from './zlib-port.js';

const port = createZlibPort(6);
const STREAM = bytesOf('f348cdc9c90700'); // "Hello" with BFINAL (RFC 7692 §7.2.3.4)
const options = { dictionary: undefined, windowBits: 15, maxOutputBytes: 1000 };

describe('inflate', () => {
  it('reads one stream and says where it ended', () => {
    const input = Uint8Array.from([...STREAM, 1, 2, 3]);
    expect(port.inflate(input, options)).toEqual({ output: expect.anything(), consumed: STREAM.length });
    const stream = port.inflate(input, options);
    expect(typeof stream === 'object' && hex(stream.output)).toBe(hex(utf8('Hello')));
  });

  it('holds the output to its bound, inclusive', () => {
    expect(port.inflate(STREAM, { ...options, maxOutputBytes: 5 })).toBeTypeOf('object');
    for (const maxOutputBytes of [4, 1, 0]) {
      expect(port.inflate(STREAM, { ...options, maxOutputBytes })).toBe('too-large');
    }
    expect(port.inflate(bytesOf('0300'), { ...options, maxOutputBytes: 0 })).toBeTypeOf('object');
  });

  it('takes a stream that does not end for malformed, as one that is corrupt', () => {
    expect(port.inflate(STREAM.subarray(0, 5), options)).toBe('malformed');
    expect(port.inflate(bytesOf('f248cdc9c90700'), options)).toBe('malformed');
    expect(port.inflate(bytesOf('ff'), options)).toBe('malformed');
    expect(port.inflate(new Uint8Array(0), options)).toBe('malformed');
  });

  it('does not keep 16 KiB alive for a short message', () => {
    const stream = port.inflate(STREAM, options);
    expect(typeof stream === 'object' && stream.output.buffer.byteLength).toBeLessThan(64);
  });
});

describe('deflate', () => {
  it.each([9, 15])('ends with a sync flush, window bits %i', (windowBits) => {
    for (const length of [1, 5, 1000, 16_384, 100_000]) {
      const data = Uint8Array.from({ length }, (_, index) => (index * index) & 0xff);
      const flushed = port.deflate(data, { dictionary: undefined, windowBits });
      expect(hex(flushed.subarray(-4))).toBe('0000ffff');
      const ended = Uint8Array.from([...flushed, 3, 0]);
      const back = port.inflate(ended, { dictionary: undefined, windowBits, maxOutputBytes: length });
      expect(typeof back === 'object' && Buffer.compare(back.output, data)).toBe(0);
    }
  });
});
