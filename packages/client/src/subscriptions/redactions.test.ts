import type { Message, Operation, Redaction, ServerFrame } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, only, subscribedFrame } from '../testing/harness.js';
import { messageStore } from './message-store.js';

const redact = (offset: number, target: number): Operation => ({
  ...{ offset, time: 1_000 + offset, user: 'mod', kind: 'redact' },
  payload: JSON.stringify({ offset: target, reason: 'spam' }),
});
const redacted = (offset: number): Operation => ({ offset, time: 1, payload: '', user: 'ada', kind: 'redacted' });
const put = (offset: number): Operation => ({ offset, time: 1, payload: `${offset}`, user: 'ada' });
const frame = (...ops: Operation[]): ServerFrame => ({
  ...{ type: 'message', channel: 'a', epoch: 'e1', offset: ops[0]!.offset, ops },
});
const page = (id: number, ...ops: Operation[]): ServerFrame => ({
  ...{ type: 'page', id, channel: 'a', epoch: 'e1', offset: ops[0]!.offset, ops, floor: 0, top: ops.at(-1)!.offset },
});

function live() {
  const h = new Harness();
  const got: unknown[] = [];
  const told: Redaction[] = [];
  const subscription = h.client
    .channel('a')
    .subscribe({ onRedact: (redaction) => told.push(redaction) }, (data, { offset, redacted: gone, user }) =>
      got.push([offset, data, gone, user]),
    );
  const [subscribe] = h.accept();
  h.link.say(subscribedFrame(subscribe, 0));
  return { h, got, told, subscription };
}

describe('a subscription of a log with redactions', () => {
  it('RED-7: gives a message without its data, and tells a redaction in its place', () => {
    const { h, got, told, subscription } = live();
    h.link.say(frame(put(1), redacted(2), redact(3, 2), put(4)));
    expect(got).toEqual([
      [1, 1, false, 'ada'],
      [2, undefined, true, 'ada'],
      [4, 4, false, 'ada'],
    ]);
    const position = { epoch: 'e1', offset: 3 };
    expect(told).toEqual([{ target: { epoch: 'e1', offset: 2 }, position, reason: 'spam', user: 'mod', time: 1_003 }]);
    h.link.say(frame(redact(5, 1)));
    expect(told.map(({ target }) => target.offset)).toEqual([2, 1]);
    expect(subscription.position).toEqual({ epoch: 'e1', offset: 5 });
    expect(h.errors).toEqual([]);
  });

  it('RED-7: tells what is read from the log, to one that joins', () => {
    const { h } = live();
    h.link.say(frame(put(1), put(2), redact(3, 1)));
    h.link.take();
    const got: unknown[] = [];
    h.client
      .channel('a')
      .subscribe(
        { from: { epoch: 'e1', offset: 0 }, onRedact: ({ target }) => got.push(['gone', target.offset]) },
        (data) => got.push(data),
      );
    const { id } = only(h.link.take()[0], 'history');
    h.link.say(page(id, redacted(1), put(2), redact(3, 1)));
    expect(got).toEqual([undefined, 2, ['gone', 1]]);
  });

  it('RED-7: what waits for an iteration loses its data, also where that is paused', async () => {
    const h = new Harness();
    const told: number[] = [];
    const subscription = h.client
      .channel('a')
      .subscribe({ bufferLimit: 3, onRedact: ({ target }) => told.push(target.offset) });
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), frame(put(1), put(2)), frame(redact(3, 2)), frame(put(4)));
    expect(subscription.state).toBe('paused');
    h.link.say(frame(redact(5, 4)));
    const iterator = subscription[Symbol.asyncIterator]();
    const values: unknown[] = [];
    for (let i = 0; i < 3; i++) values.push((await iterator.next()).value);
    expect(values).toMatchObject([
      { data: 1, meta: { redacted: false } },
      { data: undefined, meta: { offset: 2, redacted: true } },
      { data: undefined, meta: { offset: 4, redacted: true } },
    ]);
    const { id } = only(h.link.take()[0], 'history');
    h.link.say(page(id, redact(5, 4)));
    expect(told).toEqual([2, 4]);
    expect(subscription.position).toEqual({ epoch: 'e1', offset: 5 });
  });

  it('RED-7: what an iteration waits for loses its data with a redaction in the same turn', async () => {
    const h = new Harness();
    const subscription = h.client.channel('a').subscribe();
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0));
    const iterator = subscription[Symbol.asyncIterator]();
    const waiting = [iterator.next(), iterator.next()];
    h.link.say(frame(put(1), put(2)), frame(redact(3, 1)));
    const values = (await Promise.all(waiting)).map(({ value }) => value as Message<unknown>);
    expect(values.map(({ data, meta }) => [meta.offset, data, meta.redacted])).toEqual([
      [1, undefined, true],
      [2, 2, false],
    ]);
  });

  it('RED-7: a page of history has messages alone, and says what it covers', async () => {
    const h = new Harness();
    const asked = h.client.channel('a').history();
    const [request] = h.accept();
    const { id } = only(request, 'history');
    h.link.say(page(id, put(7), redacted(8), redact(9, 8)));
    const { messages, first, last } = await asked;
    expect([first, last]).toEqual([7, 9]);
    expect(messages.map(({ data, meta }) => [meta.offset, data, meta.redacted])).toEqual([
      [7, 7, false],
      [8, undefined, true],
    ]);
  });

  it('a list that is shown keeps the place of the message', async () => {
    const h = new Harness();
    const store = messageStore(h.client.channel('a'));
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1, 3));
    await Promise.resolve();
    const before = store.getSnapshot();
    h.link.say(frame(redact(4, 2)), frame(put(5)), frame(redact(6, 5)));
    await Promise.resolve();
    expect(store.getSnapshot().map(({ data, meta }) => [meta.offset, data, meta.redacted])).toEqual([
      [1, 1, false],
      [2, undefined, true],
      [3, 3, false],
      [5, undefined, true],
    ]);
    expect(before.map(({ data }) => data)).toEqual([1, 2, 3]);
    const shown = store.getSnapshot();
    h.link.say(frame(redact(7, 99)));
    expect(store.getSnapshot()).toBe(shown);
  });
});

describe('redact', () => {
  it('RED-5: is published with its position, and sent again after a reconnect', async () => {
    const { h, told } = live();
    const channel = h.client.channel('a');
    const done = channel.redact({ epoch: 'e1', offset: 2 }, { reason: 'a slip' });
    const data = { epoch: 'e1', offset: 2, reason: 'a slip' };
    expect(only(h.link.take()[0], 'publish')).toMatchObject({ kind: 'redact', seq: 1, data });
    h.link.drop();
    const again = h.reaccept().find(({ type }) => type === 'publish');
    expect(again).toMatchObject({ kind: 'redact', seq: 1, retry: true, data });
    const { id } = only(again, 'publish');
    h.link.say({ type: 'ack', id, epoch: 'e1', offset: 9, durability: 'disk' });
    expect(await done).toEqual({ position: { epoch: 'e1', offset: 9 }, duplicate: false, durability: 'disk' });
    expect(told).toEqual([]);
  });

  it('CLI-10: names an argument that cannot be', () => {
    const channel = new Harness().client.channel('a');
    expect(() => channel.redact({ epoch: 'e', offset: 0 })).toThrow(TypeError);
    expect(() => channel.redact({ epoch: '', offset: 1 })).toThrow(TypeError);
    expect(() => channel.redact({ epoch: 'e', offset: 1 }, { reason: 'x'.repeat(201) })).toThrow(TypeError);
    expect(() => channel.subscribe({ onRedact: 1 as never })).toThrow(TypeError);
  });
});
