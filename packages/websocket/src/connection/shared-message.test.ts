import { describe, expect, it } from 'vitest';
import { type CompressionPort, type DeflateAgreement, encodeTextFrame, SharedMessage } from '../index.js';
import { connectionFor, hex, NO_TAKEOVER, play, ports, TAKEOVER, utf8 } from '../testing/recorder.js';

const TEXT = JSON.stringify(Array.from({ length: 100 }, (_, index) => ({ index, name: `item ${index}` })));

describe('a message for many connections', () => {
  it('is encoded once for all of them, plain and compressed', () => {
    let deflated = 0;
    const compression = {
      ...ports.compression!,
      deflate: (...args: Parameters<CompressionPort['deflate']>) => {
        deflated++;
        return ports.compression!.deflate(...args);
      },
    };
    const message = new SharedMessage(TEXT, { ...ports, compression });
    const agreements: (DeflateAgreement | undefined)[] = [undefined, NO_TAKEOVER, NO_TAKEOVER, undefined, TAKEOVER];
    const writes = agreements.map((agreement) => {
      const { connection, recorder } = connectionFor('server', {}, agreement);
      connection.sendShared(message);
      expect(play('client', recorder.writes, {}, agreement).events).toEqual([`text:${TEXT}`]);
      return recorder.writes[0]!;
    });
    expect(deflated).toBe(1);
    expect(writes[3]).toBe(writes[0]);
    expect(writes[2]).toBe(writes[1]);
    expect(writes[1]!.length).toBeLessThan(writes[0]!.length / 4);
    // With takeover the peer's window would have to advance with it: such connections get it plain.
    expect(writes[4]).toBe(writes[0]);
  });

  it('is readable by a peer with a small window', () => {
    const agreement = { ...NO_TAKEOVER, serverMaxWindowBits: 10 };
    for (const text of ['a'.repeat(1024), 'abc'.repeat(10_000)]) {
      const { connection, recorder } = connectionFor('server', { compressFromBytes: 0 }, agreement);
      connection.sendShared(new SharedMessage(text, ports));
      expect(recorder.writes[0]![0]).toBe(text.length > 1024 ? 0x81 : 0xc1);
      expect(play('client', recorder.writes, {}, agreement).events).toEqual([`text:${text}`]);
    }
  });

  it('may be binary, small or incompressible', () => {
    const noise = Uint8Array.from({ length: 2000 }, (_, index) => (index * index * 31 + (index >> 3)) & 0xff);
    for (const data of [utf8('x'), ports.randomBytes(2000), noise]) {
      const { connection, recorder } = connectionFor('server', {}, NO_TAKEOVER);
      connection.sendShared(new SharedMessage(data, ports));
      expect(play('client', recorder.writes, {}, NO_TAKEOVER).events).toEqual([`binary:${hex(data)}`]);
    }
  });

  it('may also be framed by the caller', () => {
    const { connection, recorder } = connectionFor('server');
    const frame = encodeTextFrame('Hello', ports);
    expect(connection.sendEncoded(frame)).toBe(true);
    expect(recorder.writes[0]).toBe(frame);
  });

  it('is not for clients, nor for connections that are closed', () => {
    const message = new SharedMessage('a', ports);
    const client = connectionFor('client').connection;
    expect(() => client.sendShared(message)).toThrow(/its own mask/);
    expect(() => client.sendEncoded(message.plain())).toThrow(/its own mask/);
    const { connection } = connectionFor('server');
    connection.close();
    expect(() => connection.sendShared(message)).toThrow(/closing/);
    expect(() => connection.sendEncoded(message.plain())).toThrow(/closing/);
  });
});
