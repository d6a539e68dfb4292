import { type View, canonicalView, defineChannels, map, viewTag } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readersLooks } from '../feed.js';
import { type Peer, createHarness } from '../../testing/harness.js';
import { Replica } from '../../testing/replica.js';
import { compileView } from './compiled-view.js';
import { ViewLane, maxLeft, maxPending } from './view-lane.js';

const channels = defineChannels({ fleet: map({ maxKeys: 30_000 }) });

/** A map of so many vehicles, and how many entries each flush looks at from now on. */
async function open(entries: number, options = {}) {
  const harness = createHarness(channels, options);
  const { engine, connect } = harness;
  const put = (key: string, data: unknown) => engine.change('fleet', { key, data });
  const fill = Array.from({ length: entries }, (_, i) => [`v${i}`, { speed: i % 130, x: i }] as const);
  if (entries > 0) await engine.putAll('fleet', fill);
  const { hub } = connect().session.context;
  const budget = hub.looks;
  const looks: number[] = [];
  const flush = hub.flush.bind(hub);
  hub.flush = () => {
    flush();
    looks.push(budget - hub.looks);
  };
  const total = () => looks.reduce((sum, n) => sum + n, 0);
  const { epoch, top } = await harness.store.bounds('fleet');
  const ask = (peer: Peer, view: View, more = {}) => {
    peer.send({ type: 'subscribe', id: peer.nextId(), channel: 'fleet', view, ...more });
    return new Replica(peer, 'fleet', viewTag(canonicalView(view)), 'epoch' in more ? top : 0);
  };
  const laneOf = (peer: Peer) => {
    const lane = peer.session.subscriptions.at(-1)!.lane;
    if (!(lane instanceof ViewLane)) throw new Error('It is not at the head.');
    return lane;
  };
  return { ...harness, put, looks, total, budget, ask, laneOf, at: { epoch, offset: top } };
}

const faster = (speed: number, more: View = {}): View => ({ where: { speed: { gte: speed } }, ...more });

describe('what views cost', () => {
  it('VIEW-3: 255 filters that join at the head of 20,000 entries look at none of them', async () => {
    const { connect, ask, at, clock, looks, total, laneOf, put } = await open(20_000, {
      limits: { framesPerSecond: Infinity },
    });
    const peer = connect();
    for (let i = 0; i < 255; i++) ask(peer, faster(i / 2), at);
    clock.turn();
    expect(peer.session.subscriptions.every(({ state }) => state === 'live')).toBe(true);
    expect(total()).toBe(0);
    expect([laneOf(peer).pending.size, laneOf(peer).lacks]).toEqual([0, undefined]);
    looks.length = 0;
    await put('v7', { speed: 200 });
    clock.turn();
    // At what it was and at what it is, and the bytes that told of it.
    expect(total()).toBeLessThan(255 * 10);
    expect(peer.take('changes')).toHaveLength(255);
  });

  it('VIEW-3: a flush looks at so many entries and no more, whoever asks, and all get what they asked for', async () => {
    const { connect, ask, clock, looks, budget } = await open(5000);
    const peer = connect();
    const replicas = Array.from({ length: 60 }, (_, i) => ask(peer, faster(i)));
    clock.turn();
    expect(looks.length).toBeGreaterThan((60 * 5000) / (budget + readersLooks));
    expect(Math.max(...looks)).toBeLessThanOrEqual(budget + 4 * readersLooks + 512);
    const sizes = replicas.map((replica) => replica.read().entries.size);
    expect(sizes[0]).toBe(5000);
    expect(sizes[59]).toBe(Array.from({ length: 5000 }, (_, i) => i % 130).filter((speed) => speed >= 59).length);
  });

  it('VIEW-2: a step that finds nothing writes nothing', async () => {
    const { connect, ask, clock, looks } = await open(20_000);
    const peer = connect();
    const replica = ask(peer, faster(1000));
    clock.turn();
    expect(looks.length).toBeGreaterThan(10);
    expect(peer.take('changes')).toMatchObject([{ replace: true, ops: [] }]);
    expect(replica.read().updates).toBe(1);
  });

  it('VIEW-5: counts of the same entries are one count, whatever their rates', async () => {
    const { connect, ask, clock, looks, total, put } = await open(5000);
    const peer = connect();
    const replicas = Array.from({ length: 100 }, (_, i) =>
      ask(peer, faster(65, { count: true, rate: 1000 / (i + 1) })),
    );
    clock.turn();
    expect(total()).toBeLessThan(5000 + 100 * 8);
    const entries = Array.from({ length: 5000 }, (_, i) => i % 130).filter((speed) => speed >= 65).length;
    expect(replicas[99]!.read().state).toEqual({ '': { entries, users: entries } });
    looks.length = 0;
    await put('v1', { speed: 100 });
    clock.turn();
    clock.advance(100);
    expect(replicas[99]!.read().state).toEqual({ '': { entries: entries + 1, users: entries + 1 } });
    expect(total()).toBeLessThan(100 * 8);
  });

  it('VIEW-4: who waits for a rate remembers what it is to be told, and no more than so many keys', async () => {
    const { connect, ask, clock, put, laneOf, at } = await open(6000);
    const peers = [connect(), connect()];
    const none = ask(peers[0]!, faster(1000, { rate: 0.2 }), at);
    const all = ask(peers[1]!, faster(0, { rate: 0.2 }));
    clock.turn();
    const lanes = peers.map(laneOf);
    for (let i = 0; i < 6000; i++) {
      await put(`v${i}`, { speed: i % 130, x: -1 });
      clock.turn();
      expect(lanes[1]!.pending.size).toBeLessThanOrEqual(maxPending + 1);
    }
    expect([lanes[0]!.pending.size, lanes[0]!.lacks]).toEqual([0, undefined]);
    clock.advance(5001);
    expect(none.read().entries.size).toBe(0);
    expect(all.read().entries.size).toBe(6000);
    expect([...all.entries.values()].every(({ value }) => (value as { x: number }).x === -1)).toBe(true);
  });

  it('VIEW-3: views that nobody has any more are followed for a while, and no more than so many', async () => {
    const { connect, ask, clock, put, total, looks, at } = await open(100);
    for (let i = 0; i < 3; i++) {
      const peer = connect();
      for (let n = 0; n < 200; n++) ask(peer, faster(i * 200 + n), at);
      clock.turn();
      peer.session.closed();
      await put('v1', { speed: 0 });
      clock.turn();
    }
    looks.length = 0;
    await put('v1', { speed: 0 });
    clock.turn();
    expect(total()).toBeLessThan(maxLeft * 2 + 8);
  });

  it('STATE-4, VIEW-7: who was away for a little is told what changed in its view, and not all that it has', async () => {
    const { connect, ask, clock, put, at } = await open(1000);
    // Somebody watches, so that the node knows what came before.
    ask(connect(), { keys: ['v1'] });
    clock.turn();
    await put('v1', { speed: 500 });
    await put('v2', { speed: 0 });
    const peer = connect();
    ask(peer, faster(2), at);
    clock.turn();
    const acts = peer.take('changes');
    expect(acts).toHaveLength(1);
    expect(acts[0]!.replace).toBeUndefined();
    expect(acts[0]!.ops.map(({ key, kind }) => `${kind ?? 'put'} ${key}`)).toEqual(['put v1', 'leave v2']);
  });

  it('VIEW-14: what the views of a connection and of a user may cost is bounded, and what is let go costs nothing', async () => {
    const limits = { viewCost: 20, userViewCost: 34 };
    const authority = { authenticate: (user: string | undefined) => ({ user }), authorize: () => true };
    const { connect, ask, clock } = await open(10, { limits, authority });
    const refusals = (peer: Peer) => peer.take('error').map(({ code }) => code);
    const keys = (from: number, n = 8): View => ({ keys: Array.from({ length: n }, (_, i) => `v${from + i}`) });
    const peers = [connect('json', 'a', 'ada'), connect('json', 'b', 'ada'), connect('json', 'c', 'bob')] as const;
    for (const peer of peers) for (let i = 0; i < 4; i++) ask(peer, keys(i));
    clock.turn();
    expect(peers.map((peer) => peer.session.subscriptions.length)).toEqual([4, 2, 4]);
    expect(peers.map(refusals)).toEqual([[], ['too-many', 'too-many'], []]);
    const [, , bob] = peers;
    const tag = viewTag(canonicalView(keys(0)));
    bob.send({ type: 'track', id: 90, channel: 'fleet', tag, view: keys(0, 9) });
    clock.turn();
    expect(refusals(bob)).toEqual(['too-many']);
    bob.send({ type: 'unsubscribe', id: 91, channel: 'fleet', tag });
    ask(bob, faster(1));
    clock.turn();
    expect(refusals(bob)).toEqual(['too-many']);
    expect(bob.session.subscriptions).toHaveLength(4);
  });

  it('LIM-13: opening and exchanging views is paid by five frames each, the whole of a state by one', async () => {
    const { connect, ask, clock } = await open(10, { limits: { framesPerSecond: 20 } });
    const [whole, filters, moves] = [connect(), connect(), connect()];
    const turns = (): void => {
      for (let i = 0; i < 20; i++) clock.turn();
    };
    for (let i = 0; i < 10; i++) whole.send({ type: 'subscribe', id: i, channel: 'fleet' });
    for (let i = 0; i < 4; i++) ask(filters, faster(i));
    ask(moves, faster(1));
    for (let i = 2; i < 5; i++) {
      const tag = viewTag(canonicalView(faster(1)));
      moves.send({ type: 'track', id: 90 + i, channel: 'fleet', tag, view: faster(1) });
    }
    turns();
    // With its `connect` each has sent 11, 21 and 21, and 20 may come at once.
    const isHeld = ({ calls }: Peer) => calls.findLast((call) => call === 'pause' || call === 'resume') === 'pause';
    expect([whole, filters, moves].map(isHeld)).toEqual([false, true, true]);
    clock.advance(50);
    expect([whole, filters, moves].map(isHeld)).toEqual([false, false, false]);
  });

  it('VIEW-2, VIEW-10: along a border, whatever moves, breaks and comes back, nobody lacks what lies within or has what lies outside', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const client = fc.nat({ max: 3 });
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constant('put'), key, fc.integer({ min: 0, max: 12 })) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('delete'), key, fc.constant(0)) },
      { weight: 4, arbitrary: fc.tuple(fc.constant('turn'), fc.constant(0), fc.integer({ min: 0, max: 300 })) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('block'), client, fc.integer({ min: 1, max: 3 })) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('drain'), client, fc.integer({ min: 1, max: 3 })) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('resume'), client, fc.constant(0)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('track'), client, fc.integer({ min: 0, max: 5 })) },
    );
    const limits = fc.constantFrom({ chunkBytes: 60 }, { chunkBytes: 200, tailBytes: 100 }, {});
    await fc.assert(fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), alongABorder), { numRuns: 400 });
  });
});

async function alongABorder(limits: object, steps: readonly (readonly [string, unknown, number])[]): Promise<void> {
  const few = defineChannels({ fleet: map({ removals: 3 }) });
  const { engine, connect, clock, store } = createHarness(few, { limits });
  const model = new Map<string, number>();
  const area = (x: number, rate?: number): View => ({
    ...{ area: { at: ['x', 'x'], circle: [x, x, 3], margin: 0.5 } },
    ...(rate !== undefined && { rate }),
  });
  const tagOf = (view: View) => viewTag(canonicalView(view));
  const clients = [area(4), area(4), area(6), area(6, 5)].map((view) => {
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'fleet', view });
    return { view, peer, replica: new Replica(peer, 'fleet', tagOf(view)) };
  });
  const { epoch } = await store.bounds('fleet');
  for (const [what, a, n] of steps) {
    const watcher = clients[a as number]!;
    if (what === 'put') {
      model.set(a as string, n);
      await engine.change('fleet', { key: a as string, data: { x: n } });
    } else if (what === 'delete') {
      model.delete(a as string);
      await engine.change('fleet', { key: a as string, kind: 'delete' });
    } else if (what === 'turn') {
      clock.turn();
      clock.advance(n);
    } else if (what === 'block') watcher.peer.room = n;
    else if (what === 'drain') watcher.peer.drain(n);
    else if (what === 'resume') {
      const { replica, view } = watcher;
      replica.read();
      watcher.peer.session.closed();
      watcher.peer = connect();
      watcher.replica = Replica.after(replica, watcher.peer, 'fleet', tagOf(view));
      const from = replica.updates > 0 ? { epoch, offset: replica.position } : {};
      watcher.peer.send({ type: 'subscribe', id: watcher.peer.nextId(), channel: 'fleet', view, ...from });
    } else {
      const { replica, peer, view } = watcher;
      replica.read();
      watcher.view = area(n);
      peer.send({ type: 'track', id: peer.nextId(), channel: 'fleet', tag: tagOf(view), view: watcher.view });
      replica.exchange(tagOf(watcher.view));
    }
  }
  for (let i = 0; i < 20; i++) {
    for (const { peer } of clients) peer.drain();
    clock.turn();
    clock.advance(600);
  }
  for (const { view, replica } of clients) {
    const { fit } = compileView(view);
    const has = Object.keys(replica.read().state);
    const told = JSON.stringify(view);
    for (const [key, x] of model) if (fit({ x }) === 'in') expect(has, told).toContain(key);
    for (const key of has) expect(fit({ x: model.get(key) }), `${told} ${key}`).not.toBe('out');
  }
}
