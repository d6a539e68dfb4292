import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeflateAgreement, Role } from '../index.js';
import { otherRole, rawFrame } from '../testing/peer.js';
import {
  bytesOf,
  closeCodeOf,
  connectionFor,
  hex,
  NO_TAKEOVER,
  play,
  type Recorder,
  TAKEOVER,
  utf8,
} from '../testing/recorder.js';

const compressed = (payload: string, raw = {}): Uint8Array =>
  rawFrame('client', 1, bytesOf(payload), { rsv: 4, ...raw });
const get = (agreement: DeflateAgreement, ...chunks: Uint8Array[]): Recorder => play('server', chunks, {}, agreement);

describe('RFC 7692 §7.2.3, the examples', () => {
  it('§7.2.3.1 one block, whole and in two fragments', () => {
    expect(get(NO_TAKEOVER, compressed('f248cdc9c90700')).events).toEqual(['text:Hello']);
    const fragments = [compressed('f248cd', { fin: false }), rawFrame('client', 0, bytesOf('c9c90700'))];
    expect(get(NO_TAKEOVER, ...fragments).events).toEqual(['text:Hello']);
  });
  it('§7.2.3.2 sharing the window: the second message refers to the first', () => {
    const both = [compressed('f248cdc9c90700'), compressed('f200110000')];
    expect(get(TAKEOVER, ...both).events).toEqual(['text:Hello', 'text:Hello']);
    expect(closeCodeOf(get(NO_TAKEOVER, ...both))).toBe(1007);
    expect(closeCodeOf(get({ ...TAKEOVER, clientNoContextTakeover: true }, ...both))).toBe(1007);
    expect(get({ ...TAKEOVER, serverNoContextTakeover: true }, ...both).events).toHaveLength(2);
  });
  it('§7.2.3.3 a block without compression', () => {
    expect(get(NO_TAKEOVER, compressed('000500faff48656c6c6f00')).events).toEqual(['text:Hello']);
  });
  it('§7.2.3.4 a block with BFINAL', () => {
    expect(get(NO_TAKEOVER, compressed('f348cdc9c9070000')).events).toEqual(['text:Hello']);
    expect(get(TAKEOVER, compressed('f348cdc9c9070000'), compressed('f200110000')).events).toHaveLength(2);
  });
  it('§7.2.3.5 two blocks', () => {
    expect(get(NO_TAKEOVER, compressed('f248050000 00ffff cac9c90700')).events).toEqual(['text:Hello']);
  });
  it('§7.2.3.6 an empty message, also without any byte as zlib-based peers send it', () => {
    expect(get(NO_TAKEOVER, compressed('00')).events).toEqual(['text:']);
    expect(get(NO_TAKEOVER, compressed('')).events).toEqual(['text:']);
    const { connection, recorder } = connectionFor('server', {}, NO_TAKEOVER);
    connection.sendText('', { compress: true });
    expect(recorder.written).toBe('8100'); // compressing it would make it longer
  });
});

describe('what is wrong inside', () => {
  it.each([
    ['garbage', 'ffffffff'],
    ['a reserved block type', '07'],
    ['a distance too far back', 'f200110000'],
    ['a block that is cut off', 'f248cd'],
    ['a stored block that swallows the tail', '000900f6ff48656c6c6f'],
    ['stored lengths that differ', '000500faf048656c6c6f00'],
  ])('%s closes with 1007', (_name, payload) => {
    expect(closeCodeOf(get(NO_TAKEOVER, compressed(payload)))).toBe(1007);
    expect(closeCodeOf(get(TAKEOVER, compressed(payload)))).toBe(1007);
  });
  it('text that is not UTF-8 once inflated closes with 1007, binary may be anything', () => {
    expect(closeCodeOf(get(NO_TAKEOVER, compressed('00 0200 fdff c328 00')))).toBe(1007);
    const binary = rawFrame('client', 2, bytesOf('000200fdffc32800'), { rsv: 4 });
    expect(get(NO_TAKEOVER, binary).events).toEqual(['binary:c328']);
  });
  it('a message of very many streams is not worth its work', () => {
    const streams = bytesOf(`${'4b0400'.repeat(5000)}00`);
    expect(closeCodeOf(get(NO_TAKEOVER, rawFrame('client', 1, streams, { rsv: 4 })))).toBe(1007);
    expect(get(NO_TAKEOVER, compressed(`${'4b0400'.repeat(5)}00`)).events).toEqual(['text:aaaaa']);
  });
  it('more than the limit once inflated closes with 1009, exactly the limit does not', () => {
    const { connection, recorder } = connectionFor('client', {}, NO_TAKEOVER);
    connection.sendText('a'.repeat(100_000));
    const bomb = recorder.writes[0]!;
    expect(bomb.length).toBeLessThan(500);
    expect(closeCodeOf(play('server', [bomb], { maxMessageBytes: 99_999 }, NO_TAKEOVER))).toBe(1009);
    expect(play('server', [bomb], { maxMessageBytes: 100_000 }, NO_TAKEOVER).events).toHaveLength(1);
    expect(closeCodeOf(play('server', [compressed('f248cdc9c90700')], { maxMessageBytes: 0 }, NO_TAKEOVER))).toBe(1009);
  });
});

describe('agreements', () => {
  const roles: Role[] = ['server', 'client'];
  const bits = [8, 9, 10, 15];
  const agreements = bits.flatMap((own) =>
    [true, false].map((alone) => ({
      serverNoContextTakeover: alone,
      clientNoContextTakeover: alone,
      serverMaxWindowBits: own,
      clientMaxWindowBits: own,
    })),
  );
  it.each(agreements)('%j carries messages both ways', (agreement) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.nat(3000).map((n) => 'abcdefgh'.repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), fc.constantFrom(...roles), (texts, role) => {
        const { connection, recorder } = connectionFor(role, { compressFromBytes: 0 }, agreement);
        for (const one of texts) {
          connection.sendText(one);
          connection.sendBinary(utf8(one), { fragmentBytes: 50 });
        }
        const got = play(otherRole(role), recorder.writes, {}, agreement).events;
        const wellFormed = texts.map((one) => Buffer.from(one).toString());
        expect(got).toEqual(wellFormed.flatMap((one) => [`text:${one}`, `binary:${hex(utf8(one))}`]));
      }),
      { numRuns: 25 },
    );
  });

  it('takes its own context over when agreed: the second of two equal messages is smaller', () => {
    const sizes = (agreement: DeflateAgreement): number[] => {
      const { connection, recorder } = connectionFor('server', { compressFromBytes: 0 }, agreement);
      const text = JSON.stringify({ symbol: 'ACME', bid: 12.5, ask: 12.75, venue: 'X', at: 1234567890 });
      for (let count = 0; count < 2; count++) connection.sendText(text);
      return recorder.writes.map((bytes) => bytes.length);
    };
    const [first, second] = sizes(TAKEOVER);
    expect(second).toBeLessThan(first! / 2);
    const [alone, again] = sizes(NO_TAKEOVER);
    expect(again).toBe(alone);
  });

  it('keeps no window without takeover, and at most 2 ** bits bytes each way with it', () => {
    for (const [agreement, most] of [
      [NO_TAKEOVER, 0],
      [{ ...TAKEOVER, serverMaxWindowBits: 9, clientMaxWindowBits: 10 }, 512 + 1024],
    ] as const) {
      const { connection, recorder } = connectionFor('server', {}, agreement);
      const other = connectionFor('client', {}, agreement);
      for (let count = 0; count < 3; count++) {
        connection.sendText('abc'.repeat(5000));
        other.connection.sendText('abc'.repeat(5000));
      }
      for (const bytes of other.recorder.writes) connection.receive(bytes);
      expect(recorder.events.length).toBe(3);
      expect(connection.retainedBytes).toBe(most);
    }
  });

  it('compresses from a size on, or as the sender says, and never to make a message longer', () => {
    const { connection, recorder } = connectionFor('server', { compressFromBytes: 100 }, NO_TAKEOVER);
    connection.sendText('a'.repeat(99));
    connection.sendText('a'.repeat(100));
    connection.sendText('ä'.repeat(50)); // bytes count, not characters
    connection.sendText('a'.repeat(99), { compress: true });
    connection.sendText('a'.repeat(100), { compress: false });
    connection.sendBinary(Uint8Array.from({ length: 200 }, (_, index) => (index * 167 + 13) & 0xff));
    expect(recorder.writes.map((bytes) => bytes[0]!.toString(16))).toEqual(['81', 'c1', 'c1', 'c1', '81', '82']);
  });
});
