import { type ServerFrame, createServerCodec, defineChannels, log, utf8Encode } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Hub } from '../delivery/hub.js';
import type { Subscription } from '../delivery/subscription.js';
import type { Sink } from '../base/ports.js';
import { Peer, createHarness } from '../testing/harness.js';
import { Outlet, type OutletHost } from './outlet.js';

const codec = createServerCodec('json');
const pong: ServerFrame = { type: 'pong' };
const done = (id: number): ServerFrame => ({ type: 'done', id });

/** A link with room for some chunks, and a session that notes what it is told. */
function setUp() {
  const written: [frames: number, quiet: boolean][] = [];
  const told: string[] = [];
  const link = { room: Infinity };
  const sink: Sink = {
    wire: { codec, pack: (message) => utf8Encode(message as string) },
    write: (chunk, quiet = false) => {
      written.push([
        new TextDecoder()
          .decode(chunk as Uint8Array)
          .trim()
          .split('\n').length,
        quiet,
      ]);
      return --link.room > 0;
    },
    close: () => told.push('close'),
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
    cork: () => told.push('cork'),
    uncork: () => told.push('uncork'),
  };
  const hub = { markSession: () => told.push('mark'), holdBack: () => told.push('hold back') };
  const host = {
    context: { hub: hub as unknown as Hub },
    state: 'open' as OutletHost['state'],
    subscriptions: [] as Subscription[],
    flush: () => undefined,
    flushAhead: () => undefined,
    takeOn: () => void told.push('take on'),
    onHandled: () => void told.push('handled'),
    onJoined: () => void told.push('joined'),
    uncork: () => undefined,
    onWritable: (writable: boolean) => void told.push(`writable ${writable}`),
    break: () => void told.push('break'),
  } satisfies OutletHost;
  const outlet = new Outlet(sink, host);
  /** A subscription that waits for the link, and reads one chunk when it may go on. */
  const addBlocked = (name: string) => {
    const resume = () => {
      told.push(name);
      outlet.write(new Uint8Array(1));
    };
    host.subscriptions.push({ state: 'blocked', source: { resume } } as unknown as Subscription);
  };
  return { outlet, written, told, link, host, sink, addBlocked };
}

describe("frames of the session's own", () => {
  it('go out together at the next flush, which is asked for once', () => {
    const { outlet, written, told } = setUp();
    outlet.send(done(1));
    outlet.send(done(2));
    expect([written, told, outlet.pendingUnits > 0]).toEqual([[], ['mark'], true]);
    outlet.flush();
    expect([written, outlet.pendingUnits]).toEqual([[[2, false]], 0]);
    outlet.flush();
    expect(written).toHaveLength(1);
  });

  it('are quiet as long as none of them is news', () => {
    const { outlet, written } = setUp();
    outlet.send(pong);
    outlet.flush();
    outlet.send(pong);
    outlet.send(done(1));
    outlet.flush();
    outlet.send(pong);
    outlet.flush();
    expect(written.map(([, quiet]) => quiet)).toEqual([true, false, true]);
  });

  it('go to a peer without frames as they are, at once', () => {
    const { host, sink, written } = setUp();
    const frames: ServerFrame[] = [];
    const outlet = new Outlet({ ...sink, tell: (frame) => void frames.push(frame) }, host);
    outlet.send(done(1));
    outlet.tell(pong);
    expect([frames, written]).toEqual([[done(1), pong], []]);
  });

  it('are none once the session is closed', () => {
    const { outlet, host, written, told } = setUp();
    outlet.send(done(1));
    host.state = 'closed';
    outlet.send(done(2));
    outlet.flush();
    expect([written, told]).toEqual([[], ['mark']]);
  });
});

describe('MSG-2: a link that is full', () => {
  it('is written nothing more until it drains: then the session goes on where it stopped', () => {
    const { outlet, link, written, told } = setUp();
    link.room = 1;
    expect(outlet.write(new Uint8Array(1))).toBe(false);
    expect(outlet.writable).toBe(false);
    outlet.send(done(1));
    outlet.flush();
    expect(written).toHaveLength(1);
    told.length = 0;
    link.room = Infinity;
    outlet.drained();
    expect(told).toEqual(['writable true', 'mark', 'take on', 'handled']);
    outlet.flush();
    expect(written).toHaveLength(2);
  });

  it('that was not full has nothing to drain', () => {
    const { outlet, told } = setUp();
    outlet.drained();
    expect(told).toEqual([]);
  });

  it('lets another subscription be first each time', () => {
    const { outlet, link, told, addBlocked } = setUp();
    for (const name of ['a', 'b', 'c']) addBlocked(name);
    link.room = 1;
    outlet.write(new Uint8Array(1));
    for (let i = 0; i < 3; i++) {
      link.room = 10;
      outlet.drained();
      link.room = 1;
      outlet.write(new Uint8Array(1));
    }
    expect(told.filter((name) => name.length === 1).join('')).toBe('abcbcacab');
  });

  it('breaks the session where going on fails', () => {
    const { outlet, link, told, host } = setUp();
    link.room = 1;
    outlet.write(new Uint8Array(1));
    host.onHandled = () => {
      throw new Error('a bug');
    };
    outlet.drained();
    expect(told.at(-1)).toBe('break');
  });
});

it('holds the writes of a flush back only where there can be more than one, and once', () => {
  const { outlet, told, addBlocked } = setUp();
  addBlocked('a');
  outlet.cork();
  expect(told).toEqual([]);
  addBlocked('b');
  outlet.cork();
  outlet.cork();
  expect(told).toEqual(['cork', 'hold back']);
  outlet.uncork();
  outlet.cork();
  expect(told.slice(2)).toEqual(['uncork', 'cork', 'hold back']);
});

it('VIEW-8: writes no faster than the client asked for', () => {
  const { outlet, told } = setUp();
  const timers: (() => void)[] = [];
  let owedMs = 0;
  outlet.bound({
    rates: { deliver: (_key: string, _rate: number, bytes: number) => (owedMs += bytes) } as never,
    clock: { setTimer: (callback: () => void) => (timers.push(callback), () => undefined) } as never,
    ...{ clientKey: 'c', bytesPerSecond: 1000 },
  });
  expect(outlet.writable).toBe(true);
  expect(outlet.write(new Uint8Array(5))).toBe(false);
  expect(outlet.writable).toBe(false);
  owedMs = 0;
  timers.shift()!();
  expect([outlet.writable, told]).toEqual([true, ['take on', 'handled']]);
});

it('sends nothing any more once it is ended', () => {
  const { outlet, written } = setUp();
  outlet.send(done(1));
  outlet.end();
  outlet.flush();
  expect([outlet.writable, written]).toEqual([false, []]);
});

describe('a link that takes chunks end to end', () => {
  const channels = defineChannels({ a: log() });

  function connectEndToEnd(room = Infinity): { readonly peer: Peer; readonly turn: () => void } {
    const { engine, clock } = createHarness(channels);
    const peer = new Peer('binary');
    Object.assign(peer, { wire: { ...peer.wire, join: (...both: Uint8Array[]) => Buffer.concat(both) } });
    peer.session = engine.accept(peer, { transport: 'test', headers: {} });
    peer.send({ type: 'connect', version: 1, client: 'a' }, { type: 'subscribe', id: 1, channel: 'a' });
    clock.turn();
    peer.room = room;
    return { peer, turn: () => clock.turn() };
  }

  it('is written an acknowledgement and a delivery of the same flush at once, in this order', () => {
    const { peer, turn } = connectEndToEnd();
    const before = { chunks: peer.chunks.length, frames: peer.frames.length };
    peer.send({ type: 'publish', id: 2, channel: 'a', seq: 1, data: 'x' });
    turn();
    expect(peer.chunks.length).toBe(before.chunks + 1);
    expect(peer.frames.slice(before.frames).map(({ type }) => type)).toEqual(['ack', 'message']);
  });

  it('is written them one by one where they are large', () => {
    const { peer, turn } = connectEndToEnd();
    const before = { chunks: peer.chunks.length, frames: peer.frames.length };
    peer.send({ type: 'publish', id: 2, channel: 'a', seq: 1, data: 'x'.repeat(5000) });
    turn();
    expect(peer.chunks.length).toBe(before.chunks + 2);
    expect(peer.frames.slice(before.frames).map(({ type }) => type)).toEqual(['ack', 'message']);
  });

  it('is sent what waits for it when it drains', () => {
    const { peer, turn } = connectEndToEnd(1);
    for (let seq = 1; seq <= 3; seq++) {
      peer.send({ type: 'publish', id: 1 + seq, channel: 'a', seq, data: 'x' });
      turn();
    }
    expect(peer.offsets('a')).toEqual([1]);
    peer.drain();
    turn();
    expect(peer.offsets('a')).toEqual([1, 2, 3]);
    expect(peer.take('ack').map(({ id }) => id)).toEqual([2, 3, 4]);
  });
});
