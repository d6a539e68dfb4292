import { describe, expect, it } from 'vitest';
import { createConnectionSettings, encodeFrame, OPCODE, type Role, WebSocketConnection } from '../index.js';
import { otherRole, rawFrame, type RawFrame } from '../testing/peer.js';
import {
  bytesOf,
  closeCodeOf,
  connectionFor,
  hex,
  NO_TAKEOVER,
  play,
  ports,
  Recorder,
  utf8,
} from '../testing/recorder.js';

/** What `recorder`'s end has written, as its peer reads it. */
function read(role: Role, recorder: Recorder): string[] {
  return play(otherRole(role), recorder.writes).events;
}

function closePayload(code: number, reason: Uint8Array | string = ''): Uint8Array {
  return Uint8Array.from([code >>> 8, code, ...Buffer.from(reason as string)]);
}

describe.each<Role>(['server', 'client'])('as a %s', (role) => {
  const peer = otherRole(role);
  const frame = (opcode: number, payload: Uint8Array | string = '', raw?: RawFrame): Uint8Array =>
    rawFrame(peer, opcode, payload, raw);
  /** After a clean close it is the server that ends the transport (RFC 6455 §7.1.1). */
  const ended = role === 'server' ? ['end'] : [];

  describe('2 pings and pongs', () => {
    it.each([0, 1, 5, 125])('answers a ping of %i bytes with its payload', (length) => {
      const payload = new Uint8Array(length).fill(0xfe);
      const recorder = play(role, [frame(OPCODE.ping, payload)]);
      expect(read(role, recorder)).toEqual([`pong:${hex(payload)}`]);
    });
    it('answers a ping that comes byte by byte', () => {
      const bytes = frame(OPCODE.ping, 'slowly');
      const recorder = play(
        role,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      );
      expect(read(role, recorder)).toEqual([`pong:${hex(utf8('slowly'))}`]);
    });
    it('answers ten pings in their order', () => {
      const pings = Array.from({ length: 10 }, (_, index) => frame(OPCODE.ping, Uint8Array.of(index)));
      const pongs = pings.map((_, index) => `pong:0${index}`);
      expect(read(role, play(role, pings))).toEqual(pongs);
    });
    it('takes unsolicited pongs without a word', () => {
      const recorder = play(role, [frame(OPCODE.pong, 'x'), frame(OPCODE.pong)]);
      expect(recorder.events).toEqual(['pong:78', 'pong:']);
      expect(recorder.written).toBe('');
    });
    it('answers only the latest ping while the transport is congested (§5.5.3)', () => {
      const { connection, recorder } = connectionFor(role);
      recorder.takesMore = false;
      for (let index = 0; index < 1000; index++) connection.receive(frame(OPCODE.ping, String(index)));
      expect(recorder.writes).toHaveLength(1);
      recorder.takesMore = true;
      connection.drained();
      connection.drained();
      expect(read(role, recorder)).toEqual([`pong:${hex(utf8('0'))}`, `pong:${hex(utf8('999'))}`]);
    });
  });

  describe('7 the closing handshake, begun by the peer', () => {
    it.each([
      [closePayload(1000), 'close:1000::clean', closePayload(1000)],
      [closePayload(1001, 'ßye'), 'close:1001:ßye:clean', closePayload(1001)],
      [closePayload(3000, 'a'.repeat(123)), `close:3000:${'a'.repeat(123)}:clean`, closePayload(3000)],
      [new Uint8Array(0), 'close:1005::clean', new Uint8Array(0)],
    ])('%s is echoed by its code', (payload, event, echo) => {
      const recorder = play(role, [frame(OPCODE.close, payload), frame(OPCODE.ping), frame(OPCODE.text, 'late')]);
      expect(recorder.events).toEqual([...ended, event]);
      const reader = new Recorder();
      const settings = createConnectionSettings({ role: peer, ports });
      const other = new WebSocketConnection(settings, reader, reader);
      other.close(1000);
      for (const bytes of recorder.writes) other.receive(bytes);
      const code = echo.length === 0 ? 1005 : (echo[0]! << 8) | echo[1]!;
      expect(reader.events.at(-1)).toBe(`close:${code}::clean`);
    });
    const valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
    it.each(valid)('takes code %i', (code) => {
      expect(play(role, [frame(OPCODE.close, closePayload(code))]).events.at(-1)).toBe(`close:${code}::clean`);
    });
    const invalid = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
    it.each(invalid)('refuses code %i with 1002', (code) => {
      const recorder = play(role, [frame(OPCODE.close, closePayload(code))]);
      expect(recorder.events).toEqual(['end', 'close:1002:invalid close code:unclean']);
      expect(read(role, recorder).at(-1)).toBe('close:1002:invalid close code:clean');
    });
    it('refuses a payload of one byte, one of 126, and a reason that is not UTF-8', () => {
      expect(closeCodeOf(play(role, [frame(OPCODE.close, Uint8Array.of(3))]))).toBe(1002);
      expect(closeCodeOf(play(role, [frame(OPCODE.close, closePayload(1000, 'a'.repeat(124)))]))).toBe(1002);
      const cut = closePayload(1000, bytesOf('cebae1bdb9cf83cebceda080656469746564'));
      expect(closeCodeOf(play(role, [frame(OPCODE.close, cut)]))).toBe(1007);
      expect(closeCodeOf(play(role, [frame(OPCODE.close, closePayload(1000, bytesOf('c3')))]))).toBe(1007);
    });
    it('may come in the middle of a message, which is then lost', () => {
      const begun = frame(OPCODE.text, 'a', { fin: false });
      const recorder = play(role, [begun, frame(OPCODE.close, closePayload(1000)), frame(OPCODE.continuation, 'b')]);
      expect(recorder.events).toEqual([...ended, 'close:1000::clean']);
    });
    it('ends all reading, even inside the same chunk', () => {
      const bytes = Buffer.concat([
        frame(OPCODE.close, closePayload(1000)),
        frame(OPCODE.close),
        frame(OPCODE.text, 'x'),
      ]);
      expect(play(role, [bytes]).events).toEqual([...ended, 'close:1000::clean']);
    });
  });

  describe('7 the closing handshake, begun here', () => {
    it('sends the code and waits for the answer', () => {
      const { connection, recorder } = connectionFor(role);
      connection.close(4001, 'bye');
      expect(connection.state).toBe('closing');
      expect(recorder.events).toEqual([]);
      expect(read(role, recorder).at(-1)).toBe('close:4001:bye:clean');
      connection.receive(frame(OPCODE.close, closePayload(4001)));
      expect(connection.state).toBe('closed');
      expect(recorder.events).toEqual([...ended, 'close:4001::clean']);
      expect(recorder.writes).toHaveLength(1);
      connection.transportEnded();
      expect(recorder.events).toHaveLength(ended.length + 1);
    });
    it('neither delivers nor answers what still comes', () => {
      const { connection, recorder } = connectionFor(role);
      connection.close();
      for (const opcode of [OPCODE.text, OPCODE.ping, OPCODE.pong]) connection.receive(frame(opcode, 'late'));
      expect(recorder.events).toEqual([]);
      expect(recorder.writes).toHaveLength(1);
      connection.receive(frame(3));
      expect(recorder.events[0]).toBe('end');
      expect(closeCodeOf(recorder)).toBe(1002);
      expect(recorder.writes).toHaveLength(1); // no second Close frame
    });
    it('does nothing the second time', () => {
      const { connection, recorder } = connectionFor(role);
      connection.close(1000);
      connection.close(1001);
      connection.fail(1008, 'too slow');
      connection.fail(1008, 'too slow');
      connection.close();
      expect(recorder.events).toEqual(['end', 'close:1008:too slow:unclean']);
      expect(recorder.writes).toHaveLength(1);
    });
    it('reports 1006 when the transport ends first', () => {
      for (const begin of [false, true]) {
        const { connection, recorder } = connectionFor(role);
        if (begin) connection.close(1000);
        connection.transportEnded();
        connection.receive(frame(OPCODE.text, 'late'));
        expect(recorder.events).toEqual(['close:1006::unclean']);
      }
    });
    it.each([999, 1004, 1005, 1006, 1015, 2999, 5000, 1000.5, Number.NaN])('throws for the code %d', (code) => {
      const { connection, recorder } = connectionFor(role);
      expect(() => connection.close(code)).toThrow(/cannot be sent/);
      expect(() => connection.fail(code)).toThrow(/cannot be sent/);
      expect(connection.state).toBe('open');
      expect(recorder.writes).toEqual([]);
    });
    it('reports one close when the transport breaks inside a write', () => {
      for (const act of [
        (connection: WebSocketConnection) => connection.fail(1008),
        (connection: WebSocketConnection) => connection.receive(frame(OPCODE.close)),
        (connection: WebSocketConnection) => connection.receive(frame(3)),
        (connection: WebSocketConnection) => connection.sendText('abc', { fragmentBytes: 1 }),
      ]) {
        const { connection, recorder } = connectionFor(role);
        let writes = 0;
        recorder.write = () => {
          writes++;
          connection.transportEnded();
          return false;
        };
        act(connection);
        expect(recorder.events).toEqual(['close:1006::unclean']);
        expect(writes).toBe(1);
      }
    });
    it('throws for a reason that does not fit or has no code', () => {
      const { connection } = connectionFor(role);
      expect(() => connection.close(1000, 'ä'.repeat(62))).toThrow(/at most 123 bytes, not 124/);
      expect(() => connection.close(undefined, 'why')).toThrow(/needs a close code/);
      connection.close(1000, 'a'.repeat(123));
    });
  });

  describe('sending', () => {
    it('reaches the other end', () => {
      const { connection, recorder } = connectionFor(role);
      connection.sendText('Hellö');
      connection.sendBinary(bytesOf('00ff'));
      connection.sendText('');
      connection.sendBinary(new Uint8Array(0));
      connection.ping(utf8('a'));
      connection.pong();
      connection.sendText('x'.repeat(70_000));
      const expected = [
        'text:Hellö',
        'binary:00ff',
        'text:',
        'binary:',
        'ping:61',
        'pong:',
        `text:${'x'.repeat(70_000)}`,
      ];
      expect(read(role, recorder)).toEqual(expected);
    });
    it('cuts a message into fragments of at most the bytes asked for', () => {
      const { connection, recorder } = connectionFor(role);
      connection.sendText('Hellö', { fragmentBytes: 2 });
      connection.sendBinary(bytesOf('010203'), { fragmentBytes: 3 });
      connection.sendBinary(new Uint8Array(0), { fragmentBytes: 1 });
      expect(recorder.writes.map((bytes) => bytes[0]!.toString(16))).toEqual(['1', '0', '80', '82', '82']);
      expect(read(role, recorder)).toEqual(['text:Hellö', 'binary:010203', 'binary:']);
      expect(() => connection.sendText('a', { fragmentBytes: 0 })).toThrow(/at least 1/);
    });
    it('masks exactly when a client sends, each frame with another key', () => {
      const { connection, recorder } = connectionFor(role);
      for (let index = 0; index < 100; index++) connection.sendText('');
      const keys = new Set(recorder.writes.map((bytes) => hex(bytes.subarray(2))));
      if (role === 'server') expect(keys).toEqual(new Set(['']));
      else expect(keys.size).toBeGreaterThan(95);
    });
    it('tells when the transport is congested', () => {
      const { connection, recorder } = connectionFor(role);
      expect(connection.sendText('a')).toBe(true);
      recorder.takesMore = false;
      expect(connection.sendText('a')).toBe(false);
    });
    it('throws when the connection is not open, or a ping is too long', () => {
      const { connection } = connectionFor(role);
      expect(() => connection.ping(new Uint8Array(126))).toThrow(/at most 125/);
      connection.close();
      expect(() => connection.sendText('a')).toThrow(/is closing/);
      connection.transportEnded();
      for (const send of [
        () => connection.sendBinary(new Uint8Array(1)),
        () => connection.ping(),
        () => connection.pong(),
      ]) {
        expect(send).toThrow(expect.objectContaining({ name: 'WebSocketError', code: 'not-open' }));
      }
    });
  });

  describe('a handler', () => {
    it('that throws fails the connection and gets its error back', () => {
      const { connection, recorder } = connectionFor(role);
      recorder.onMessage = () => {
        throw new Error('bug');
      };
      expect(() => connection.receive(Buffer.concat([frame(OPCODE.text, 'a'), frame(OPCODE.text, 'b')]))).toThrow(
        'bug',
      );
      expect(recorder.events).toEqual(['end', 'close:1011:internal error:unclean']);
    });
    it('may close inside an event, after which no more come', () => {
      const { connection, recorder } = connectionFor(role);
      recorder.onMessage = (data) => {
        recorder.events.push(`text:${String(data)}`);
        connection.close(1000);
      };
      connection.receive(Buffer.concat([frame(OPCODE.text, 'a'), frame(OPCODE.text, 'b'), frame(OPCODE.close)]));
      expect(recorder.events).toEqual(['text:a', ...ended, 'close:1005::clean']);
    });
    it('need not have the optional methods', () => {
      const messages: unknown[] = [];
      const handler = { onMessage: (data: unknown) => void messages.push(data), onClose: () => undefined };
      const settings = createConnectionSettings({ role, ports });
      const connection = new WebSocketConnection(settings, new Recorder(), handler);
      for (const opcode of [OPCODE.ping, OPCODE.pong, OPCODE.text]) connection.receive(frame(opcode, 'x'));
      expect(messages).toEqual(['x']);
    });
  });
});

describe('options', () => {
  it('throws for what makes no sense', () => {
    expect(() => createConnectionSettings({ role: 'server', ports, maxMessageBytes: -1 })).toThrow(/maxMessageBytes/);
    expect(() => createConnectionSettings({ role: 'server', ports, maxFrameBytes: 1.5 })).toThrow(/maxFrameBytes/);
    const { compression: _, ...bare } = ports;
    const settings = createConnectionSettings({ role: 'server', ports: bare });
    expect(() => new WebSocketConnection(settings, new Recorder(), new Recorder(), NO_TAKEOVER)).toThrow(/have none/);
  });
  it('need no optional port', () => {
    const { isUtf8: _isUtf8, allocate: _allocate, compression: _compression, ...bare } = ports;
    const { connection, recorder } = connectionFor('server', { ports: bare });
    connection.sendText('ä'.repeat(100));
    connection.receive(encodeFrame(OPCODE.text, utf8('ä'.repeat(100)), { mask: bytesOf('01020304') }));
    expect(read('server', recorder)).toEqual(recorder.events);
  });
});
