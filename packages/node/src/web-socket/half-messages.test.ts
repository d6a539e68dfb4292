import { WebSocketConnection, createConnectionSettings } from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';
import { describe, expect, it } from 'vitest';
import { HalfMessages } from './half-messages.js';

const settings = createConnectionSettings({ role: 'server', ports: createNodePorts(), maxMessageBytes: 60_000 });

/** The frame of a client with so many bytes, under a mask of zeros, of which `count` have come. */
function frame(length: number, count: number): Uint8Array {
  const bytes = new Uint8Array(8 + count);
  bytes.set([0x82, 0x80 | 126, length >> 8, length & 255]);
  return bytes;
}

function open() {
  const closes: number[] = [];
  let messages = 0;
  const connection = new WebSocketConnection(
    settings,
    { write: () => true, end: () => undefined },
    {
      onMessage: () => void messages++,
      onClose: (code) => void closes.push(code),
    },
    undefined,
  );
  return { connection, closes, messages: () => messages };
}

describe('LIM-7: WebSocket messages that are not complete', () => {
  it('LIM-7: hold so much together, and beyond it the connection of the one that began first is ended', () => {
    const half = new HalfMessages(100_000);
    const all = Array.from({ length: 4 }, open);
    const receive = ({ connection }: (typeof all)[number], bytes: Uint8Array): void => {
      connection.receive(bytes, 0);
      half.look(connection);
    };
    const states = () => all.map(({ connection }) => connection.state);
    for (const each of all.slice(0, 3)) receive(each, frame(30_000, 29_999));
    expect(states()).toEqual(['open', 'open', 'open', 'open']);
    expect(half.bytes).toBeGreaterThanOrEqual(3 * 29_999);
    // One that is done counts no more.
    receive(all[1]!, new Uint8Array(1));
    receive(all[3]!, frame(30_000, 29_999));
    expect(states()).toEqual(['open', 'open', 'open', 'open']);
    receive(all[1]!, frame(30_000, 29_999));
    expect(all.map(({ closes }) => closes)).toEqual([[1008], [], [], []]);
    for (const { connection } of all) half.end(connection);
    expect(half.bytes).toBe(0);
  });

  it('LIM-7: small ones, and whole ones, are not counted', () => {
    const half = new HalfMessages(1);
    const { connection, messages } = open();
    connection.receive(frame(10_000, 9_999), 0);
    half.look(connection);
    connection.receive(Uint8Array.of(0), 0);
    half.look(connection);
    connection.receive(frame(50_000, 50_000), 0);
    half.look(connection);
    expect([connection.state, messages(), half.bytes]).toEqual(['open', 2, 0]);
  });
});
