import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, encodeTextFrame } from './frame.js';
import { frameHeaderLength, writeFrameHeader } from './frame-header.js';
import { OPCODE } from './opcodes.js';
import { bytesOf, connectionFor, hex, ports, utf8 } from '../testing/recorder.js';

const KEY = bytesOf('37fa213d');

describe('RFC 6455 §5.7, the examples', () => {
  const sent: [string, string, string][] = [
    ['a single-frame unmasked text message', hex(encodeFrame(OPCODE.text, utf8('Hello'))), '810548656c6c6f'],
    [
      'a single-frame masked text message',
      hex(encodeFrame(OPCODE.text, utf8('Hello'), { mask: KEY })),
      '818537fa213d7f9f4d5158',
    ],
    ['a first fragment', hex(encodeFrame(OPCODE.text, utf8('Hel'), { fin: false })), '010348656c'],
    ['a last fragment', hex(encodeFrame(OPCODE.continuation, utf8('lo'))), '80026c6f'],
    ['an unmasked ping', hex(encodeFrame(OPCODE.ping, utf8('Hello'))), '890548656c6c6f'],
    ['a masked pong', hex(encodeFrame(OPCODE.pong, utf8('Hello'), { mask: KEY })), '8a8537fa213d7f9f4d5158'],
    ['256 bytes', hex(encodeFrame(OPCODE.binary, new Uint8Array(256))).slice(0, 8), '827e0100'],
    ['64 KiB', hex(encodeFrame(OPCODE.binary, new Uint8Array(65_536))).slice(0, 20), '827f0000000000010000'],
  ];
  it.each(sent)('%s', (_name, made, expected) => expect(made).toBe(expected));
});

describe('frames', () => {
  it('puts a text straight into its frame, as encoding the bytes would', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(hex(encodeTextFrame(text, ports))).toBe(hex(encodeFrame(OPCODE.text, utf8(text))));
        const flags = { mask: KEY };
        expect(hex(encodeTextFrame(text, ports, flags))).toBe(hex(encodeFrame(OPCODE.text, utf8(text), flags)));
      }),
    );
  });

  it('leaves the payload as it was when it masks', () => {
    const payload = utf8('Hello');
    encodeFrame(OPCODE.binary, payload, { mask: KEY });
    expect(payload).toEqual(utf8('Hello'));
  });

  it.each([0, 125, 126, 65_535, 65_536])('lets a caller build a payload of %i bytes in place', (length) => {
    const reserved = frameHeaderLength(length);
    const target = new Uint8Array(3 + reserved + length);
    expect(writeFrameHeader(target, 3, OPCODE.binary, length)).toBe(3 + reserved);
    expect(hex(target.subarray(3))).toBe(hex(encodeFrame(OPCODE.binary, new Uint8Array(length))));
  });

  it('writes lengths beyond 32 bits', () => {
    const target = new Uint8Array(14);
    expect(writeFrameHeader(target, 0, OPCODE.binary, 2 ** 40 + 5, { mask: KEY })).toBe(14);
    expect(hex(target)).toBe('82ff000001000000000537fa213d');
  });

  it('refuses control frames that no peer could accept (§5.5)', () => {
    expect(() => encodeFrame(OPCODE.ping, new Uint8Array(126))).toThrow(/at most 125 bytes, not 126/);
    expect(() => encodeFrame(OPCODE.ping, new Uint8Array(0), { fin: false })).toThrow(/neither fragmented/);
    expect(() => encodeFrame(OPCODE.close, new Uint8Array(0), { rsv1: true })).toThrow(/nor compressed/);
    expect(() => encodeFrame(OPCODE.text, new Uint8Array(0), { mask: KEY.subarray(1) })).toThrow(/4 bytes, not 3/);
  });
});

describe('a round trip through the other end', () => {
  const lengths = [0, 1, 3, 4, 7, 125, 126, 127, 128, 131, 255, 65_535, 65_536, 100_003];
  it.each(lengths)('%i bytes, at every alignment', (length) => {
    for (let shift = 0; shift < 4; shift++) {
      const payload = Uint8Array.from({ length }, (_, index) => (index * 7 + shift) & 0xff);
      const frame = encodeFrame(OPCODE.binary, payload, { mask: KEY });
      const moved = new Uint8Array(frame.length + shift).subarray(shift);
      moved.set(frame);
      const { connection, recorder } = connectionFor('server');
      connection.receive(moved);
      expect(recorder.events).toEqual([`binary:${hex(payload)}`]);
    }
  });
});
