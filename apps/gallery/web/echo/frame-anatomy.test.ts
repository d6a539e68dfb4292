import { describe, expect, it } from 'vitest';
import { describePayload, readFrame } from './frame-anatomy.js';
import { formatHex, parseHex } from './hex.js';

const frameOf = (hex: string) => readFrame(parseHex(hex)!)!;

// The examples of RFC 6455 §5.7.
describe('the anatomy of a frame', () => {
  it('reads an unmasked text message', () => {
    const frame = frameOf('81 05 48 65 6c 6c 6f');
    expect(frame).toMatchObject({ fin: true, opcodeName: 'text', maskKey: undefined, payloadLength: 5 });
    expect(describePayload(frame)).toBe('Hello');
    expect(frame.parts.map((part) => part.name)).toEqual(['flags', 'length', 'payload']);
  });

  it('unmasks what a client sent', () => {
    const frame = frameOf('81 85 37 fa 21 3d 7f 9f 4d 51 58');
    expect(formatHex(frame.maskKey!)).toBe('37 fa 21 3d');
    expect(describePayload(frame)).toBe('Hello');
  });

  it('reads fragments and control frames', () => {
    expect(frameOf('01 03 48 65 6c')).toMatchObject({ fin: false, opcodeName: 'text' });
    expect(frameOf('80 02 6c 6f')).toMatchObject({ fin: true, opcodeName: 'continuation' });
    expect(describePayload(frameOf('89 05 48 65 6c 6c 6f'))).toBe('Hello');
    expect(describePayload(frameOf('88 05 03 e8 62 79 65'))).toBe('1000 bye');
  });

  it('reads 16-bit and 64-bit lengths of payloads that were cut off', () => {
    expect(frameOf('82 7e 01 00 aa').payloadLength).toBe(256);
    expect(frameOf('82 7f 00 00 00 00 00 01 00 00 aa').payloadLength).toBe(65536);
    expect(describePayload(frameOf('81 7e 01 00 61 62'))).toBe('ab…');
  });

  it('says nothing of a header that was cut off', () => {
    for (const hex of ['81', '81 7e 01', '81 85 37 fa 21']) expect(readFrame(parseHex(hex)!)).toBeUndefined();
  });
});

describe('hex', () => {
  it('is read however it is spaced', () => {
    expect(formatHex(parseHex('0xCAFE, 00:ff')!)).toBe('ca fe 00 ff');
    for (const bad of ['', 'abc', 'zz']) expect(parseHex(bad)).toBeUndefined();
  });
});
