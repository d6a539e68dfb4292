import { canonicalView, presencePrefix, viewTag } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, only, typesOf } from '../testing/harness.js';
import { FakeRequests } from '../testing/fake-requests.js';
import { changes, gone, put, stands, state } from '../testing/states.js';
import { streamTransport } from '../transports/http.js';

/** A client that is a member of `room`. */
async function inside() {
  const h = new Harness();
  h.accept();
  const { presence } = h.client.channel('room');
  const ends: string[] = [];
  const entered = presence.enter({ name: 'Ada' }, { onEnd: ({ code }) => ends.push(code) });
  h.link.say({ type: 'done', id: only(h.link.take()[0], 'enter').id, key: 'k1' });
  await entered;
  return { h, presence, ends };
}

describe('presence', () => {
  it('PRES-1: enters when there is a connection, and resolves with the key of the member', async () => {
    const h = new Harness();
    const data = { name: 'Ada' };
    const entered = h.client.channel('room').presence.enter(data, { away: true });
    data.name = 'Eve';
    const [enter] = h.accept();
    expect(enter).toEqual({
      type: 'enter',
      id: expect.any(Number),
      channel: 'room',
      data: { name: 'Ada' },
      away: true,
    });
    h.link.say({ type: 'done', id: only(enter, 'enter').id, key: 'k1' });
    await expect(entered).resolves.toBe('k1');
  });

  it('PRES-2: is a member again with each connection, as what it said last', async () => {
    const { h, presence } = await inside();
    h.link.drop();
    const [again] = h.reaccept();
    expect(again).toMatchObject({ type: 'enter', channel: 'room', data: { name: 'Ada' } });
    const changed = presence.enter({ name: 'Ada L.' });
    h.link.drop();
    const frames = h.reaccept();
    expect(frames).toMatchObject([{ type: 'enter', data: { name: 'Ada L.' } }]);
    h.link.say({ type: 'done', id: only(frames[0], 'enter').id, key: 'k1' });
    await expect(changed).resolves.toBe('k1');
  });

  it('whoever entered before and was not answered is answered with the last', async () => {
    const h = new Harness();
    h.accept();
    const { presence } = h.client.channel('room');
    const both = [presence.enter(1), presence.enter(2)];
    const [first, second] = h.link.take();
    h.link.say({ type: 'done', id: only(first, 'enter').id, key: 'early' });
    h.link.say({ type: 'done', id: only(second, 'enter').id, key: 'k1' });
    await expect(Promise.all(both)).resolves.toEqual(['k1', 'k1']);
  });

  it('refused for now it tries again, later and later; refused for good it rejects and is forgotten', async () => {
    const h = new Harness();
    h.accept();
    const entered = h.client.channel('room').presence.enter(1);
    entered.catch(() => {});
    for (const delayMs of [125, 250]) {
      h.link.say({ type: 'error', id: only(h.link.take()[0], 'enter').id, code: 'unavailable', message: 'later' });
      h.clock.advance(delayMs - 1);
      expect(h.link.take()).toEqual([]);
      h.clock.advance(1);
    }
    h.link.say({ type: 'error', id: only(h.link.take()[0], 'enter').id, code: 'forbidden', message: 'no' });
    await expect(entered).rejects.toMatchObject({ code: 'forbidden' });
    h.link.drop();
    expect(h.reaccept()).toEqual([]);
  });

  it('PRES-3: leaves with the word of the server, and does not enter again', async () => {
    const { h, presence, ends } = await inside();
    const left = presence.leave();
    const [exit] = h.link.take();
    expect(exit).toMatchObject({ type: 'exit', channel: 'room' });
    h.link.say({ type: 'done', id: only(exit, 'exit').id });
    await left;
    await presence.leave();
    expect(h.link.take()).toEqual([]);
    h.link.drop();
    expect([h.reaccept(), ends]).toEqual([[], []]);
  });

  it('PRES-3: without a connection it leaves at once: the grace decides', async () => {
    const { h, presence } = await inside();
    h.link.drop();
    await presence.leave();
    expect(h.reaccept()).toEqual([]);
  });

  it('leaving before the answer rejects what waits for it', async () => {
    const h = new Harness();
    h.accept();
    const { presence } = h.client.channel('room');
    const entered = presence.enter(1);
    const left = presence.leave();
    await expect(entered).rejects.toMatchObject({ code: 'closed' });
    h.link.drop();
    await left;
  });

  it('PRES-3: is told when the server ends it, and does not come back', async () => {
    const { h, ends } = await inside();
    h.link.say({ type: 'exited', channel: 'room', code: 'forbidden' });
    expect(ends).toEqual(['forbidden']);
    h.link.drop();
    expect(h.reaccept()).toEqual([]);
  });

  it('PRES-3: an end from before it entered anew is none of what it says now', async () => {
    const { h, presence, ends } = await inside();
    const entered = presence.enter(2);
    const { id } = only(h.link.take()[0], 'enter');
    h.link.say({ type: 'exited', channel: 'room', code: 'forbidden' });
    h.link.say({ type: 'done', id, key: 'k1' });
    await expect(entered).resolves.toBe('k1');
    expect(ends).toEqual([]);
    h.link.drop();
    expect(h.reaccept()).toMatchObject([{ type: 'enter', data: 2 }]);
  });

  it('PRES-3 CLI-6: close() leaves before the link ends, ends the membership, and leaves no timer', async () => {
    const { h, presence, ends } = await inside();
    h.client.close();
    expect([typesOf(h.link.take()), ends, h.clock.timers]).toEqual([['exit'], ['closed'], 0]);
    await expect(presence.enter(1)).rejects.toMatchObject({ code: 'closed' });
    // As the clean-up of a page does.
    await expect(presence.leave()).resolves.toBeUndefined();
  });

  it('HTTP-3 HTTP-5: over requests it is said with each, as no news once the server knows', async () => {
    const requests = new FakeRequests();
    const h = new Harness({ transport: streamTransport({ request: requests.post }) });
    h.clock.advance(0);
    requests.down.say(connectedFrame());
    const { presence } = h.client.channel('room');
    const entered = presence.enter(1);
    h.clock.advance(0);
    const [, enter] = requests.down.frames;
    expect(enter).toMatchObject({ type: 'enter', channel: 'room' });
    expect(enter).not.toHaveProperty('again');
    requests.down.say(connectedFrame(), { type: 'done', id: only(enter, 'enter').id, key: 'k1' });
    await expect(entered).resolves.toBe('k1');
    requests.down.end();
    expect(requests.down.frames[1]).toMatchObject({ type: 'enter', again: true });
    requests.down.say(connectedFrame());
    const left = presence.leave();
    expect(requests.up[0]!.types).toEqual(['connect', 'exit']);
    requests.up[0]!.say(connectedFrame(), { type: 'done', id: only(requests.up[0]!.frames[1], 'exit').id });
    await left;
    h.clock.advance(0);
    expect(requests.down.types).toEqual(['connect']);
  });
});

describe('watching members', () => {
  const channel = `${presencePrefix}room`;

  it('PRES-1: the members of a channel are entries of the map beside it', () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const members = h.client.channel('room').presence.watch((entries, { added, removed }) => {
      seen.push([[...entries.values()], added, removed]);
    });
    const [subscribe] = h.accept();
    expect(subscribe).toMatchObject({ type: 'subscribe', channel });
    const ada = { ...put('k1', 1, { data: { name: 'Ada' }, away: false }), user: 'ada' };
    h.link.say(stands(subscribe), { ...state(1, [ada]), channel } as never);
    h.link.say({ ...changes(1, 2, [gone('k1', 2, 'expire')]), channel } as never);
    expect(seen).toEqual([
      [[{ data: { name: 'Ada' }, away: false }], ['k1'], []],
      [[], [], [expect.objectContaining({ key: 'k1', why: 'expire' })]],
    ]);
    expect(members.entry('k1')).toBeUndefined();
  });

  it('PRES-1: who left is told with what they said last and with their user, however the client learns of it', () => {
    const h = new Harness();
    const left: unknown[] = [];
    h.client.channel('room').presence.watch((_, { removed }) => {
      for (const { why, last } of removed) left.push([why, last.user, last.value]);
    });
    const [subscribe] = h.accept();
    const said = (name: string, away = false) => ({ data: { name }, away });
    const enters = (key: string, version: number, user: string, value: unknown) => ({
      ...put(key, version, value),
      user,
    });
    h.link.say(stands(subscribe), {
      ...state(3, [enters('k1', 1, 'ada', said('Ada')), enters('k2', 2, 'bob', said('Bob')), put('k3', 3, said('?'))]),
      channel,
    } as never);
    h.link.say({ ...changes(3, 4, [enters('k1', 4, 'ada', said('Countess', true))]), channel } as never);
    // A removal by name, one whose entry came with it and was never there, and one by a state that does not name it.
    h.link.say({ ...changes(4, 7, [gone('k1', 5), put('k4', 6, said('Eve')), gone('k4', 7)]), channel } as never);
    h.link.say({ ...state(8, [put('k3', 3, said('?'))]), channel } as never);
    expect(left).toEqual([
      ['delete', 'ada', said('Countess', true)],
      ['delete', 'bob', said('Bob')],
    ]);
  });

  it('VIEW-5: a count is one value, however many there are', () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const count = h.client.channel('room').presence.count((value) => seen.push(value));
    const [subscribe] = h.accept();
    expect(subscribe).toMatchObject({ channel, view: { count: true } });
    const tag = viewTag(canonicalView({ count: true }));
    h.link.say(stands(subscribe), { ...state(4, [put('', 4, { entries: 2, users: 1 })], { tag }), channel } as never);
    expect(seen).toEqual([{ entries: 2, users: 1 }]);
    expect(count.getSnapshot()).toEqual({ entries: 2, users: 1 });
  });

  it('LIM-1: rejects with too-large what would end the connection, and says nothing of it', async () => {
    const h = new Harness();
    h.accept({ messageBytes: 10_000 });
    const { presence } = h.client.channel('a');
    await expect(presence.enter({ about: 'x'.repeat(9_500) })).rejects.toMatchObject({ code: 'too-large' });
    expect(h.link.take()).toEqual([]);
  });
});
