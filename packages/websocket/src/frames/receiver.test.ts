import { describe, expect, it } from 'vitest';
import type { Role } from '../index.js';
import { otherRole, rawFrame, type RawFrame } from '../testing/peer.js';
import { bytesOf, closeCodeOf, connectionFor, NO_TAKEOVER, play, type Recorder, utf8 } from '../testing/recorder.js';

// Follows the categories of the Autobahn test suite; each case runs for both roles.

const CONT = 0;
const TEXT = 1;
const BINARY = 2;
const PING = 9;
const CONTROL = [8, 9, 10];
const RESERVED = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
const LENGTHS = [0, 1, 125, 126, 127, 128, 65_535, 65_536];

describe.each<Role>(['server', 'client'])('as a %s', (role) => {
  const peer = otherRole(role);
  const frame = (opcode: number, payload: Uint8Array | string = '', raw?: RawFrame): Uint8Array =>
    rawFrame(peer, opcode, payload, raw);
  const first = (opcode: number, payload: Uint8Array | string = ''): Uint8Array =>
    frame(opcode, payload, { fin: false });
  const more = (payload: Uint8Array | string = ''): Uint8Array => frame(CONT, payload, { fin: false });
  const last = (payload: Uint8Array | string = ''): Uint8Array => frame(CONT, payload);
  const get = (...chunks: readonly Uint8Array[]): Recorder => play(role, chunks);

  describe('1 framing', () => {
    it.each(LENGTHS)('text of %i bytes', (length) => {
      const text = '*'.repeat(length);
      expect(get(frame(TEXT, text)).events).toEqual([`text:${text}`]);
    });
    it.each(LENGTHS)('binary of %i bytes', (length) => {
      expect(get(frame(BINARY, new Uint8Array(length).fill(0xfe))).events).toEqual([`binary:${'fe'.repeat(length)}`]);
    });
    it.each(LENGTHS)('text of %i bytes, in chunks of 997', (length) => {
      const bytes = frame(TEXT, '*'.repeat(length));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += 997) chunks.push(bytes.subarray(at, at + 997));
      expect(get(...chunks).events).toEqual([`text:${'*'.repeat(length)}`]);
    });
    it('a length that is not minimal', () => {
      expect(closeCodeOf(get(frame(BINARY, new Uint8Array(125), { lengthBytes: 2 })))).toBe(1002);
      expect(closeCodeOf(get(frame(BINARY, new Uint8Array(0), { lengthBytes: 8 })))).toBe(1002);
      expect(closeCodeOf(get(frame(BINARY, '', { lengthBytes: 8, claims: 65_535n })))).toBe(1002);
    });
    it('a length with its most significant bit set (§5.2)', () => {
      expect(closeCodeOf(get(frame(BINARY, '', { claims: 1n << 63n })))).toBe(1002);
      expect(closeCodeOf(get(frame(BINARY, '', { claims: (1n << 64n) - 1n })))).toBe(1002);
    });
    it.each([1n << 53n, 1n << 62n, 1n << 32n])('a length of %i, valid but beyond any limit', (claims) => {
      expect(closeCodeOf(get(frame(BINARY, '', { claims })))).toBe(1009);
    });
    it('a frame that is masked by the wrong end (§5.1)', () => {
      expect(closeCodeOf(get(frame(TEXT, 'a', { masked: peer !== 'client' })))).toBe(1002);
      expect(closeCodeOf(get(frame(PING, '', { masked: peer !== 'client' })))).toBe(1002);
    });
  });

  describe('3 reserved bits', () => {
    it.each([1, 2, 3, 4, 5, 6, 7])('RSV %i', (rsv) => {
      for (const opcode of [TEXT, BINARY, 8, 9, 10]) {
        expect(closeCodeOf(get(frame(opcode, '', { rsv })))).toBe(1002);
      }
      const recorder = get(frame(TEXT, 'small'), frame(TEXT, 'no', { rsv }), frame(PING));
      expect(recorder.events[0]).toBe('text:small');
      expect(recorder.events).toHaveLength(3);
      expect(closeCodeOf(recorder)).toBe(1002);
    });
    it('RSV1 where compression was agreed on: only on the first frame of a message (RFC 7692 §6)', () => {
      const agreed = (...chunks: readonly Uint8Array[]): Recorder => play(role, chunks, {}, NO_TAKEOVER);
      const hello = bytesOf('f248cdc9c90700');
      expect(agreed(frame(TEXT, hello, { rsv: 4 })).events).toEqual(['text:Hello']);
      expect(closeCodeOf(agreed(frame(TEXT, hello, { rsv: 6 })))).toBe(1002);
      expect(closeCodeOf(agreed(frame(PING, '', { rsv: 4 })))).toBe(1002);
      expect(closeCodeOf(agreed(first(TEXT, 'a'), frame(CONT, '', { rsv: 4 })))).toBe(1002);
      expect(agreed(first(TEXT, 'a'), last('b')).events).toEqual(['text:ab']);
    });
  });

  describe('4 opcodes', () => {
    it.each(RESERVED)('%i is reserved', (opcode) => {
      expect(closeCodeOf(get(frame(opcode)))).toBe(1002);
      expect(closeCodeOf(get(frame(TEXT, 'a'), frame(opcode, 'x'), frame(PING)))).toBe(1002);
    });
  });

  describe('5 fragmentation', () => {
    it.each(CONTROL)('a control frame %i in fragments', (opcode) => {
      expect(closeCodeOf(get(first(opcode, 'ab'), last('cd')))).toBe(1002);
    });
    it.each(CONTROL)('a control frame %i of 126 bytes', (opcode) => {
      expect(closeCodeOf(get(frame(opcode, new Uint8Array(126))))).toBe(1002);
    });
    it('two and three fragments', () => {
      expect(get(first(TEXT, 'frag1'), last('frag2')).events).toEqual(['text:frag1frag2']);
      expect(get(first(BINARY, 'a'), more('b'), last('c')).events).toEqual(['binary:616263']);
    });
    it('empty fragments', () => {
      expect(get(first(TEXT), more(), last()).events).toEqual(['text:']);
      expect(get(first(TEXT), more('x'), last()).events).toEqual(['text:x']);
      expect(get(first(BINARY), last()).events).toEqual(['binary:']);
    });
    it('control frames in between come at once, messages when they are whole', () => {
      const pings = [first(TEXT, 'a'), frame(PING, '1'), more('b'), frame(PING, '2'), last('c')];
      expect(get(...pings).events).toEqual(['ping:31', 'ping:32', 'text:abc']);
    });
    it('a continuation of nothing', () => {
      expect(closeCodeOf(get(last('x')))).toBe(1002);
      expect(closeCodeOf(get(more('x')))).toBe(1002);
      expect(closeCodeOf(get(first(TEXT, 'a'), last('b'), last('c')))).toBe(1002);
    });
    it('a new message inside an unfinished one', () => {
      expect(closeCodeOf(get(first(TEXT, 'a'), frame(TEXT, 'b')))).toBe(1002);
      expect(closeCodeOf(get(first(TEXT, 'a'), first(BINARY, 'b')))).toBe(1002);
    });
  });

  describe('6 UTF-8', () => {
    const greeting = 'Hello-µ@ßöäüàá-UTF-8!!';
    it.each(['', greeting, 'κόσμε', '\u0000', '\ufffe\uffff', '\ufeffbom', '\u{10ffff}', '퟿\ue000'])('%j', (text) => {
      expect(get(frame(TEXT, text)).events).toEqual([`text:${text}`]);
      const each = [...utf8(text)].map((byte) => more(Uint8Array.of(byte)));
      expect(get(first(TEXT), ...each, last()).events).toEqual([`text:${text}`]);
    });

    const invalid = [
      'cebae1bdb9cf83cebceda080656469746564', // 6.3: κόσμε with a surrogate
      'cebae1bdb9cf83cebcf4908080656469746564', // 6.4: above U+10FFFF
      'f8888080 80',
      'fc8480808080',
      'f7bfbfbf',
      'fbbfbfbfbf',
      'fdbfbfbfbfbf',
      'f4908080', // 6.8–6.11
      '80',
      'bf',
      '80bf',
      '80bf80',
      '80bf80bf',
      'c0',
      'c1',
      'f5',
      'fe',
      'ff',
      'fefeffff', // 6.12–6.15
      'c0af',
      'e080af',
      'f08080af',
      'f8808080af',
      'fc80808080af', // 6.17
      'c1bf',
      'e09fbf',
      'f08fbfbf',
      'f887bfbfbf',
      'fc83bfbfbfbf', // 6.18
      'c080',
      'e08080',
      'f0808080',
      'f880808080',
      'fc8080808080', // 6.19
      'eda080',
      'edadbf',
      'edae80',
      'edafbf',
      'edb080',
      'edbe80',
      'edbfbf', // 6.20
      'eda080edb080',
      'edadbfedbfbf',
      'edaebfedb080',
      'edafbfedbfbf', // 6.21
      'c3',
      'e2',
      'e282',
      'f0',
      'f09f',
      'f09f98',
      '61c3',
      'c3c3a4', // 6.12 and on: cut off
    ];
    it.each(invalid)('closes with 1007 for %s', (bytes) => {
      const payload = bytesOf(bytes);
      expect(closeCodeOf(get(frame(TEXT, payload)))).toBe(1007);
      const each = [...payload].map((byte) => more(Uint8Array.of(byte)));
      expect(closeCodeOf(get(first(TEXT), ...each, last()))).toBe(1007);
      const padded = Uint8Array.from([...utf8('a'.repeat(200)), ...payload]); // long enough for the host's check
      expect(closeCodeOf(get(frame(TEXT, padded)))).toBe(1007);
    });

    it('6.4.1 fails at the fragment that holds the first bad byte', () => {
      expect(closeCodeOf(get(first(TEXT, bytesOf('cebae1bdb9cf83cebc')), more(bytesOf('f4908080'))))).toBe(1007);
      expect(closeCodeOf(get(first(TEXT, bytesOf('cebae1bdb9cf83cebcf4')), more(bytesOf('90'))))).toBe(1007);
    });

    it('6.4.3 fails inside a frame, at the first bad byte, without waiting for the rest', () => {
      const payload = bytesOf('cebae1bdb9cf83cebcf4908080656469746564');
      const bytes = frame(TEXT, payload);
      const upTo = bytes.length - payload.length + 10; // f4 may still become a character
      expect(closeCodeOf(get(bytes.subarray(0, upTo)))).toBeUndefined();
      expect(closeCodeOf(get(bytes.subarray(0, upTo), bytes.subarray(upTo, upTo + 1)))).toBe(1007);
      expect(closeCodeOf(get(bytes.subarray(0, upTo + 1)))).toBe(1007);
    });

    it('does not care what binary holds', () => {
      expect(get(frame(BINARY, bytesOf('ff80'))).events).toEqual(['binary:ff80']);
      expect(get(first(BINARY, bytesOf('ff')), last(bytesOf('80'))).events).toEqual(['binary:ff80']);
    });
  });
});

describe('what a handler gets', () => {
  it('is memory of its own for binary, unless views are asked for', () => {
    const kept: Uint8Array[] = [];
    for (const binary of ['copy', 'view'] as const) {
      const { connection, recorder } = connectionFor('server', { binary });
      recorder.onMessage = (data) => kept.push(data as Uint8Array);
      const chunk = Buffer.from(rawFrame('client', BINARY, 'abc'));
      connection.receive(chunk);
      chunk.fill(0);
    }
    expect(kept.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(['616263', '000000']);
  });
});
