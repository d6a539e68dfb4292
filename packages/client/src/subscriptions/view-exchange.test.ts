import { type View, canonicalView, viewTag } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, only, typesOf } from '../testing/harness.js';
import { FakeRequests } from '../testing/fake-requests.js';
import { changes, gone, message, put, stands, state, watch, watching } from '../testing/states.js';
import { streamTransport } from '../transports/http.js';

const tagOf = (view: View) => viewTag(canonicalView(view));
const [one, two, three] = [{ keys: ['x'] }, { keys: ['x', 'y'] }, { keys: ['x', 'y', 'z'] }];
const [tag1, tag2, tag3] = [tagOf(one), tagOf(two), tagOf(three)];

/** A client that looks at `x` alone. */
const looking = () => watching([put('x', 1)], 1, one, tag1);

describe('views', () => {
  it('VIEW-3: each view of a channel is a subscription of its own, and frames are told apart by their tags', () => {
    const h = new Harness();
    const all = watch(h);
    const some = watch(h, { keys: ['x'], rate: 5 });
    const [first, second] = h.accept();
    expect([first, second]).toMatchObject([{ channel: 'a' }, { channel: 'a', view: { keys: ['x'], rate: 5 } }]);
    expect(first).not.toHaveProperty('view');
    const tag = tagOf({ rate: 5, keys: ['x'] });
    h.link.say(stands(first), stands(second), state(2, [put('x', 1), put('y', 2)]), state(2, [put('x', 1)], { tag }));
    h.link.say(message(3, put('y', 3)), changes(2, 4, [put('x', 4)], { tag }));
    expect([all.log.slice(1), some.log.slice(1)]).toEqual([
      ['initial +x +y', '~y'],
      ['initial +x', '~x'],
    ]);
    some.watch.unsubscribe();
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', channel: 'a', tag }]);
  });

  it('CLI-5: views that say the same share one', () => {
    const h = new Harness();
    watch(h, { keys: ['y', 'x', 'x'], rate: 5 });
    watch(h, { rate: 5, keys: ['x', 'y'] });
    expect(h.accept()).toHaveLength(1);
  });

  it('STATE-3: what is gone from a view that filters has left it; others may still see it', () => {
    const { h, log } = watching([put('x', 1), put('y', 2)], 2, { where: { load: 1 } }, tagOf({ where: { load: 1 } }));
    h.link.say(changes(2, 4, [], { tag: tagOf({ where: { load: 1 } }), replace: true, keep: ['y'] }));
    h.link.say(changes(4, 5, [gone('y', 5, 'leave')], { tag: tagOf({ where: { load: 1 } }) }));
    expect(log).toEqual(['-x(leave)', '-y(leave)']);
  });
});

describe('what may be seen', () => {
  it('VIEW-9: a resume says under which scope the state was told: that of the last replacement that was complete', () => {
    const { h, log, shown } = watching([put('x', 1), put('y', 2)], 2);
    h.link.drop();
    const [none] = h.reaccept();
    expect(none).not.toHaveProperty('scope');
    h.link.say(stands(none, 2), changes(2, 2, [put('x', 1)], { replace: true, scope: 's1' }));
    expect([log.at(-1), shown()]).toEqual(['-y(leave)', { x: 1 }]);
    h.link.say(changes(2, 2, [put('y', 2)], { replace: true, more: true, scope: 's2' }));
    h.link.drop();
    const [first] = h.reaccept();
    expect(first).toMatchObject({ offset: 2, scope: 's1' });
    h.link.say(stands(first, 2), changes(2, 2, [put('y', 2)], { replace: true, more: true, scope: 's2' }));
    h.link.say(changes(2, 2, [put('z', 1)]));
    h.link.drop();
    expect(h.reaccept()[0]).toMatchObject({ offset: 2, scope: 's2' });
    expect(shown()).toEqual({ y: 2, z: 1 });
  });

  it('VIEW-9, STATE-5: a count under another scope is another number of the same version', () => {
    const tag = tagOf({ count: true });
    const { h, log, shown } = watching([put('', 7, 1)], 7, { count: true }, tag);
    h.link.say(changes(7, 7, [put('', 7, 5)], { tag, replace: true, scope: 's' }));
    expect([log, shown()]).toEqual([['~'], { '': 5 }]);
  });
});

describe('track', () => {
  it('VIEW-6: exchanges the view where it stands; what it has stays, what comes is told as one update', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    mapWatch.track('y');
    expect(mapWatch.view).toEqual(two);
    const [track] = h.link.take();
    expect(track).toEqual({ type: 'track', id: expect.any(Number), channel: 'a', tag: tag1, view: two });
    expect(shown()).toEqual({ x: 1 });
    h.link.say({ type: 'done', id: only(track, 'track').id });
    h.link.say(changes(1, 2, [put('y', 2)], { tag: tag2, replace: true, keep: ['x'] }));
    expect([log, shown()]).toEqual([['+y'], { x: 1, y: 2 }]);
    h.link.say(changes(2, 3, [put('x', 3)], { tag: tag1 }), changes(2, 4, [put('y', 4)], { tag: tag2 }));
    expect([log.slice(1), shown()]).toEqual([['~y'], { x: 1, y: 4 }]);
    mapWatch.untrack('x');
    h.link.say(changes(4, 4, [], { tag: tagOf({ keys: ['y'] }), replace: true, keep: ['y'] }));
    expect([log.slice(2), shown()]).toEqual([['-x(leave)'], { y: 4 }]);
  });

  it('VIEW-6: what was under way for the view before brings it to where the other begins', () => {
    const { h, watch: mapWatch, log } = looking();
    mapWatch.setView(two);
    const [track] = h.link.take();
    h.link.say(changes(1, 5, [put('x', 5)], { tag: tag1 }), { type: 'done', id: only(track, 'track').id });
    h.link.say(changes(5, 6, [put('y', 6)], { tag: tag2, replace: true, keep: ['x'] }));
    expect([log, h.link.take()]).toEqual([['~x', '+y'], []]);
  });

  it('VIEW-6: so does an act that it was in the middle of', () => {
    const { h, watch: mapWatch, log, shown } = watching([put('x', 1), put('y', 2)], 2, two, tag2);
    h.link.say(changes(2, 9, [put('x', 8)], { tag: tag2, more: true }));
    mapWatch.setView(three);
    h.link.say(changes(2, 9, [put('y', 9)], { tag: tag2 }));
    h.link.say(changes(9, 9, [put('z', 3)], { tag: tag3, replace: true, keep: ['x', 'y'] }));
    expect([log, shown()]).toEqual([['~x ~y', '+z'], { x: 8, y: 9, z: 3 }]);
  });

  it('STATE-5: what left the view before, newer than its position, may come with the next', () => {
    const near = { where: { near: true } };
    const { h, watch: mapWatch, shown } = watching([put('x', 1), put('y', 2)], 2, near, tagOf(near));
    mapWatch.setView({});
    h.link.say(changes(2, 4, [gone('x', 7, 'leave')], { tag: tagOf(near) }));
    h.link.say(changes(4, 7, [put('x', 7)], { replace: true, keep: ['y'] }));
    expect(shown()).toEqual({ x: 7, y: 2 });
  });

  it('VIEW-6: of views that follow each other quickly one is under way, and the last is asked for next', () => {
    const { h, watch: mapWatch, log } = looking();
    for (const keys of [['x', 'y'], ['p'], ['q'], ['x', 'y', 'z']]) mapWatch.setView({ keys });
    expect(mapWatch.view).toEqual(three);
    expect(h.link.take()).toMatchObject([{ type: 'track', view: two }]);
    h.link.say(changes(1, 2, [put('y', 2)], { tag: tag2, replace: true, keep: ['x'] }));
    expect(h.link.take()).toMatchObject([{ type: 'track', tag: tag2, view: three }]);
    h.link.say(changes(2, 3, [put('z', 3)], { tag: tag3, replace: true, keep: ['x', 'y'] }));
    expect([log, h.link.take()]).toEqual([['+y', '+z'], []]);
  });

  it('VIEW-6: the same view again, and one moved away and back, end as they began', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    mapWatch.setView({ keys: ['x', 'x'] });
    expect(h.link.take()).toEqual([]);
    mapWatch.setView(two);
    mapWatch.setView(one);
    h.link.say(changes(1, 2, [put('y', 2)], { tag: tag2, replace: true, keep: ['x'] }));
    h.link.say(changes(2, 2, [], { tag: tag1, replace: true, keep: ['x'] }));
    expect([typesOf(h.link.take()), log, shown()]).toEqual([['track', 'track'], ['+y', '-y(leave)'], { x: 1 }]);
  });

  it('asks for the new view without a position when the connection ends meanwhile', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    mapWatch.setView(two);
    mapWatch.setView(three);
    h.link.drop();
    const frames = h.reaccept();
    expect(frames).toMatchObject([{ type: 'subscribe', view: three }]);
    expect(frames[0]).toMatchObject({ fresh: true });
    expect(shown()).toEqual({ x: 1 });
    h.link.say(stands(frames[0]), state(4, [put('x', 1), put('z', 4)], { tag: tag3 }));
    expect([log, shown()]).toEqual([['+z'], { x: 1, z: 4 }]);
  });

  it('changed while there is no connection, the view is asked for with the next', () => {
    const { h, watch: mapWatch, log } = looking();
    h.link.drop();
    mapWatch.setView(two);
    const [again] = h.reaccept();
    expect(again).toMatchObject({ type: 'subscribe', view: two });
    expect(again).toMatchObject({ fresh: true });
    h.link.say(stands(again), state(4, [put('y', 4)], { tag: tag2 }));
    expect(log).toEqual(['+y -x(delete)']);
  });

  it('changed before the first state came, it is asked for in its place', () => {
    const h = new Harness();
    const { watch: mapWatch, log } = watch(h, one);
    const [first] = h.accept();
    mapWatch.setView(two);
    const frames = h.link.take();
    expect(frames).toMatchObject([
      { type: 'unsubscribe', tag: tag1 },
      { type: 'subscribe', view: two },
    ]);
    h.link.say(stands(first), state(1, [put('x', 1)], { tag: tag1 }));
    h.link.say(stands(frames[1]), state(2, [put('y', 2)], { tag: tag2 }));
    expect(log).toEqual(['at 2 +0', 'initial +y']);
  });

  it('refused for good it ends, and leaves nothing behind on the server', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    mapWatch.setView({ keys: ['x'], where: { a: { near: 1 } as never } });
    const { id } = only(h.link.take()[0], 'track');
    h.link.say({ type: 'error', id, code: 'invalid-data', message: 'rate' });
    expect([log, shown(), mapWatch.state]).toEqual([['end invalid-data'], { x: 1 }, 'ended']);
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', tag: tag1 }]);
  });

  it('refused for now it subscribes to the new view, and leaves the one before', () => {
    const { h, watch: mapWatch, log } = looking();
    mapWatch.setView(two);
    const { id } = only(h.link.take()[0], 'track');
    h.link.say({ type: 'error', id, code: 'unavailable', message: 'later' });
    const frames = h.link.take();
    expect(frames).toMatchObject([
      { type: 'unsubscribe', tag: tag1 },
      { type: 'subscribe', view: two },
    ]);
    h.link.say(stands(frames[1]), state(2, [put('x', 1), put('y', 2)], { tag: tag2 }));
    expect(log).toEqual(['+y']);
  });

  it('left in the middle of it, whoever comes for the view before gets it', () => {
    const { h, watch: mapWatch } = looking();
    mapWatch.setView(two);
    mapWatch.unsubscribe();
    expect(h.link.take()).toMatchObject([{ type: 'track' }, { type: 'unsubscribe', tag: tag2 }]);
    const next = watch(h, one);
    const [subscribe] = h.link.take();
    h.link.say(stands(subscribe), state(1, [put('x', 1)], { tag: tag1 }));
    expect(next.shown()).toEqual({ x: 1 });
  });

  it('what is lost of the view before is a gap: all of the new one is asked for', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    mapWatch.setView(two);
    h.link.take();
    h.link.say(changes(5, 6, [put('y', 6)], { tag: tag2, replace: true, keep: ['x'] }));
    const [again] = h.link.take();
    expect(only(again, 'subscribe')).toMatchObject({ view: two });
    expect(again).toMatchObject({ fresh: true });
    mapWatch.setView(three);
    h.link.say(stands(again), state(6, [put('x', 5), put('y', 6)], { tag: tag2 }));
    expect([log, shown()]).toEqual([['+y ~x'], { x: 5, y: 6 }]);
    expect(h.link.take()).toMatchObject([{ type: 'track', view: three }]);
  });

  it('on a link made of requests the next request asks for the new view, without a position', () => {
    const requests = new FakeRequests();
    const h = new Harness({ transport: streamTransport({ request: requests.post }) });
    const { watch: mapWatch, log, shown } = watch(h, one);
    h.clock.advance(0);
    requests.down.say(connectedFrame(), stands(requests.down.frames[1]), state(1, [put('x', 1)], { tag: tag1 }));
    mapWatch.setView(two);
    expect(requests.up).toEqual([]);
    h.clock.advance(0);
    const [, asked] = requests.down.frames;
    expect(asked).toMatchObject({ type: 'subscribe', view: two });
    expect(asked).toMatchObject({ fresh: true });
    expect(asked).not.toHaveProperty('again');
    requests.down.say(connectedFrame(), stands(asked), state(2, [put('x', 1), put('y', 2)], { tag: tag2 }));
    requests.down.end(true);
    expect(requests.down.frames[1]).toMatchObject({ view: two, epoch: 'e1', offset: 2, again: true });
    expect([log.slice(2), shown()]).toEqual([['+y'], { x: 1, y: 2 }]);
  });
});

describe('watches that share', () => {
  it('CLI-5: one of several goes its own way, and shows what it showed until the other view is there', () => {
    const { h, log } = looking();
    const mover = watch(h, one);
    h.clock.advance(0);
    mover.watch.setView(two);
    const frames = h.link.take();
    expect(frames).toMatchObject([{ type: 'subscribe', view: two }]);
    h.link.say(changes(1, 2, [put('x', 2)], { tag: tag1 }));
    expect([log, mover.shown()]).toEqual([['~x'], { x: 1 }]);
    h.link.say(stands(frames[0]), state(3, [put('x', 2), put('y', 3)], { tag: tag2 }));
    expect([mover.log.slice(2), mover.shown(), log]).toEqual([['+y ~x'], { x: 2, y: 3 }, ['~x']]);
  });

  it('CLI-5: to a view that somebody else has it goes over', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    const other = watch(h, two);
    h.link.say(stands(h.link.take()[0]), state(2, [put('x', 1), put('y', 2)], { tag: tag2 }));
    mapWatch.setView(two);
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', tag: tag1 }]);
    h.clock.advance(0);
    h.link.say(changes(2, 3, [put('x', 3)], { tag: tag2 }));
    expect([log, other.log.slice(2)]).toEqual([['+y', '~x'], ['~x']]);
    expect([shown(), other.shown()]).toEqual([
      { x: 3, y: 2 },
      { x: 3, y: 2 },
    ]);
  });

  it('who comes for a view that is being left gets that view, and nobody misses anything', () => {
    const { h, watch: mapWatch, log, shown } = looking();
    mapWatch.setView(two);
    const late = watch(h, one);
    const [track, subscribe] = h.link.take();
    expect([track, subscribe]).toMatchObject([
      { type: 'track', view: two },
      { type: 'subscribe', view: one },
    ]);
    expect(late.watch.view).toEqual(one);
    // Under way since before the server heard of either.
    h.link.say(changes(1, 2, [put('x', 2)], { tag: tag1 }));
    h.link.say({ type: 'done', id: only(track, 'track').id }, stands(subscribe));
    h.link.say(state(3, [put('x', 2)], { tag: tag1 }), changes(3, 4, [put('x', 4)], { tag: tag1 }));
    h.link.say(changes(2, 3, [put('y', 3)], { tag: tag2, replace: true, keep: ['x'] }));
    h.link.say(changes(3, 4, [put('x', 4)], { tag: tag2 }));
    expect([log, shown()]).toEqual([['~x', '+y', '~x'], { x: 4, y: 3 }]);
    expect([late.log, late.shown()]).toEqual([['at 3 +0', 'initial +x', '~x'], { x: 4 }]);
    expect([h.link.take(), h.diagnostics]).toEqual([[], []]);
  });

  it('and who moves to one that is being left', () => {
    const { h, watch: mapWatch } = looking();
    const other = watch(h, three);
    h.link.say(stands(h.link.take()[0]), state(1, [put('x', 1)], { tag: tag3 }));
    mapWatch.setView(two);
    other.watch.setView(one);
    h.link.say(changes(1, 2, [put('y', 2)], { tag: tag2, replace: true, keep: ['x'] }));
    h.link.say(changes(1, 2, [], { tag: tag1, replace: true, keep: ['x'] }));
    h.link.say(changes(2, 3, [put('x', 3)], { tag: tag1 }), changes(2, 3, [put('x', 3)], { tag: tag2 }));
    expect([mapWatch.view, other.watch.view]).toEqual([two, one]);
    expect([mapWatch.getSnapshot().size, other.watch.getSnapshot().size]).toEqual([2, 1]);
    expect([mapWatch.entry('x')?.version, other.watch.entry('x')?.version]).toEqual([3, 3]);
  });

  it('who comes for a view that is on its way waits for it, and stays when the other one moves on', () => {
    const { h, watch: mapWatch, log } = looking();
    mapWatch.setView(two);
    mapWatch.setView(three);
    const late = watch(h, two);
    h.link.say(changes(1, 2, [put('x', 2)], { tag: tag1 }));
    h.clock.advance(0);
    expect([late.log, late.shown()]).toEqual([[], {}]);
    const frames = h.link.take();
    expect(frames).toMatchObject([
      { type: 'track', tag: tag1, view: two },
      { type: 'subscribe', view: three },
    ]);
    h.link.say(changes(2, 3, [put('y', 3)], { tag: tag2, replace: true, keep: ['x'] }));
    h.link.say(stands(frames[1]), state(3, [put('x', 2), put('y', 3), put('z', 1)], { tag: tag3 }));
    expect(late.log).toEqual(['at 3 +0', 'initial +x +y']);
    expect([log.at(-1), mapWatch.view, late.watch.view]).toEqual(['+y +z ~x', three, two]);
  });
});
