import { type ClientFrame, type CodecName, call, defineCalls, defineChannels, log } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness.js';
import { facade } from '@longwave/testkit';
import { MemoryStore } from '../store/memory-store.js';

const channels = defineChannels({ room: log() });
const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const;
const chunkBytes = 2000;

/** A node whose log has 500 messages of 100 bytes, and which counts what is asked of its store. */
async function open(framesPerSecond = 100_000) {
  let reads = 0;
  const memory = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'e' });
  const store = facade(memory, {
    read: (channel, query) => {
      reads++;
      return memory.read(channel, query);
    },
  });
  const calls = defineCalls({ large: call(anything, () => 'y'.repeat(3000)) });
  const harness = createHarness(channels, { store, calls, limits: { chunkBytes, tailBytes: 100, framesPerSecond } });
  for (let i = 0; i < 500; i++) await harness.engine.publish('room', 'x'.repeat(100));
  reads = 0;
  return { ...harness, reads: () => reads };
}

const histories = (count: number, limit = 10, from = 1): ClientFrame[] =>
  Array.from({ length: count }, (_, i) => ({ type: 'history', id: from + i, channel: 'room', limit, after: 0 }));

describe('answers that wait', () => {
  it.each<CodecName>(['json', 'binary'])(
    'LIM-9, MSG-2: what is asked for is not looked at before what was answered is on its way (%s)',
    async (codec) => {
      const { connect, clock, reads } = await open();
      const peer = connect(codec);
      peer.room = 1;
      peer.send(...histories(200));
      for (let i = 0; i < 5; i++) clock.turn();
      expect(reads()).toBeLessThanOrEqual(4);
      const sent = peer.chunks.length;
      peer.drain(1);
      clock.turn();
      expect(peer.chunks.length).toBe(sent + 1);
      expect(Math.max(...peer.chunks.map(({ length }) => length))).toBeLessThan(3 * chunkBytes);
      peer.drain();
      clock.turn();
      expect(peer.take('page').map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    },
  );

  it('LIM-9: what comes in behind them is not even read, and is answered in its order', async () => {
    const { connect, clock, engine, reads } = await open();
    const peer = connect();
    peer.room = 1;
    const before = engine.stats.framesReceived;
    for (let i = 0; i < 8; i++) peer.send(...histories(100, 10, 1 + 100 * i));
    clock.turn();
    expect(engine.stats.framesReceived - before).toBeLessThanOrEqual(100);
    expect(peer.calls).toContain('pause');
    peer.drain();
    clock.turn();
    expect(reads()).toBe(800);
    expect(peer.take('page').map(({ id }) => id)).toEqual(Array.from({ length: 800 }, (_, i) => i + 1));
    expect(peer.calls.at(-1)).toBe('resume');
  });

  it('LIM-9: the other answers wait as well, and a connection that ended has none', async () => {
    const { connect, clock } = await open();
    const peer = connect();
    peer.room = 1;
    peer.send(...Array.from({ length: 50 }, (_, id): ClientFrame => ({ type: 'call', id, method: 'large', data: 1 })));
    clock.turn();
    expect(peer.take('reply').length).toBeLessThanOrEqual(1);
    peer.session.closed();
    clock.turn();
    expect(peer.take('reply').length).toBeLessThanOrEqual(1);
  });

  it('LIM-9: history requests that wait may ask for 10,000 operations; those beyond it are told to come again', async () => {
    const { connect, clock } = await open();
    const peer = connect();
    peer.send(...histories(256, 1000));
    clock.turn();
    expect(peer.take('page').length).toBe(12);
    expect(new Set(peer.take('error').map(({ code, retryAfterMs }) => `${code} ${retryAfterMs}`))).toEqual(
      new Set(['rate-limited 100']),
    );
    expect(peer.take('error').length).toBe(244);
    peer.send(...histories(1, 1000, 500));
    clock.turn();
    expect(peer.take('page').at(-1)!.id).toBe(500);
  });

  it('LIM-9: those that are refused take turns too, and wait undecoded for those that are not read', async () => {
    const { connect, clock, engine } = await open();
    const peer = connect();
    peer.room = 1;
    const before = engine.stats.framesReceived;
    for (let i = 0; i < 8; i++) peer.send(...histories(256, 1000, 1 + 256 * i));
    const decoded = () => engine.stats.framesReceived - before;
    expect(decoded()).toBe(256);
    for (let i = 0; i < 5; i++) clock.turn();
    expect(decoded()).toBe(256);
    peer.drain();
    for (let i = 0; i < 100; i++) clock.turn();
    expect(peer.take('page').length + peer.take('error').length).toBe(8 * 256);
  });

  it('LIM-9: a history request counts as ten frames', async () => {
    const { connect, clock } = await open(100);
    const peer = connect();
    peer.send(...histories(30), { type: 'ping' });
    clock.turn();
    expect(peer.take('page').length).toBeLessThanOrEqual(10);
    clock.advance(1000);
    expect(peer.take('page').length).toBeLessThanOrEqual(20);
    clock.advance(2500);
    expect(peer.take('page').length).toBe(30);
    expect(peer.frames.at(-1)).toEqual({ type: 'pong' });
  });

  it('LIM-9, SUB-2: a subscription that waited is answered before anything of it is delivered', async () => {
    const { connect, clock } = await open();
    const peer = connect();
    peer.send(...histories(3), { type: 'subscribe', id: 9, channel: 'room', last: 5 });
    clock.turn();
    const types = peer.frames.map(({ type }) => type);
    expect(types.indexOf('subscribed')).toBeGreaterThan(types.lastIndexOf('page'));
    expect(types.indexOf('message')).toBeGreaterThan(types.indexOf('subscribed'));
  });

  it('LIM-9, HTTP-4: an upstream request is answered as its response takes it, to the end', async () => {
    const { request, clock, reads } = await open();
    const answer = request('send', [{ type: 'connect', version: 1, client: 'c' }, ...histories(100)], 'json', {
      room: 1,
    });
    expect(reads()).toBeLessThanOrEqual(4);
    expect(answer.ended).toBe(false);
    answer.room = Infinity;
    answer.session.drained();
    clock.turn();
    expect(answer.ended).toBe(true);
    expect(answer.types.filter((type) => type === 'page').length).toBe(100);
  });
});
