import { canonicalView, viewTag } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, only, subscribedFrame, typesOf } from '../testing/harness.js';
import { changes, gone, message, patched, put, stands, state, watch, watching } from '../testing/states.js';

describe('the first state', () => {
  it('STATE-1: asks without a position, and shows nothing until the state is complete', async () => {
    const h = new Harness();
    const { watch: mapWatch, log, shown } = watch(h);
    const [subscribe] = h.accept();
    expect(subscribe).toEqual({ type: 'subscribe', id: expect.any(Number), channel: 'a' });
    h.link.say(stands(subscribe, 0, { top: 7 }), state(7, [put('x', 3)], { more: true }));
    expect([mapWatch.state, log, shown()]).toEqual(['pending', [], {}]);
    h.link.say(changes(0, 7, [put('y', 7)]));
    expect([mapWatch.state, log, shown()]).toEqual(['live', ['at 7 +0', 'initial +x +y'], { x: 3, y: 7 }]);
    await expect(mapWatch.ready).resolves.toEqual({ epoch: 'e1', offset: 7 });
    expect(mapWatch.entry('x')).toEqual({ key: 'x', value: 3, version: 3, time: 1_003, user: undefined });
  });

  it('STATE-1: one that is empty is told as well', () => {
    const h = new Harness();
    const { log } = watch(h);
    h.link.say(...[stands(h.accept()[0]), state(0, [])]);
    expect(log).toEqual(['at 0 +0', 'initial']);
  });

  it.each([
    ['an operation', message(1, put('x', 1))],
    ['a change', changes(0, 1, [put('x', 1)])],
  ])('STATE-1: %s in its place is no state', (_, frame) => {
    const h = new Harness();
    const { log } = watch(h);
    h.link.say(stands(h.accept()[0]), frame);
    const [again] = h.link.take();
    expect(only(again, 'subscribe').fresh).toBe(true);
    h.link.say(stands(again), state(2, [put('x', 1), put('y', 2)]));
    expect(log).toEqual(['at 2 +0', 'initial +x +y']);
    expect(h.diagnostics).toMatchObject([{ kind: 'gap' }]);
  });

  it('STATE-1: begins anew when the connection ends in the middle of it', () => {
    const h = new Harness();
    const { log, shown } = watch(h);
    h.link.say(stands(h.accept()[0]), state(7, [put('x', 3)], { more: true }));
    h.link.drop();
    const [again] = h.reaccept();
    expect(again).toMatchObject({ fresh: true });
    h.link.say(stands(again), state(8, [put('y', 8)]));
    expect([log, shown()]).toEqual([['at 8 +0', 'initial +y'], { y: 8 }]);
  });

  it('MAP-1: a log is not watched, and state is not subscribed to', async () => {
    const h = new Harness();
    const { watch: mapWatch, log } = watch(h, {}, 'log');
    const ends: string[] = [];
    const subscription = h.client.channel('map').subscribe({ onEnd: ({ code }) => ends.push(code) }, () => {});
    const [one, two] = h.accept();
    h.link.say(subscribedFrame(one, 0), stands(two));
    expect([log, ends]).toEqual([['end wrong-mode'], ['wrong-mode']]);
    expect(typesOf(h.link.take())).toEqual(['unsubscribe', 'unsubscribe']);
    await expect(mapWatch.ready).rejects.toMatchObject({ code: 'wrong-mode' });
    await expect(subscription.ready).rejects.toMatchObject({ code: 'wrong-mode' });
  });

  it('refused for good it ends, and what is subscribed to next asks anew', async () => {
    const h = new Harness();
    const { watch: mapWatch, log } = watch(h);
    const { id } = only(h.accept()[0], 'subscribe');
    h.link.say({ type: 'error', id, code: 'forbidden', message: 'no' });
    expect([mapWatch.state, log]).toEqual(['ended', ['end forbidden']]);
    await expect(mapWatch.ready).rejects.toMatchObject({ code: 'forbidden' });
    watch(h);
    expect(typesOf(h.link.take())).toEqual(['subscribe']);
  });
});

describe('changes', () => {
  it('STATE-2: operations are applied as they come, and told once a frame', () => {
    const { h, log, shown } = watching([put('x', 1), put('y', 2)], 2);
    h.link.say(message(3, put('x', 3), put('z', 4), gone('y', 5), put('z', 6)));
    expect([log, shown()]).toEqual([['+z ~x -y(delete)'], { x: 3, z: 6 }]);
    h.link.say(message(7, gone('z', 7, 'expire')), message(8, put('w', 8), gone('w', 9)));
    expect([log.slice(1), shown()]).toEqual([['-z(expire)'], { x: 3 }]);
  });

  it('MAP-5: a patch is merged into the value, and what it does not name stays the same object', () => {
    const { h, watch: mapWatch, log } = watching([put('x', 1, { at: { lat: 1 }, load: { kg: 5 } })], 1);
    const before = mapWatch.getSnapshot().get('x') as { load: unknown };
    h.link.say(message(2, patched('x', 2, { at: { lon: 2 } })));
    const after = mapWatch.getSnapshot().get('x') as { load: unknown };
    expect(after).toEqual({ at: { lat: 1, lon: 2 }, load: { kg: 5 } });
    expect(after.load).toBe(before.load);
    expect(log).toEqual(['~x']);
  });

  it('MAP-5: a patch of what is not there is a gap: the whole state is asked for', () => {
    const { h, log, shown } = watching([put('x', 1)], 1);
    h.link.say(message(2, put('y', 2), patched('z', 3, { a: 1 })));
    const [again] = h.link.take();
    expect(again).toMatchObject({ fresh: true });
    expect([log, shown()]).toEqual([[], { x: 1 }]);
    h.link.say(stands(again), state(3, [put('x', 1), put('y', 2), put('z', 3)]));
    expect([log, shown()]).toEqual([['+y +z'], { x: 1, y: 2, z: 3 }]);
  });

  it('MSG-1: what was seen already changes nothing; on a gap it asks on from its position', () => {
    const { h, log, shown } = watching([put('x', 1)], 1);
    h.link.say(message(2, put('x', 2)), message(1, put('x', 1), put('x', 2)), message(4, put('x', 4)));
    expect([log, shown()]).toEqual([['~x'], { x: 2 }]);
    const [again] = h.link.take();
    expect(again).toMatchObject({ epoch: 'e1', offset: 2 });
    h.link.say(stands(again, 2, { top: 4 }), changes(2, 4, [put('x', 4)]));
    expect(log).toEqual(['~x', 'at 2 +2', '~x']);
  });

  it('MSG-3: of several frames nothing is seen before the last, and the position moves with it', () => {
    const { h, watch: mapWatch, log, shown } = watching([put('x', 1)], 1);
    h.link.say(changes(1, 9, [put('x', 8)], { more: true }), changes(1, 9, [put('y', 5)], { more: true }));
    expect([log, shown(), mapWatch.position?.offset]).toEqual([[], { x: 1 }, 1]);
    h.link.say(changes(1, 9, [put('z', 9)]));
    expect([log, shown(), mapWatch.position?.offset]).toEqual([['+y +z ~x'], { x: 8, y: 5, z: 9 }, 9]);
  });

  it('MSG-3: an act that is cut off leaves no trace', () => {
    const { h, log, shown } = watching([put('x', 1)], 1);
    h.link.say(changes(1, 9, [put('x', 8)], { more: true }));
    h.link.drop();
    const [again] = h.reaccept();
    expect(again).toMatchObject({ epoch: 'e1', offset: 1 });
    h.link.say(stands(again, 1, { top: 9 }), changes(1, 9, [put('y', 9)]));
    expect([log, shown()]).toEqual([['at 1 +8', '+y'], { x: 1, y: 9 }]);
  });

  it('MSG-3: one that begins behind its position has lost something', () => {
    const { h, log } = watching([put('x', 1)], 1);
    h.link.say(changes(3, 4, [put('x', 4)]));
    expect(h.link.take()).toMatchObject([{ type: 'subscribe', epoch: 'e1', offset: 1 }]);
    expect(log).toEqual([]);
  });

  it('HB-3: so has one that stands before the top', () => {
    const { h } = watching([put('x', 1)], 1);
    h.link.say({ type: 'top', channel: 'a', epoch: 'e1', offset: 1 });
    expect(h.link.take()).toEqual([]);
    h.link.say({ type: 'top', channel: 'a', epoch: 'e1', offset: 2 });
    expect(h.link.take()).toMatchObject([{ type: 'subscribe', offset: 1 }]);
  });

  it('STATE-5: what is newer than the position beside it is not undone by what comes late', () => {
    const { h, watch: mapWatch, log, shown } = watching([put('x', 1), put('y', 2), put('z', 3)], 3);
    // Read while 8 and 9 were being written, and told to be no later than 6.
    h.link.say(changes(3, 6, [gone('x', 9), put('y', 8)]));
    h.link.say(message(7, put('x', 7)));
    expect([log, shown()]).toEqual([['~y -x(delete)'], { y: 8, z: 3 }]);
    h.link.say(message(8, put('y', 8, 'twice'), gone('x', 9), put('z', 10)));
    expect([log.slice(1), shown(), mapWatch.position?.offset]).toEqual([['~z'], { y: 8, z: 10 }, 10]);
    h.link.say(message(11, put('x', 11)));
    expect(shown()).toEqual({ x: 11, y: 8, z: 10 });
  });

  it('STATE-5: the position never goes back', () => {
    const { h, watch: mapWatch, log } = watching([put('x', 5)], 5);
    h.link.say(changes(1, 3, [put('x', 3)]));
    expect([log, mapWatch.position?.offset]).toEqual([[], 5]);
  });

  it('CLI-4: a handler that throws stops nothing, and one that reconnects gets the rest', () => {
    const { h, log, shown } = watching([], 0);
    h.client.channel('a').watch(() => {
      throw new Error('handler');
    });
    const two = h.client.channel('a').watch((entries) => {
      if (entries.get('x') === 2) h.client.reconnect();
    });
    h.clock.advance(0);
    h.link.say(message(1, put('x', 1)), message(2, put('x', 2)), message(3, put('x', 3)));
    const [again] = h.accept();
    expect(again).toMatchObject({ offset: 2 });
    h.link.say(stands(again, 2, { top: 3 }), changes(2, 3, [put('x', 3)]));
    expect([log, shown()]).toEqual([['+x', '~x', 'at 2 +1', '~x'], { x: 3 }]);
    expect(two.position?.offset).toBe(3);
    expect(h.errors.length).toBeGreaterThan(2);
  });
});

describe('resuming', () => {
  it('STATE-4: asks on from its position, and is told what changed', () => {
    const { h, log, shown } = watching([put('x', 1), put('y', 2)], 2);
    h.link.drop();
    const [again] = h.reaccept();
    expect(again).toMatchObject({ epoch: 'e1', offset: 2 });
    h.link.say(stands(again, 2, { top: 9 }), changes(2, 9, [put('x', 7), gone('y', 9)]));
    expect([log, shown()]).toEqual([['at 2 +7', '~x -y(delete)'], { x: 7 }]);
  });

  it('STATE-3: the state in its place names what is kept; what it does not name is gone', () => {
    const { h, watch: mapWatch, log, shown } = watching([put('x', 1, {}), put('y', 2), put('z', 3)], 3);
    const kept = mapWatch.getSnapshot().get('x');
    h.link.drop();
    const [again] = h.reaccept();
    h.link.say(
      stands(again, 3, { top: 9 }),
      changes(3, 9, [put('y', 8)], { replace: true, keep: ['x'], more: true }),
      changes(3, 9, [put('w', 9)]),
    );
    expect([log, shown()]).toEqual([['at 3 +6', '+w ~y -z(delete)'], { x: {}, y: 8, w: 9 }]);
    expect(mapWatch.getSnapshot().get('x')).toBe(kept);
  });

  it('STATE-3: told to keep what it does not have, it asks for all of it', () => {
    const { h, log } = watching([put('x', 1)], 1);
    h.link.say(changes(1, 5, [], { replace: true, keep: ['x', 'y'] }));
    const [again] = h.link.take();
    expect(only(again, 'subscribe').fresh).toBe(true);
    expect(h.diagnostics).toMatchObject([{ kind: 'gap', channel: 'a' }]);
    h.link.say(stands(again), state(5, [put('x', 1), put('y', 5)]));
    expect(log).toEqual(['+y']);
  });

  it('STATE-3: what is sent again as it was stays the same object, and is no update', () => {
    const { h, watch: mapWatch, log } = watching([put('x', 1, { a: 1 })], 1);
    const before = mapWatch.getSnapshot();
    h.link.say(changes(1, 3, [put('x', 1, { a: 1 })], { replace: true }));
    expect(log).toEqual([]);
    expect(mapWatch.getSnapshot()).toBe(before);
    expect(mapWatch.position?.offset).toBe(3);
  });

  it.each(['epoch-changed', 'truncated'] as const)(
    'SUB-4: after %s what was there stays to be seen until the state in its place is complete',
    (reason) => {
      const { h, log, shown } = watching([put('x', 1), put('y', 2)], 2);
      h.link.drop();
      const [again] = h.reaccept();
      h.link.say(stands(again, 0, { epoch: 'e2', reset: reason, top: 1 }));
      expect([log, shown()]).toEqual([[`${reason} 0`], { x: 1, y: 2 }]);
      h.link.say(state(1, [put('x', 1, 'other')], { epoch: 'e2' }));
      expect([log.slice(1), shown()]).toEqual([[`after ${reason} ~x -y(delete)`], { x: 'other' }]);
    },
  );

  it('SUB-4: in another epoch the same version and time mean nothing', () => {
    const { h, log, shown } = watching([put('x', 1, 'old')], 1);
    h.link.say({ type: 'reset', channel: 'a', reason: 'epoch-changed', epoch: 'e2', offset: 0 });
    h.link.say(state(1, [put('x', 1, 'new')], { epoch: 'e2' }), { ...message(2, put('y', 2)), epoch: 'e2' } as never);
    expect([log, shown()]).toEqual([['epoch-changed 0', 'after epoch-changed ~x', '+y'], { x: 'new', y: 2 }]);
  });

  it('SUB-4, STATE-7: whoever was told nothing yet is told of no reset', () => {
    const h = new Harness();
    const { log } = watch(h);
    h.link.say(stands(h.accept()[0]));
    h.link.drop();
    const [again] = h.reaccept();
    h.link.say(stands(again, 0, { epoch: 'e2' }), state(1, [put('x', 1)], { epoch: 'e2' }));
    expect(log).toEqual(['at 1 +0', 'initial +x']);
  });

  it('SUB-6: revoked ends it; what it has shown stays to be read', () => {
    const { h, watch: mapWatch, log, shown } = watching([put('x', 1)], 1);
    h.link.say({ type: 'reset', channel: 'a', reason: 'revoked', epoch: 'e1', offset: 0 }, message(2, put('x', 2)));
    expect([mapWatch.state, log, shown(), mapWatch.entry('x')?.version]).toEqual([
      'ended',
      ['end forbidden'],
      { x: 1 },
      1,
    ]);
    h.link.drop();
    expect(h.reaccept()).toEqual([]);
  });
});

describe('as an external store', () => {
  it('gives one snapshot until something changes, to functions that need no object', () => {
    const { h, watch: mapWatch } = watching([put('x', 1)], 1);
    const { getSnapshot, subscribe } = mapWatch;
    let calls = 0;
    const stop = subscribe(() => calls++);
    const before = getSnapshot();
    expect(getSnapshot()).toBe(before);
    h.link.say(message(2, put('y', 2)));
    expect([calls, [...before.keys()], [...getSnapshot().keys()]]).toEqual([1, ['x'], ['x', 'y']]);
    stop();
    h.link.say(message(3, put('y', 3)));
    expect(calls).toBe(1);
  });

  it('a listener that throws stops none', () => {
    const { h, watch: mapWatch } = watching();
    let calls = 0;
    mapWatch.subscribe(() => {
      throw new Error('planned');
    });
    mapWatch.subscribe(() => calls++);
    h.link.say(message(1, put('x', 1)));
    expect([calls, h.errors.length]).toEqual([1, 1]);
  });

  it('CLI-5: watches of one view share one on the wire, and who joins later is told all of it', () => {
    const { h, log } = watching([put('x', 1)], 1);
    const late = watch(h);
    expect([late.log, late.shown()]).toEqual([[], {}]);
    h.clock.advance(0);
    expect([late.log, late.shown()]).toEqual([['at 1 +0', 'initial +x'], { x: 1 }]);
    const later = watch(h);
    h.link.say(message(2, put('y', 2)));
    h.clock.advance(0);
    expect([log, late.log.slice(2), later.log]).toEqual([['+y'], ['+y'], ['at 2 +0', 'initial +x +y']]);
    expect(h.link.take()).toEqual([]);
    for (const { watch: mapWatch } of [late, later]) mapWatch.unsubscribe();
    expect(h.link.take()).toEqual([]);
  });

  it('CLI-5: the last one out ends it, and what was shown stays to be read', () => {
    const { h, watch: mapWatch, shown } = watching([put('x', 1)], 1);
    mapWatch.unsubscribe();
    mapWatch.unsubscribe();
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', channel: 'a' }]);
    h.link.say(message(2, put('x', 2)));
    expect([mapWatch.state, shown()]).toEqual(['ended', { x: 1 }]);
  });

  it('CLI-6: close() ends it and leaves no timer', () => {
    const { h, log } = watching([put('x', 1)], 1);
    const late = watch(h);
    h.client.close();
    expect([log, late.log, h.clock.timers]).toEqual([['end closed'], ['end closed'], 0]);
    expect(() => h.client.channel('a').watch()).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});

describe('a value', () => {
  it('is the entry without a name', () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const score = h.client.channel('a').watchValue((value, entry) => seen.push([value, entry?.version]));
    expect(score.getSnapshot()).toBeUndefined();
    h.link.say(stands(h.accept()[0], 0, { mode: 'value' }), state(0, []), message(1, put('', 1, { home: 1 })));
    h.link.say(message(2, patched('', 2, { away: 1 })), message(3, gone('', 3)));
    expect(seen).toEqual([
      [undefined, undefined],
      [{ home: 1 }, 1],
      [{ home: 1, away: 1 }, 2],
      [undefined, undefined],
    ]);
    expect([score.state, score.position?.offset]).toEqual(['live', 3]);
  });

  it('VIEW-1: may be watched at a rate', () => {
    const h = new Harness();
    const score = h.client.channel('a').watchValue({ rate: 2 });
    const [subscribe] = h.accept();
    expect(subscribe).toMatchObject({ view: { rate: 2 } });
    const tag = viewTag(canonicalView({ rate: 2 }));
    h.link.say(stands(subscribe, 0, { mode: 'value' }), state(1, [put('', 1, 'now')], { tag }));
    expect(score.getSnapshot()).toBe('now');
  });
});

it('frames of logs do not reach watches, nor those of state subscriptions', () => {
  const { h, log } = watching([put('x', 1)], 1);
  expect(() => h.client.channel('a').subscribe(() => {})).toThrow(expect.objectContaining({ code: 'wrong-mode' }));
  h.client.channel('b').subscribe(() => {});
  expect(() => h.client.channel('b').watch()).toThrow(expect.objectContaining({ code: 'wrong-mode' }));
  h.link.say(subscribedFrame(h.link.take()[0], 0), { ...changes(0, 1, [put('x', 1)]), channel: 'b' } as never);
  h.link.say(messageFrame('b', 1));
  expect(log).toEqual([]);
});
