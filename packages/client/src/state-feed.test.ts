import type { ClientFrame, ServerFrame, Subscribe } from '@longwave/protocol';
import { canonicalView, viewTag } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { MapChange, View } from './index.js';
import { Harness, only, typesOf } from './testing/harness.js';

type Op = Extract<ServerFrame, { type: 'changes' }>['ops'][number];

const op = (key: string, version: number, value: unknown, more: Partial<Op> = {}): Op => {
  return { key, offset: version, time: version, payload: JSON.stringify(value), ...more };
};
const tagOf = (view: View) => viewTag(canonicalView(view));

function subscribed(to: ClientFrame | undefined, offset = 0, more: object = {}): ServerFrame {
  const { id, channel } = only(to, 'subscribe') as Subscribe;
  return { type: 'subscribed', id, channel, epoch: 'e1', offset, top: offset, mode: 'map', ...more };
}

function changes(ops: readonly Op[], after: number, offset: number, more: object = {}): ServerFrame {
  return { type: 'changes', channel: 'quotes', epoch: 'e1', after, offset, ops, ...more };
}

function open(view: View = {}) {
  const harness = new Harness();
  const { client } = harness;
  const heard: { entries: Record<string, unknown>; change: MapChange }[] = [];
  const resets: string[] = [];
  const ends: string[] = [];
  const watch = client
    .channel('quotes')
    .watch(
      { ...view, onReset: ({ reason }) => resets.push(reason), onEnd: ({ code }) => ends.push(code) },
      (entries, change) => heard.push({ entries: Object.fromEntries(entries), change }),
    );
  const [asked] = harness.accept();
  return { ...harness, harness, client, watch, heard, resets, ends, asked, link: harness.link };
}

describe('a watch', () => {
  it('STATE-1: shows nothing before the first state is whole, and then all of it at once', async () => {
    const { link, asked, heard, watch } = open();
    expect(asked).toMatchObject({ type: 'subscribe', channel: 'quotes' });
    expect(asked).not.toHaveProperty('offset', 0);
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 2, { replace: true, more: true }));
    expect([heard, watch.state, watch.getSnapshot().size]).toEqual([[], 'pending', 0]);
    link.say(changes([op('b', 2, 2)], 0, 2));
    expect(heard).toMatchObject([
      { entries: { a: 1, b: 2 }, change: { added: ['a', 'b'], updated: [], removed: [], initial: true } },
    ]);
    await expect(watch.ready).resolves.toEqual({ epoch: 'e1', offset: 2 });
  });

  it('MSG-3: is told what a change did, and shares what it did not', () => {
    const { link, asked, heard, watch } = open();
    link.say(subscribed(asked), changes([op('a', 1, { n: 1 }), op('b', 2, { n: 2 })], 0, 2, { replace: true }));
    const before = watch.getSnapshot();
    expect(watch.getSnapshot()).toBe(before);
    link.say({
      type: 'message',
      channel: 'quotes',
      epoch: 'e1',
      offset: 3,
      ops: [op('a', 3, { n: 3 }), op('c', 4, 1), op('b', 5, 0, { kind: 'delete' }), op('c', 6, 0, { kind: 'expire' })],
    });
    expect(heard[1]!.change).toMatchObject({ added: [], updated: ['a'], removed: [{ key: 'b', why: 'delete' }] });
    link.say(changes([op('d', 7, 1)], 6, 7));
    expect(watch.getSnapshot().get('a')).toBe(watch.entry('a')!.value);
    expect(before.get('a')).toEqual({ n: 1 });
    expect(watch.entry('a')).toMatchObject({ version: 3, time: 3, value: { n: 3 } });
  });

  it('MAP-5: applies patches to the value it has', () => {
    const { link, asked, watch } = open();
    link.say(subscribed(asked), changes([op('a', 1, { x: 1, y: { z: 1 } })], 0, 1, { replace: true }));
    const { y } = watch.entry('a')!.value as { y: object };
    link.say(changes([op('a', 2, {}, { delta: '{"x":2}' })], 1, 2));
    expect(watch.entry('a')!.value).toEqual({ x: 2, y: { z: 1 } });
    expect((watch.entry('a')!.value as { y: object }).y).toBe(y);
  });

  it('STATE-5: what is older than what it has does no harm, entries that were removed among them', () => {
    const { link, asked, watch, heard } = open();
    link.say(subscribed(asked), changes([op('a', 9, 'new')], 0, 5, { replace: true }));
    link.say(changes([op('b', 8, 0, { kind: 'delete' })], 5, 6));
    const { length } = heard;
    link.say({ type: 'message', channel: 'quotes', epoch: 'e1', offset: 7, ops: [op('a', 7, 'old')] });
    link.say({ type: 'message', channel: 'quotes', epoch: 'e1', offset: 8, ops: [op('b', 8, 'gone')] });
    expect([...watch.getSnapshot()]).toEqual([['a', 'new']]);
    expect(heard).toHaveLength(length);
  });

  it('STATE-3: a replacement names what stays, and what it does not is gone', () => {
    const { link, asked, heard, watch } = open();
    link.say(subscribed(asked), changes([op('a', 1, {}), op('b', 2, {}), op('c', 3, {})], 0, 3, { replace: true }));
    const a = watch.entry('a')!.value;
    link.say(changes([op('b', 8, { new: 1 })], 3, 9, { replace: true, keep: ['a'] }));
    expect(heard[1]).toMatchObject({ change: { added: [], updated: ['b'], removed: [{ key: 'c', why: 'delete' }] } });
    expect(watch.entry('a')!.value).toBe(a);
  });

  it('STATE-3: told to keep what it does not have, it asks for all of it', () => {
    const { link, asked, diagnostics, watch } = open();
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true }));
    link.say(changes([], 1, 2, { replace: true, keep: ['a', 'x'] }));
    expect(diagnostics.map(({ kind }) => kind)).toEqual(['gap']);
    const [again] = link.take();
    expect(again).not.toHaveProperty('epoch', 'e1');
    link.say(subscribed(again), changes([op('x', 2, 2)], 0, 2, { replace: true }));
    expect([...watch.getSnapshot()]).toEqual([['x', 2]]);
  });

  it('MSG-3: on a gap it asks again from its position', () => {
    const { link, asked, diagnostics } = open();
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true }));
    link.say(changes([op('a', 5, 5)], 4, 5));
    expect(diagnostics).toHaveLength(1);
    expect(link.take()).toMatchObject([{ type: 'subscribe', epoch: 'e1', offset: 1 }]);
  });

  it('STATE-4: after a reconnect it resumes where its last whole state stands', () => {
    const { harness, link, asked, watch, heard } = open();
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true }));
    link.say(changes([op('b', 2, 2)], 1, 3, { more: true }));
    link.drop();
    const [again] = harness.reaccept();
    expect(again).toMatchObject({ epoch: 'e1', offset: 1 });
    harness.link.say(subscribed(again, 1), changes([op('a', 4, 4)], 1, 4));
    expect([...watch.getSnapshot()]).toEqual([['a', 4]]);
    expect(heard).toHaveLength(2);
  });

  it('SUB-4: what it had is shown until what comes after a reset is whole', () => {
    const { link, asked, watch, heard, resets } = open();
    link.say(subscribed(asked), changes([op('a', 5, 1)], 0, 5, { replace: true }));
    link.say({ type: 'reset', channel: 'quotes', reason: 'epoch-changed', epoch: 'e2', offset: 0 });
    expect(resets).toEqual(['epoch-changed']);
    expect(watch.getSnapshot().size).toBe(1);
    link.say(changes([op('b', 1, 2)], 0, 1, { epoch: 'e2', replace: true }));
    expect(heard[1]).toMatchObject({
      entries: { b: 2 },
      change: { reset: { reason: 'epoch-changed' }, added: ['b'], removed: [{ key: 'a' }] },
    });
    link.say({ type: 'reset', channel: 'quotes', reason: 'revoked', epoch: 'e2', offset: 1 });
    expect([watch.state, watch.getSnapshot().size]).toEqual(['ended', 1]);
  });

  it('CLI-5: equal views share one subscription, and the last one out ends it', () => {
    const { client, link, asked } = open();
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true }));
    const channel = client.channel('quotes');
    const first = channel.watch({ keys: ['b', 'a'], rate: 2 });
    const second = channel.watch({ rate: 2, keys: ['a', 'b'] });
    const [frame, ...rest] = link.take();
    expect(frame).toMatchObject({ type: 'subscribe', view: { keys: ['b', 'a'], rate: 2 } });
    expect(rest).toEqual([]);
    first.unsubscribe();
    expect(link.take()).toEqual([]);
    second.unsubscribe();
    expect(link.take()).toMatchObject([{ type: 'unsubscribe', tag: tagOf({ keys: ['a', 'b'], rate: 2 }) }]);
  });

  it('CLI-5: one that joins a state that is there gets it in a turn of its own', () => {
    const { client, link, asked, clock } = open();
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true }));
    const sizes: number[] = [];
    const watch = client.channel('quotes').watch((entries) => sizes.push(entries.size));
    expect([sizes, watch.state]).toEqual([[], 'pending']);
    clock.advance(1);
    expect([sizes, watch.state]).toEqual([[1], 'live']);
  });

  it('VIEW-6: another view is told to the server, and what comes for the one before brings it there', () => {
    const before: View = { keys: ['a', 'b'] };
    const { link, asked, watch, heard } = open(before);
    const tag = tagOf(before);
    link.say(subscribed(asked), changes([op('a', 1, 1), op('b', 2, 2)], 0, 2, { replace: true, tag }));
    watch.untrack('a');
    watch.track('c');
    expect(link.take()).toMatchObject([{ type: 'track', tag, view: { keys: ['b'] } }]);
    link.say(changes([op('b', 3, 3)], 2, 3, { tag }));
    expect(heard[1]!.change.updated).toEqual(['b']);
    link.say({ type: 'done', id: 2 }, changes([], 3, 3, { tag: tagOf({ keys: ['b'] }), replace: true, keep: ['b'] }));
    expect(heard[2]!.change.removed).toEqual([{ key: 'a', why: 'leave' }]);
    // Of those that came meanwhile the last is asked for.
    expect(link.take()).toMatchObject([{ type: 'track', tag: tagOf({ keys: ['b'] }), view: { keys: ['b', 'c'] } }]);
    expect(watch.view).toEqual({ keys: ['b', 'c'] });
  });

  it('VIEW-6: where the view changed while there was no link, it asks without a position', () => {
    const { harness, link, asked, watch } = open({ keys: ['a'] });
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true, tag: tagOf({ keys: ['a'] }) }));
    link.drop();
    watch.setView({ keys: ['b'] });
    const frames = harness.reaccept();
    expect(typesOf(frames)).toEqual(['subscribe']);
    expect(frames[0]).toMatchObject({ view: { keys: ['b'] } });
    expect(frames[0]).not.toHaveProperty('epoch', 'e1');
  });

  it('ends with wrong-mode on a log, as a subscription does on a map', () => {
    const { client, link, asked, ends } = open();
    link.say(subscribed(asked, 0, { mode: undefined }));
    expect(ends).toEqual(['wrong-mode']);
    const codes: string[] = [];
    client.channel('board').subscribe({ onEnd: ({ code }) => codes.push(code) }, () => undefined);
    link.say(subscribed(link.take().at(-1)));
    expect(codes).toEqual(['wrong-mode']);
  });

  it('is an external store: listeners are called after each update, and one that throws stops none', () => {
    const { link, asked, watch, errors } = open();
    let calls = 0;
    watch.subscribe(() => {
      throw new Error('planned');
    });
    const stop = watch.subscribe(() => calls++);
    link.say(subscribed(asked), changes([op('a', 1, 1)], 0, 1, { replace: true }));
    stop();
    link.say(changes([op('a', 2, 2)], 1, 2));
    expect([calls, errors.length]).toEqual([1, 2]);
  });
});

describe('a value', () => {
  it('is the one entry, undefined when there is none', () => {
    const harness = new Harness();
    const heard: unknown[] = [];
    const watch = harness.client.channel('quotes').watchValue((value, entry) => heard.push([value, entry?.version]));
    const [asked] = harness.accept();
    harness.link.say(subscribed(asked), changes([], 0, 0, { replace: true }));
    harness.link.say(changes([{ ...op('', 1, 'x'), key: undefined }], 0, 1));
    expect(heard).toEqual([
      [undefined, undefined],
      ['x', 1],
    ]);
    expect(watch.getSnapshot()).toBe('x');
  });
});

describe('changes', () => {
  it('MAP-1, CLI-3: travel through the outbox with what they do, again after a reconnect', async () => {
    const harness = new Harness();
    const channel = harness.client.channel('quotes');
    const put = channel.put('a', { n: 1 }, { expect: 3, ttlMs: 500 });
    void channel.delete('b').catch(() => undefined);
    void channel.clear().catch(() => undefined);
    const frames = harness.accept();
    expect(frames).toMatchObject([
      { type: 'publish', key: 'a', data: { n: 1 }, expect: 3, ttlMs: 500 },
      { type: 'publish', key: 'b', kind: 'delete', data: null },
      { type: 'publish', kind: 'delete', data: null },
    ]);
    harness.link.drop();
    const [again] = harness.reaccept();
    expect(again).toMatchObject({ type: 'publish', key: 'a', expect: 3, ttlMs: 500, retry: true });
    const { id } = only(again, 'publish');
    harness.link.say({ type: 'ack', id, epoch: 'e1', offset: 7, durability: 'memory' });
    await expect(put).resolves.toMatchObject({ position: { offset: 7 } });
  });
});

describe('presence', () => {
  it('PRES-1, PRES-2: enters on every link, resolves with the key, and exits', async () => {
    const harness = new Harness();
    const { presence } = harness.client.channel('chat/a');
    const entered = presence.enter({ name: 'Ada' }, { away: true });
    const [enter] = harness.accept();
    expect(enter).toMatchObject({ type: 'enter', channel: 'chat/a', data: { name: 'Ada' }, away: true });
    harness.link.say({ type: 'done', id: only(enter, 'enter').id, key: 'k1' });
    await expect(entered).resolves.toBe('k1');
    harness.link.drop();
    const [again] = harness.reaccept();
    expect(again).toMatchObject({ type: 'enter', again: true });
    const left = presence.leave();
    const [exit] = harness.link.take();
    harness.link.say({ type: 'done', id: only(exit, 'exit').id });
    await left;
    harness.link.drop();
    expect(harness.reaccept()).toEqual([]);
  });

  it('PRES-3: is told when the server ends it, and says goodbye when the client is closed', async () => {
    const harness = new Harness();
    const ends: string[] = [];
    const { presence } = harness.client.channel('chat/a');
    const entered = presence.enter('x', { onEnd: ({ code }) => ends.push(code) });
    const [enter] = harness.accept();
    harness.link.say({ type: 'done', id: only(enter, 'enter').id, key: 'k1' });
    await entered;
    harness.link.say({ type: 'exited', channel: 'chat/a', code: 'forbidden' });
    expect(ends).toEqual(['forbidden']);
    const again = presence.enter('y', { onEnd: ({ code }) => ends.push(code) });
    harness.link.say({ type: 'done', id: only(harness.link.take().at(-1), 'enter').id, key: 'k1' });
    await again;
    harness.client.close();
    expect(typesOf(harness.link.take())).toEqual(['exit']);
    expect(ends).toEqual(['forbidden', 'closed']);
  });

  it('DEM-1: demand is the sum of what is asked on all nodes', () => {
    const harness = new Harness();
    const heard: unknown[] = [];
    harness.client.channel('quotes').demand((demand) => heard.push(demand));
    const [asked] = harness.accept();
    const channel = '@demand/quotes';
    expect(asked).toMatchObject({ type: 'subscribe', channel });
    const nodes = [
      op('n1', 1, { watchers: 2, keys: ['a'], rate: 4 }),
      op('n2', 2, { watchers: 1, keys: ['b'], rate: 10 }),
    ];
    harness.link.say(subscribed(asked), changes(nodes, 0, 2, { replace: true, channel }));
    harness.link.say(changes([op('n2', 3, { watchers: 3 })], 2, 3, { channel }));
    expect(heard).toEqual([
      { watchers: 3, keys: ['a', 'b'], rate: 10 },
      { watchers: 5, keys: undefined, rate: undefined },
    ]);
  });
});
