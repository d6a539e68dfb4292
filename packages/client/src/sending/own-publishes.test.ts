import { describe, expect, it } from 'vitest';
import { Harness, only, operations, subscribedFrame } from '../testing/harness.js';
import { OwnPublishes } from './own-publishes.js';

/** A client that is subscribed to `a`, and what it was told of each message there. */
function listening(user?: string) {
  const h = new Harness();
  const mine: boolean[] = [];
  h.client.channel('a').subscribe((_, meta) => mine.push(meta.mine));
  const [subscribe] = h.accept({ user });
  h.link.say(subscribedFrame(subscribe, 0));
  h.link.take();
  const publish = (id?: string): number => {
    void h.client
      .channel('a')
      .publish('hi', id === undefined ? {} : { id })
      .catch(() => undefined);
    return only(h.link.take()[0], 'publish').id;
  };
  const ack = (id: number, offset: number, epoch = 'e1'): void =>
    h.link.say({ type: 'ack', id, epoch, offset, durability: 'memory' });
  const say = (offset: number, more: { id?: string; user?: string } = {}, epoch = 'e1'): void =>
    h.link.say({ type: 'message', channel: 'a', epoch, offset, ops: [{ ...operations(offset, offset)[0]!, ...more }] });
  return { h, mine, publish, ack, say };
}

describe('mine', () => {
  it('CLI-18: is the message at the position that an acknowledgement named, and no other of the same user', () => {
    const { mine, publish, ack, say } = listening('ada');
    const id = publish();
    say(1, { user: 'ada' });
    ack(id, 2);
    say(2, { user: 'ada' });
    say(3, { user: 'ada' });
    expect(mine).toEqual([false, true, false]);
  });

  it('CLI-18: is recognized by its id before the acknowledgement comes, unless another user gave that id', () => {
    const { mine, publish, say } = listening('ada');
    publish('x');
    say(1, { user: 'bob', id: 'x' });
    say(2, { user: 'ada', id: 'y' });
    say(3, { user: 'ada', id: 'x' });
    expect(mine).toEqual([false, false, true]);
  });

  it('CLI-18: after a refusal the id is nobody’s', () => {
    const { h, mine, publish, say } = listening();
    h.link.say({ type: 'error', id: publish('x'), code: 'forbidden', message: 'no' });
    say(1, { id: 'x' });
    expect(mine).toEqual([false]);
  });

  it('CLI-18: stays so over a reconnect, in history, and in an epoch that continues the one of the acknowledgement', async () => {
    const { h, mine, publish, ack, say } = listening();
    ack(publish(), 1);
    h.link.drop();
    const [resume] = h.reaccept();
    h.link.say(subscribedFrame(resume, 0, { epoch: 'e1~5.e2', top: 2 }));
    say(1, {}, 'e1~5.e2');
    say(2, {}, 'e1~5.e2');
    expect(mine).toEqual([true, false]);
    const page = h.client.channel('a').history();
    const { id } = only(h.link.take()[0], 'history');
    h.link.say({ type: 'page', id, channel: 'a', epoch: 'e9', offset: 1, ops: operations(1, 2), floor: 0, top: 2 });
    // The same offset of another log is another message.
    expect((await page).messages.map(({ meta }) => meta.mine)).toEqual([false, false]);
    const again = h.client.channel('a').history();
    const { id: next } = only(h.link.take()[0], 'history');
    const at = { channel: 'a', epoch: 'e1', offset: 1, floor: 0, top: 2 };
    h.link.say({ type: 'page', id: next, ...at, ops: operations(1, 2) });
    expect((await again).messages.map(({ meta }) => meta.mine)).toEqual([true, false]);
  });
});

describe('OwnPublishes', () => {
  const operation = { data: 1, time: 0, id: undefined, user: undefined };

  it('remembers the last 10,000 of a channel', () => {
    const own = new OwnPublishes({ user: undefined });
    for (let offset = 1; offset <= 10_001; offset++) own.onStored('a', undefined, { epoch: 'e', offset });
    const has = (offset: number): boolean => own.has('a', { epoch: 'e', offset }, operation);
    expect([1, 2, 10_001, 10_002].map(has)).toEqual([false, true, true, false]);
  });

  it('remembers 256 channels', () => {
    const own = new OwnPublishes({ user: undefined });
    for (let i = 0; i <= 256; i++) own.onStored(`c${i}`, undefined, { epoch: 'e', offset: 1 });
    const has = (channel: string): boolean => own.has(channel, { epoch: 'e', offset: 1 }, operation);
    expect([has('c0'), has('c1'), has('c256')]).toEqual([false, true, true]);
  });
});
