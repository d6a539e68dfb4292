import { describe, expect, it } from 'vitest';
import { type ServerFrame, defineChannels, log, utf8Encode } from '@longwave/protocol';
import type { Sink, Wire } from '../base/ports.js';
import type { Session } from './session.js';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ news: log(), quiet: log() });

/** A wire for readers that take offsets, and nothing else. */
function createWire(encoded: string[]): Wire {
  return {
    codec: {
      name: 'json',
      encode(frame) {
        const text = frame.type === 'message' ? frame.ops.map(({ offset }) => offset).join() : frame.type;
        encoded.push(text);
        return text;
      },
      join: (parts) => parts.join(''),
      decode: () => [],
    },
    pack: (text) => utf8Encode(text as string),
  };
}

class PlainPeer implements Sink {
  readonly wire: Wire;
  readonly kind = 'downstream';
  readonly told: ServerFrame[] = [];
  readonly chunks: Uint8Array[] = [];
  room = Infinity;
  session!: Session;
  closed = false;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  tell(frame: ServerFrame): void {
    this.told.push(frame);
  }

  write(chunk: Uint8Array): boolean {
    this.chunks.push(chunk);
    return --this.room > 0;
  }

  close(): void {
    this.closed = true;
  }

  pause(): void {}
  resume(): void {}
  cork(): void {}
  uncork(): void {}
}

function start() {
  const harness = createHarness(channels);
  const encoded: string[] = [];
  const wire = createWire(encoded);
  const read = (channel: string): PlainPeer => {
    const peer = new PlainPeer(wire);
    peer.session = harness.engine.accept(peer, { transport: 'test', headers: {} });
    peer.session.take([
      { type: 'connect', version: 1, client: `reader-${Math.random()}` },
      { type: 'subscribe', id: 1, channel },
    ]);
    return peer;
  };
  return { ...harness, encoded, read };
}

const types = ({ told }: PlainPeer): string[] => told.map(({ type }) => type);

describe('a link whose peer speaks no frames', () => {
  it('READ-6: is told what the session says, and shares what is delivered with all its kind', async () => {
    const { engine, clock, encoded, read } = start();
    const peers = [read('news'), read('news'), read('news')] as const;
    for (let i = 1; i <= 3; i++) await engine.publish('news', i);
    clock.turn();
    for (const peer of peers) {
      expect(types(peer)).toEqual(['connected', 'subscribed']);
      expect(peer.chunks).toHaveLength(1);
      expect(peer.chunks[0]).toBe(peers[0].chunks[0]);
    }
    expect(encoded).toEqual(['1,2,3']);
  });

  it('READ-6: a slow one is written one chunk, and reads on when it can', async () => {
    const { engine, clock, encoded, read } = start();
    const slow = read('news');
    const fast = read('news');
    slow.room = 1;
    for (let i = 1; i <= 5; i++) {
      await engine.publish('news', i);
      clock.turn();
    }
    expect([slow.chunks.length, fast.chunks.length]).toEqual([1, 5]);
    slow.room = Infinity;
    slow.session.drained();
    clock.turn();
    expect(encoded.at(-1)).toBe('2,3,4,5');
    expect(slow.chunks).toHaveLength(2);
  });

  it('is told of refusals and of its end', async () => {
    const { engine, clock, read } = start();
    const lost = read('nowhere');
    expect(lost.told.at(-1)).toMatchObject({ type: 'error', id: 1, code: 'unknown-channel' });
    const peer = read('quiet');
    await engine.drain(0);
    clock.turn();
    expect(types(peer)).toEqual(['connected', 'subscribed', 'goaway', 'error']);
    expect(peer.closed).toBe(true);
    expect(engine.stats.connections).toBe(0);
  });

  it('HB-3: is told tops, at the heartbeat too', async () => {
    const { engine, clock, encoded, read } = start();
    const peer = read('news');
    await engine.publish('news', 1);
    clock.advance(2000);
    expect(encoded).toEqual(['1', 'top']);
    clock.advance(10_000);
    expect(peer.told.slice(2)).toMatchObject([{ type: 'top', offset: 1 }, { type: 'ping' }]);
  });
});
