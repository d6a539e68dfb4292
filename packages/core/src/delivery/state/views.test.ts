import { type View, canonicalView, defineChannels, log, map, readView, viewTag } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Peer, createHarness } from '../../testing/harness.js';
import { Replica } from '../../testing/replica.js';
import { compileView } from './compiled-view.js';

const channels = defineChannels({ fleet: map({ maxKeys: 5000, removals: 3 }), chat: log() });

function open(options = {}) {
  const harness = createHarness(channels, options);
  const put = (key: string, data: unknown) => harness.engine.change('fleet', { key, data });
  const remove = (key: string) => harness.engine.change('fleet', { key, kind: 'delete' });
  const watch = (view: View, peer = harness.connect()) => {
    peer.send({ type: 'subscribe', id: peer.nextId(), channel: 'fleet', view });
    harness.clock.turn();
    return { peer, replica: new Replica(peer, 'fleet', viewTag(canonicalView(view))).read() };
  };
  return { ...harness, put, remove, watch };
}

const changesOf = (peer: Peer) => peer.take('changes');

describe('views', () => {
  it('VIEW-1: what is not understood is refused, and so is any view of a log', () => {
    const { connect, clock } = open();
    const peer = connect();
    for (const view of [
      { key: ['a'] },
      { where: { a: { like: 1 } } },
      { rate: 0 },
      { rate: 1e-300 },
      { area: { at: ['x'] } },
    ]) {
      peer.send({ type: 'subscribe', id: peer.nextId(), channel: 'fleet', view: view as View });
    }
    peer.send({ type: 'subscribe', id: peer.nextId(), channel: 'chat', view: { rate: 1 } });
    clock.turn();
    expect(peer.take('error').map(({ code }) => code)).toEqual([...Array(5).fill('invalid-data'), 'wrong-mode']);
  });

  it('VIEW-2: keys, and nothing of the others', async () => {
    const { put, watch, clock, remove } = open();
    for (const key of ['a', 'b', 'c']) await put(key, 1);
    const { peer, replica } = watch({ keys: ['a', 'b', 'z'] });
    expect(replica.state).toEqual({ a: 1, b: 1 });
    const frames = peer.frames.length;
    await put('c', 2);
    clock.turn();
    expect(peer.frames.length).toBe(frames);
    await put('z', 2);
    await remove('a');
    clock.turn();
    expect(replica.read().state).toEqual({ b: 1, z: 2 });
  });

  it('VIEW-2, VIEW-10, VIEW-13: where, by fields, paths, lists and order', async () => {
    const { put, watch, clock } = open();
    await put('a', { status: 'live', odds: { home: 2 }, tags: ['cup'] });
    await put('b', { status: 'live', odds: { home: 1 }, tags: ['cup'] });
    await put('c', { status: 'over', odds: { home: 3 }, tags: ['cup'] });
    const view: View = { where: { status: { in: ['live', 'soon'] }, 'odds.home': { gt: 1 }, tags: { has: 'cup' } } };
    const { replica } = watch(view);
    expect(Object.keys(replica.state)).toEqual(['a']);
    await put('a', { status: 'over', odds: { home: 2 }, tags: ['cup'] });
    await put('b', { status: 'live', odds: { home: 1.5 }, tags: ['cup'] });
    clock.turn();
    expect(Object.keys(replica.read().state)).toEqual(['b']);
    expect(replica.removals).toEqual(['leave a']);
  });

  it.each<[string, View, string[]]>([
    ['ne', { where: { n: { ne: 1 } } }, ['none', 'text']],
    ['null', { where: { n: null } }, []],
    ['a number with a number', { where: { n: { gte: 1 } } }, ['one']],
    ['a text with a text', { where: { n: { gte: '0' } } }, ['text']],
  ])('VIEW-10: %s compares like with like, and a field that is missing equals nothing', async (_, view, keys) => {
    const { put, watch } = open();
    await put('one', { n: 1 });
    await put('text', { n: '1' });
    await put('none', {});
    expect(Object.keys(watch(view).replica.state).toSorted()).toEqual(keys);
  });

  it('VIEW-2: along the border of an area nothing comes and goes', async () => {
    const { put, watch, clock, remove } = open();
    const { replica } = watch({ area: { at: ['x', 'y'], box: [0, 0, 10, 10], margin: 0.1 } });
    const at = async (x: number) => {
      await put('v', { x, y: 5 });
      clock.turn();
      return 'v' in replica.read().state;
    };
    expect([await at(10.5), await at(10), await at(10.9), await at(11.1), await at(10.5), await at(9)]).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
    await remove('v');
    clock.turn();
    expect(replica.read().removals).toEqual(['leave v', 'delete v']);
  });

  it('VIEW-3: equal views at the head get the same bytes, and their frames carry the tag', async () => {
    const { put, watch, clock } = open();
    const first = watch({ keys: ['a', 'b'], rate: 100 });
    const second = watch({ rate: 100, keys: ['b', 'a', 'a'] });
    await put('a', 1);
    clock.turn();
    clock.advance(20);
    expect(first.peer.chunks.at(-1)).toBe(second.peer.chunks.at(-1));
    expect(changesOf(first.peer).at(-1)!.tag).toBe(viewTag(canonicalView({ keys: ['a', 'b'], rate: 100 })));
  });

  it('VIEW-4: at most so many updates a second, merged, the first at once', async () => {
    const { put, watch, clock } = open();
    const { peer, replica } = watch({ rate: 4 });
    clock.advance(1000);
    const before = changesOf(peer).length;
    for (let i = 0; i < 100; i++) {
      await put(`k${i % 3}`, i);
      clock.turn();
      if (i === 0) expect(changesOf(peer).length).toBe(before + 1);
      clock.advance(10);
    }
    clock.advance(250);
    expect(changesOf(peer).length - before).toBeLessThanOrEqual(6);
    expect(replica.read().state).toEqual({ k0: 99, k1: 97, k2: 98 });
    expect(replica.ops).toBeLessThanOrEqual(1 + 5 * 3);
  });

  it('VIEW-4, STATE-4: who waits for a rate while removals are forgotten learns of them all the same', async () => {
    const { put, remove, watch, clock } = open({ limits: { tailBytes: 1 } });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await put(key, 1);
    const { replica } = watch({ rate: 1, keys: ['a', 'b', 'c', 'd', 'e', 'f'] });
    for (const key of ['a', 'b', 'c', 'd', 'e']) await remove(key);
    clock.turn();
    clock.advance(3000);
    expect(replica.read().state).toEqual({ f: 1 });
  });

  it('VIEW-5: a count is one number, however many come and go', async () => {
    const { put, watch, clock, remove } = open();
    await put('a', { on: true });
    const all = watch({ count: true });
    const some = watch({ count: true, where: { on: true } });
    expect(all.replica.state).toEqual({ '': { entries: 1, users: 1 } });
    for (let i = 0; i < 50; i++) await put(`k${i}`, { on: i < 10 });
    await remove('a');
    clock.advance(1000);
    expect(all.replica.read().state).toEqual({ '': { entries: 50, users: 50 } });
    expect(some.replica.read().state).toEqual({ '': { entries: 10, users: 10 } });
    expect(all.replica.updates).toBeLessThanOrEqual(3);
  });

  it('VIEW-6: another view brings only what the receiver has not yet', async () => {
    const { put, watch, clock } = open();
    for (let i = 0; i < 20; i++) await put(`k${i}`, { x: i, y: 0 });
    const area = (from: number, to: number): View => ({ area: { at: ['x', 'y'], box: [from, 0, to, 0], margin: 0 } });
    const { peer, replica } = watch(area(0, 9));
    await put('k3', { x: 3.5, y: 0 });
    clock.turn();
    replica.read();
    peer.send({
      ...{ type: 'track', id: 7, channel: 'fleet', tag: viewTag(canonicalView(area(0, 9))) },
      view: area(2, 11),
    });
    clock.turn();
    expect(peer.take('done')).toMatchObject([{ id: 7 }]);
    const act = changesOf(peer).at(-1)!;
    expect(act).toMatchObject({ replace: true, tag: viewTag(canonicalView(area(2, 11))) });
    expect(act.ops.map(({ key }) => key)).toEqual(['k10', 'k11']);
    expect(act.keep?.toSorted()).toEqual(['k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9']);
    peer.send({ type: 'track', id: 8, channel: 'fleet', view: {} });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 8, code: 'unknown-channel' }]);
  });

  it('VIEW-7: an imposed view holds for whatever is asked, and nothing outside is sent or hinted at', async () => {
    const grants = { team: 'red' };
    const harness = createHarness(channels, {
      authority: {
        authenticate: (token) => ({ user: token }),
        authorize: () => ({ view: { where: { team: grants.team } } }),
      },
    });
    const put = (key: string, team: string) => harness.engine.change('fleet', { key, data: { team } });
    await put('a', 'red');
    await put('b', 'blue');
    const peer = harness.connect('json', 'c1', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'fleet' });
    peer.send({ type: 'subscribe', id: 2, channel: 'fleet', view: { keys: ['b', 'c'] } });
    harness.clock.turn();
    const replica = new Replica(peer, 'fleet');
    expect(replica.read().state).toEqual({ a: { team: 'red' } });
    await put('b', 'red');
    await put('c', 'blue');
    harness.clock.turn();
    await put('b', 'blue');
    await put('c', 'green');
    harness.clock.turn();
    expect(replica.read().state).toEqual({ a: { team: 'red' } });
    expect(replica.removals).toEqual(['leave b']);
    const told = JSON.stringify(peer.frames);
    expect(told).not.toContain('blue');
    expect(told).not.toContain('"c"');
    grants.team = 'green';
    void harness.engine.recheckUser('ada');
    harness.clock.turn();
    expect(replica.read().state).toEqual({ c: { team: 'green' } });
  });

  it('VIEW-8: a budget of bytes holds, and the channels take turns', async () => {
    const harness = createHarness({ left: map(), right: map() });
    const peer = harness.link();
    peer.send({ type: 'connect', version: 1, client: 'c', bytesPerSecond: 10_000 });
    peer.send({ type: 'subscribe', id: 1, channel: 'left' }, { type: 'subscribe', id: 2, channel: 'right' });
    harness.clock.turn();
    const size = () => peer.chunks.reduce((sum, { length }) => sum + length, 0);
    for (let i = 0; i < 500; i++) {
      for (const channel of ['left', 'right']) {
        await harness.engine.change(channel, { key: `k${i % 5}`, data: { i, text: 'x'.repeat(150) } });
      }
      harness.clock.turn();
      harness.clock.advance(10);
    }
    expect(size()).toBeLessThan(5 * 10_000 * 1.3);
    expect(size()).toBeGreaterThan(5 * 10_000 * 0.7);
    harness.clock.advance(2000);
    for (const channel of ['left', 'right']) {
      const replica = new Replica(peer, channel).read();
      expect(replica.state).toMatchObject({ k4: { i: 499 }, k0: { i: 495 } });
      expect(replica.updates).toBeGreaterThan(10);
    }
  });

  it('VIEW-11: two that list the same keys in another order, of whom one leaves on the way, have both all of them', async () => {
    const area: View = { area: { at: ['x', 'y'], box: [0, 0, 0, 1], margin: 0 } };
    const views: View[] = [{ ...area, rate: 7 }, area, { keys: [...'bafdcge'] }, { keys: [...'bdgafec'] }];
    const steps = [
      ['patch', 'f', 0],
      ['track', 2, area],
      ['put', 'a', 0, false],
      ['put', 'd', 0, false],
    ];
    await expect(run(views, { chunkBytes: 60 }, steps)).resolves.toBeUndefined();
  });

  it('whatever is written, missed, resumed and asked for, who has caught up has what the view says', async () => {
    const area = fc.record({ x: fc.integer({ min: 0, max: 9 }), w: fc.integer({ min: 0, max: 5 }) });
    const view: fc.Arbitrary<View> = fc.oneof(
      fc.constant<View>({}),
      fc.record({ keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1 }) }),
      fc.record({ rate: fc.constantFrom(2, 20) }),
      fc.record({ where: fc.record({ on: fc.boolean() }) }),
      fc.record({ where: fc.record({ on: fc.boolean() }), rate: fc.constantFrom(5) }),
      area.map(({ x, w }): View => ({ area: { at: ['x', 'y'], box: [x, 0, x + w, 1], margin: 0 } })),
      area.map(({ x, w }): View => ({ area: { at: ['x', 'y'], box: [x, 0, x + w, 1], margin: 0 }, rate: 7 })),
    );
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const client = fc.nat({ max: 3 });
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constant('put'), key, fc.integer({ min: 0, max: 9 }), fc.boolean()) },
      { weight: 3, arbitrary: fc.tuple(fc.constant('patch'), key, fc.integer({ min: 0, max: 9 })) },
      { weight: 3, arbitrary: fc.tuple(fc.constant('delete'), key) },
      { weight: 3, arbitrary: fc.tuple(fc.constant('turn'), fc.integer({ min: 0, max: 300 })) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('block'), client, fc.integer({ min: 1, max: 3 })) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('drain'), client, fc.integer({ min: 1, max: 3 })) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('resume'), client) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('track'), client, view) },
    );
    const limits = fc.constantFrom({ chunkBytes: 60 }, { chunkBytes: 200, tailBytes: 100 }, {});
    await fc.assert(
      fc.asyncProperty(fc.array(view, { minLength: 4, maxLength: 4 }), limits, fc.array(step, { maxLength: 60 }), run),
      { numRuns: 400 },
    );
  });
});

async function run(views: readonly View[], limits: object, steps: readonly (readonly unknown[])[]): Promise<void> {
  const { engine, connect, clock, store } = createHarness(channels, { limits });
  const model = new Map<string, { x: number; y?: number; on?: boolean }>();
  const clients = views.map((view) => ({ view, peer: connect(), replica: undefined as unknown as Replica }));
  type Watcher = (typeof clients)[number];
  const ask = (watcher: Watcher, from?: { epoch: string; offset: number }) => {
    const { peer, view } = watcher;
    peer.send({ type: 'subscribe', id: peer.nextId(), channel: 'fleet', view, ...from });
  };
  const follow = (watcher: Watcher, old?: Replica) => {
    watcher.replica = Replica.after(old, watcher.peer, 'fleet', viewTag(canonicalView(watcher.view)));
  };
  for (const watcher of clients) {
    ask(watcher);
    follow(watcher);
  }
  const { epoch } = await store.bounds('fleet');
  for (const [what, a, b, c] of steps) {
    const watcher = clients[a as number];
    const key = a as string;
    if (what === 'put') {
      const data = { x: b as number, y: 0, on: c as boolean };
      model.set(key, data);
      await engine.change('fleet', { key, data });
    } else if (what === 'patch') {
      model.set(key, { ...model.get(key), x: b as number });
      await engine.change('fleet', { key, kind: 'patch', data: { x: b } });
    } else if (what === 'delete') {
      model.delete(key);
      await engine.change('fleet', { key, kind: 'delete' });
    } else if (what === 'turn') {
      clock.turn();
      clock.advance(a as number);
    } else if (what === 'block') watcher!.peer.room = b as number;
    else if (what === 'drain') watcher!.peer.drain(b as number);
    else if (what === 'resume') {
      const { replica } = watcher!;
      replica.read();
      watcher!.peer.session.closed();
      watcher!.peer = connect();
      follow(watcher!, replica);
      // A position says nothing of a view that has not come yet.
      ask(watcher!, replica.updates > 0 ? { epoch, offset: replica.position } : undefined);
    } else if (what === 'track') {
      const { view, peer, replica } = watcher!;
      replica.read();
      const tag = viewTag(canonicalView(view));
      watcher!.view = b as View;
      // The server may be behind us: what it writes until it has heard of it is for the old view.
      peer.send({ type: 'track', id: peer.nextId(), channel: 'fleet', tag, view: b as View });
      replica.exchange(viewTag(canonicalView(b as View)));
    }
  }
  for (const { peer } of clients) peer.drain();
  for (let i = 0; i < 20; i++) {
    clock.turn();
    clock.advance(600);
    for (const { peer } of clients) peer.drain();
  }
  for (const { view, replica } of clients) {
    const compiled = compileView(readView(view) as View);
    const expected = [...model].filter(
      ([key, data]) => (compiled.keys?.has(key) ?? true) && (!compiled.filters || compiled.fit(data) === 'in'),
    );
    expect(replica.read().state, JSON.stringify(view)).toEqual(Object.fromEntries(expected));
  }
}
