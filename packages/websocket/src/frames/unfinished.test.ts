import { describe, expect, it } from 'vitest';
import { OPCODE } from '../index.js';
import { rawFrame } from '../testing/peer.js';
import { closeCodeOf, connectionFor, play } from '../testing/recorder.js';

// Autobahn 9 and 10, and what a hostile peer makes of them.

const fragment = (opcode: number, payload: Uint8Array | string, fin = false): Uint8Array =>
  rawFrame('client', opcode, payload, { fin });

describe('limits', () => {
  it('takes a message of exactly the limit, and 1009 for one byte more', () => {
    const options = { maxMessageBytes: 1000 };
    expect(play('server', [rawFrame('client', 2, new Uint8Array(1000))], options).events).toHaveLength(1);
    expect(closeCodeOf(play('server', [rawFrame('client', 2, new Uint8Array(1001))], options))).toBe(1009);
    const half = new Uint8Array(500);
    const exact = [fragment(2, half), fragment(0, half), fragment(0, '', true)];
    expect(play('server', exact, options).events).toHaveLength(1);
    expect(closeCodeOf(play('server', [fragment(2, half), fragment(0, half), fragment(0, 'x', true)], options))).toBe(
      1009,
    );
  });

  it('has a default of 16 MiB, inclusive', () => {
    const limit = 16 * 1024 * 1024;
    const head = rawFrame('client', 2, '', { claims: BigInt(limit) });
    expect(closeCodeOf(play('server', [head]))).toBeUndefined();
    const tooLong = rawFrame('client', 2, '', { claims: BigInt(limit + 1) });
    expect(closeCodeOf(play('server', [tooLong]))).toBe(1009);
  });

  it('refuses by the header, before a byte of the payload has come', () => {
    const head = rawFrame('client', 2, '', { claims: 1001n }).subarray(0, 8);
    expect(closeCodeOf(play('server', [head], { maxMessageBytes: 1000 }))).toBe(1009);
    expect(closeCodeOf(play('server', [head], { maxFrameBytes: 1000 }))).toBe(1009);
  });

  it('limits frames apart from messages', () => {
    const options = { maxFrameBytes: 10 };
    const chunks = [fragment(1, 'a'.repeat(10)), fragment(0, 'b'.repeat(10), true)];
    expect(play('server', chunks, options).events).toEqual([`text:${'a'.repeat(10)}${'b'.repeat(10)}`]);
    expect(closeCodeOf(play('server', [fragment(1, 'a'.repeat(11))], options))).toBe(1009);
  });
});

describe('memory', () => {
  it('is not taken for what a header only claims', () => {
    const { connection } = connectionFor('server');
    connection.receive(rawFrame('client', 2, 'abc', { claims: 16_000_000n }));
    expect(connection.retainedBytes).toBeLessThan(1024);
  });

  it('is nothing while idle and after each message', () => {
    const { connection } = connectionFor('server');
    expect(connection.retainedBytes).toBe(0);
    const bytes = rawFrame('client', 2, new Uint8Array(5000));
    connection.receive(bytes.slice(0, 3000));
    expect(connection.retainedBytes).toBeGreaterThan(2900);
    connection.receive(bytes.slice(3000));
    expect(connection.retainedBytes).toBe(0);
  });

  it('stays within twice the payload over 400,000 fragments of a byte, in linear time', () => {
    const { connection, recorder } = connectionFor('server');
    const one = fragment(0, 'x');
    const batch = Buffer.concat(Array.from({ length: 1000 }, () => one));
    connection.receive(fragment(1, ''));
    for (let count = 1; count <= 400; count++) {
      connection.receive(Buffer.from(batch));
      expect(connection.retainedBytes).toBeLessThanOrEqual(2 * count * 1000 + 256);
    }
    connection.receive(fragment(0, '', true));
    expect(recorder.events[0]).toHaveLength('text:'.length + 400_000);
  }, 10_000);

  it('is let go when the connection fails or ends', () => {
    for (const how of ['end', 'fail']) {
      const { connection } = connectionFor('server');
      connection.receive(fragment(2, new Uint8Array(10_000)));
      if (how === 'end') connection.transportEnded();
      else connection.fail(1008);
      expect(connection.retainedBytes).toBe(0);
      expect(connection.unfinishedSince).toBeUndefined();
    }
  });
});

describe('unfinishedSince', () => {
  it('is the time of the first byte of what is not finished, however it trickles', () => {
    const { connection } = connectionFor('server');
    const bytes = rawFrame('client', OPCODE.text, 'Hello');
    expect(connection.unfinishedSince).toBeUndefined();
    bytes.forEach((byte, index) => {
      connection.receive(Uint8Array.of(byte), 100 + index);
      expect(connection.unfinishedSince).toBe(index < bytes.length - 1 ? 100 : undefined);
    });
  });

  it('counts from the first fragment, over control frames and pauses between fragments', () => {
    const { connection } = connectionFor('server');
    connection.receive(fragment(1, 'a'), 5);
    expect(connection.unfinishedSince).toBe(5);
    connection.receive(rawFrame('client', OPCODE.ping), 6);
    connection.receive(fragment(0, 'b'), 7);
    connection.receive(fragment(0, 'c', true).subarray(0, 3), 8);
    expect(connection.unfinishedSince).toBe(5);
    connection.receive(fragment(0, 'c', true).subarray(3), 9);
    expect(connection.unfinishedSince).toBeUndefined();
  });

  it('starts anew for a message that begins in the chunk that ends another', () => {
    const { connection } = connectionFor('server');
    const bytes = Buffer.concat([rawFrame('client', 1, 'a'), rawFrame('client', 1, 'b')]);
    connection.receive(bytes.subarray(0, 3), 1);
    connection.receive(bytes.subarray(3, 10), 2);
    expect(connection.unfinishedSince).toBe(2);
  });
});
