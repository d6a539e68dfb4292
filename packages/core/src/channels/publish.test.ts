import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LongwaveError, call, defineCalls, defineChannels, log, map } from '@longwave/protocol';
import type { Appended, NewOperation, Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { type Peer, createHarness } from '../testing/harness.js';

const channels = defineChannels({
  'chat/:room': log(),
  'checked/:room': log({ message: z.object({ text: z.string().min(1).trim() }) }),
  'short/:room': log({ retain: { maxCount: 2 } }),
  '@me': log(),
});

const publish = (seq: number, data: unknown, extra: { channel?: string; retry?: true; messageId?: string } = {}) =>
  ({ type: 'publish', id: seq, channel: 'chat/a', seq, data, ...extra }) as const;

describe('publishing', () => {
  it('PUB-9: what JSON cannot say is refused with its place, whoever made it', async () => {
    const { engine, connect, clock } = createHarness(
      defineChannels({
        any: log(),
        listed: log({ message: z.array(z.number()).transform((list) => ({ sum: list.reduce((a, b) => a + b) })) }),
        kept: map(),
      }),
      { calls: defineCalls({ now: call(z.unknown(), () => [new Map()]) }) },
    );
    for (const change of [
      engine.publish('any', { items: [{ when: new Set() }] }),
      engine.change('kept', { key: 'k', data: { items: [{ when: new Set() }] } }),
    ]) {
      await expect(change).rejects.toMatchObject({
        code: 'invalid-data',
        message: 'The data cannot be written as JSON. data.items[0].when is an instance of Set: JSON cannot say that.',
      });
    }
    const peer = connect();
    peer.send(publish(1, [1, Number.MAX_VALUE, Number.MAX_VALUE], { channel: 'listed' }), {
      type: 'call',
      id: 2,
      method: 'now',
      data: 1,
    });
    clock.turn();
    expect(peer.take('error')).toMatchObject([
      { id: 1, code: 'internal' },
      { id: 2, code: 'internal' },
    ]);
    expect(engine.stats.published).toBe(0);
  });

  it('PUB-1: is acknowledged with its position and durability once stored', () => {
    const { connect, clock, store } = createHarness(channels);
    const peer = connect();
    peer.send(publish(1, 'a'), publish(2, 'b'));
    clock.turn();
    const { epoch } = store.bounds('chat/a') as { epoch: string };
    expect(peer.take('ack')).toEqual([
      { type: 'ack', id: 1, epoch, offset: 1, durability: 'memory' },
      { type: 'ack', id: 2, epoch, offset: 2, durability: 'memory' },
    ]);
  });

  it('PUB-2: a repeated publish is stored once, over connections', () => {
    const { connect, clock, engine } = createHarness(channels);
    const first = connect('json', 'c');
    first.send(publish(1, 'a'), publish(2, 'b'));
    const second = connect('binary', 'c');
    second.send(publish(1, 'a', { retry: true }), publish(2, 'b', { retry: true }), publish(3, 'c'));
    clock.turn();
    expect(second.take('ack').map(({ offset, duplicate }) => [offset, duplicate])).toEqual([
      [1, true],
      [2, true],
      [3, undefined],
    ]);
    expect(engine.stats).toMatchObject({ published: 3, duplicates: 2 });
  });

  it('PUB-2: other clients, and other users of the same client id, have sequences of their own', () => {
    const authority = { authenticate: (token?: string) => ({ user: token }), authorize: () => true };
    const { connect, clock } = createHarness(channels, { authority });
    const peers = [connect('json', 'c', 'ada'), connect('json', 'd', 'ada'), connect('json', 'c', 'bob')];
    for (const peer of peers) peer.send(publish(1, 'x'));
    clock.turn();
    expect(peers.map((peer) => peer.take('ack')[0]?.offset)).toEqual([1, 2, 3]);
  });

  it('PUB-3: a message id is stored once, over the clients of a user, while it is retained', () => {
    const authority = { authenticate: (token?: string) => ({ user: token }), authorize: () => true };
    const { connect, clock } = createHarness(channels, { authority });
    const [a, b] = [connect('json', 'a', 'ada'), connect('json', 'b', 'ada')];
    a.send(publish(1, 'a', { messageId: 'm' }));
    b.send(publish(1, 'a', { messageId: 'm' }));
    clock.turn();
    expect(b.take('ack')).toMatchObject([{ offset: 1, duplicate: true }]);
  });

  it('PUB-3: the same message id of another user is another message', async () => {
    const { engine } = createHarness(channels);
    await engine.publish('chat/a', 1, { id: 'm', user: 'ada' });
    expect(await engine.publish('chat/a', 2, { id: 'm', user: 'bob' })).toMatchObject({
      position: { offset: 2 },
      duplicate: false,
    });
    expect(await engine.publish('chat/a', 3, { id: 'm' })).toMatchObject({ position: { offset: 3 }, duplicate: false });
  });

  it('PUB-4: a retry that can no longer be told from a first try is refused', async () => {
    const { connect, clock, engine } = createHarness(channels);
    const peer = connect();
    for (let seq = 1; seq <= 513; seq++) {
      peer.send(publish(seq, seq));
      clock.advance(10);
    }
    peer.send(publish(1, 1, { retry: true }), publish(2, 2, { retry: true }));
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'too-old' }]);
    expect(peer.take('ack').at(-1)).toMatchObject({ id: 2, offset: 2, duplicate: true });
    for (const id of ['1', '2', '3']) await engine.publish('short/a', id, { id });
    await expect(engine.publish('short/a', '1', { id: '1', retry: true })).rejects.toMatchObject({ code: 'too-old' });
    expect(await engine.publish('short/a', 'new', { id: 'new' })).toMatchObject({ duplicate: false });
  });

  it('PUB-4: a retry is stored while nothing was forgotten', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.send(publish(7, 'late', { retry: true }));
    clock.turn();
    expect(peer.take('ack')).toMatchObject([{ offset: 1 }]);
  });

  it('PUB-4: a forgotten producer may go on, but not retry', () => {
    const { clock } = createHarness(channels);
    const small = new MemoryStore({ clock, makeId: () => 'e', maxProducers: 1 });
    const harness = createHarness(channels, { store: small });
    const [a, b] = [harness.connect(), harness.connect()];
    a.send(publish(1, 'a'));
    b.send(publish(1, 'b'));
    a.send(publish(1, 'a', { retry: true }), publish(2, 'c'));
    harness.clock.turn();
    expect(a.take('error')).toMatchObject([{ id: 1, code: 'too-old' }]);
    expect(a.take('ack').map(({ offset }) => offset)).toEqual([1, 3]);
  });

  it('PUB-5: the schema names what is wrong, and its output is what is stored', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    const channel = 'checked/a';
    peer.send(
      { type: 'subscribe', id: 9, channel },
      publish(1, { text: '' }, { channel }),
      publish(2, { text: ' hi ' }, { channel }),
    );
    clock.turn();
    expect(peer.take('error')).toMatchObject([
      { id: 1, code: 'invalid-data', message: expect.stringContaining('text') as string },
    ]);
    expect(peer.take('message')).toMatchObject([{ ops: [{ data: { text: 'hi' } }] }]);
  });

  it('PUB-5: data too deep to be written is invalid, not a crash', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.session.receive(
      `{"type":"publish","id":1,"channel":"chat/a","seq":1,"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    );
    clock.turn();
    expect([...peer.take('error'), ...peer.take('ack')]).toHaveLength(1);
    expect(peer.closed).toBeUndefined();
  });

  it('PUB-6: publishes of one connection are stored in their order, however slow the rights are', async () => {
    let calls = 0;
    const authority = {
      authenticate: () => ({}),
      authorize: () => new Promise<boolean>((resolve) => setTimeout(resolve, calls++ === 0 ? 5 : 0, true)),
    };
    const { connect, clock, engine } = createHarness(channels, { authority });
    const peer = connect();
    for (let seq = 1; seq <= 5; seq++) peer.send(publish(seq, seq));
    await expect.poll(() => (clock.turn(), peer.take('ack').map(({ id }) => id))).toEqual([1, 2, 3, 4, 5]);
    expect((await engine.history('chat/a')).ops.map(({ payload }) => payload)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('a store that fails answers unavailable, and what was wrong stays inside', () => {
    const { clock } = createHarness(channels);
    class Failing extends MemoryStore {
      override append(): Appended {
        throw new Error('disk on fire');
      }
    }
    const harness = createHarness(channels, { store: new Failing({ clock, makeId: () => 'e' }) as Store });
    const peer = harness.connect();
    peer.send(publish(1, 'a'));
    harness.clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'unavailable', retryAfterMs: 1000 }]);
    expect(JSON.stringify(peer.frames)).not.toContain('fire');
  });

  it('LIM-1: a memory store holds a bounded number of channels, and those it has go on', async () => {
    const { clock } = createHarness(channels);
    const harness = createHarness(channels, { store: new MemoryStore({ clock, makeId: () => 'e', maxLogs: 2 }) });
    for (const room of ['a', 'b', 'a']) await harness.engine.publish(`chat/${room}`, 1);
    await expect(harness.engine.publish('chat/c', 1)).rejects.toMatchObject({ code: 'too-many' });
    expect(await harness.engine.publish('chat/b', 1)).toMatchObject({ position: { offset: 2 } });
  });

  it.each(['put', 'patch'] as const)('PUB-6: a %s is stored in its order, however slow the schema is', async (kind) => {
    const waiting: (() => void)[] = [];
    const value = z
      .record(z.string(), z.number())
      .refine(() => new Promise<true>((done) => waiting.push(() => done(true))));
    const { connect, clock } = createHarness(defineChannels({ fleet: map({ value }) }));
    const peer = connect();
    const change = (seq: number) => ({ type: 'publish', id: seq, seq, after: seq > 1 ? seq - 1 : undefined }) as const;
    for (let n = 1; n <= 20; n++) peer.send({ ...change(n), channel: 'fleet', kind, key: `k${n}`, data: { n } });
    // The last that is asked is answered first.
    while (peer.take('ack').length + peer.take('error').length < 20) {
      waiting.pop()?.();
      await new Promise((resolve) => setImmediate(resolve));
      clock.turn();
    }
    expect(peer.take('error')).toEqual([]);
    expect(peer.take('ack').map(({ id, offset }) => [id, offset])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i + 1, i + 1]),
    );
  });

  it('LIM-1: at most 128 publishes wait for a slow store', () => {
    const { clock } = createHarness(channels);
    class Slow extends MemoryStore {
      override append(_: string, __: NewOperation): never {
        return new Promise(() => undefined) as never;
      }
    }
    const harness = createHarness(channels, { store: new Slow({ clock, makeId: () => 'e' }) as Store });
    const peer = harness.connect();
    for (let seq = 1; seq <= 130; seq++) peer.send(publish(seq, seq));
    harness.clock.turn();
    expect(peer.take('error')).toMatchObject([
      { id: 129, code: 'rate-limited' },
      { id: 130, code: 'rate-limited' },
    ]);
  });

  it('the publish hook may change and refuse', () => {
    const hooks = {
      publish: ({ data }: { data: unknown }) => {
        if (data === 'bad') throw new LongwaveError('forbidden', 'Not that.');
        return data === 'plain' ? undefined : `${String(data)}!`;
      },
    };
    const { connect, clock } = createHarness(channels, { hooks });
    const peer = connect();
    peer.send(
      { type: 'subscribe', id: 9, channel: 'chat/a' },
      publish(1, 'bad'),
      publish(2, 'plain'),
      publish(3, 'loud'),
    );
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'forbidden' }]);
    expect(peer.take('message').flatMap(({ ops }) => ops.map(({ data }) => data))).toEqual(['plain', 'loud!']);
  });
});

describe('clients of several users', () => {
  it.each([
    [log(), {}],
    [map(), { key: 'k' }],
  ])('PUB-12: ever new ones of one user make no publish of another too old (%#)', (definition, entry) => {
    const authority = { authenticate: (token?: string) => ({ user: token }), authorize: () => true };
    const { connect, clock } = createHarness(defineChannels({ room: definition }), { authority });
    const send = (peer: Peer, seq: number, more: { retry?: true; after?: number } = {}): unknown => {
      peer.send({ type: 'publish', id: seq, channel: 'room', seq, data: seq, ...entry, ...more });
      clock.turn();
      return peer.take('ack').at(-1) ?? peer.take('error').at(-1);
    };
    const ada = connect('json', 'phone', 'ada');
    send(ada, 1);
    for (let i = 0; i < 70; i++) send(connect('json', `m${i}`, 'mallory'), Number.MAX_SAFE_INTEGER - i);
    for (let i = 0; i < 70; i++) send(connect('json', `a${i}`), Number.MAX_SAFE_INTEGER - i);
    expect(send(ada, 1, { retry: true })).toMatchObject({ type: 'ack', offset: 1, duplicate: true });
    expect(send(ada, 2, { retry: true, after: 1 })).toMatchObject({ type: 'ack', offset: 142 });
    expect(send(connect('json', 'laptop', 'ada'), 1, { retry: true })).toMatchObject({ type: 'ack', offset: 143 });
    const again = connect('json', 'm0', 'mallory');
    expect(send(again, Number.MAX_SAFE_INTEGER, { retry: true })).toMatchObject({ type: 'error', code: 'too-old' });
  });
});

describe('message ids of several publishers', () => {
  const authority = { authenticate: (token?: string) => ({ user: token }), authorize: () => true };
  const message = { type: 'publish', channel: 'room', seq: 1, messageId: 'order-1' } as const;

  it.each([
    [log(), {}],
    [map(), { keyed: true }],
  ])(
    'PUB-10: no publisher makes the publish of another a repeated one, or learns of it (%#)',
    async (definition, entry) => {
      const { connect, clock, engine } = createHarness(defineChannels({ room: definition }), { authority });
      const publish = (peer: Peer, data: string): unknown => {
        peer.send({ ...message, id: 1, data, key: 'keyed' in entry ? data : undefined });
        clock.turn();
        return peer.take('ack').at(-1);
      };
      const asServer = async (user?: string) => {
        const options = { id: 'order-1', ...(user !== undefined && { user }) };
        const { position } = await ('keyed' in entry
          ? engine.change('room', { key: `server ${user}`, data: 1 }, options)
          : engine.publish('room', `server ${user}`, options));
        return position;
      };
      const stored = [
        publish(connect('json', 'anonymous-1'), 'one'),
        publish(connect('json', 'anonymous-2'), 'two'),
        publish(connect('json', 'client', 'ada'), 'three'),
        publish(connect('json', 'client', 'eve'), 'four'),
        await asServer(),
        await asServer('ada'),
      ];
      expect(stored.map((each) => (each as { offset: number }).offset)).toEqual([1, 2, 3, 4, 5, 6]);
      // Over all clients of a user, and for the server and an anonymous client, it is the same message.
      const again = [
        publish(connect('json', 'anonymous-1'), 'one'),
        publish(connect('json', 'another client', 'ada'), 'three'),
        await asServer(),
      ];
      expect(again.map((each) => (each as { offset: number }).offset)).toEqual([1, 3, 5]);
    },
  );

  it('PUB-10: subscribers and readers see the id as it was given', async () => {
    const { connect, clock, engine } = createHarness(defineChannels({ room: log() }), { authority });
    const reader = connect('json', 'reader');
    reader.send({ type: 'subscribe', id: 1, channel: 'room' });
    clock.turn();
    for (const [client, user] of [['c1'], ['c2', 'ada']] as const) {
      connect('json', client, user).send({ ...message, id: 1, messageId: `u:${client}`, data: 1 });
    }
    await engine.publish('room', 1, { id: 'a22:server' });
    clock.turn();
    reader.send({ type: 'history', id: 2, channel: 'room', limit: 9 });
    clock.turn();
    const ids = ['u:c1', 'u:c2', 'a22:server'];
    expect(reader.take('message').flatMap(({ ops }) => ops.map(({ id }) => id))).toEqual(ids);
    expect(reader.take('page').flatMap(({ ops }) => ops.map(({ id }) => id))).toEqual(ids);
    expect((await engine.history('room')).ops.map(({ id }) => id)).toEqual(ids);
  });
});
