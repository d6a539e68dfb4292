import { describe, expect, it } from 'vitest';
import { type ClientFrame, LongwaveError, defineCalls, defineChannels, log, map, value } from '@longwave/protocol';
import { type Peer, createHarness } from '../testing/harness.js';
import { facade } from '@longwave/testkit';

const anything = (change: (data: unknown) => unknown) => ({
  '~standard': { version: 1, vendor: 'test', validate: (data: unknown) => ({ value: change(data) }) } as const,
});
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const cycle: { self?: unknown } = {};
cycle.self = cycle;
/** What no JSON can say, or none that a peer would take. */
const unsayable: readonly [string, unknown][] = [
  ['a BigInt', 1n],
  ['a cycle', cycle],
  ['65 levels', JSON.parse(nested(65))],
  ['20,000 levels', JSON.parse(nested(20_000))],
  [
    'a throwing toJSON',
    {
      toJSON: () => {
        throw new Error('secret');
      },
    },
  ],
];

const channels = defineChannels({ chat: log({ presence: {} }), fleet: map(), score: value(), quiet: log() });

describe('ERR-2: a fault inside one connection or channel', () => {
  const subscribeAll = (peer: Peer, ...names: string[]): void => {
    for (const channel of names) peer.send({ type: 'subscribe', id: peer.nextId(), channel });
  };

  /** A link that fails while `broken`. */
  const breakable = (peer: Peer) => {
    const state = { broken: false };
    for (const method of ['write', 'cork', 'uncork', 'resume', 'pause'] as const) {
      const work = peer[method].bind(peer) as (...args: unknown[]) => unknown;
      Object.assign(peer, {
        [method]: (...args: unknown[]) => {
          if (state.broken) throw new Error(`${method} failed`);
          return work(...args);
        },
      });
    }
    return state;
  };

  it.each(['json', 'binary'] as const)(
    'ends the link that fails while it is written to, and no other (%s)',
    async (codec) => {
      const { connect, clock, engine, errors } = createHarness(channels);
      const peers = Array.from({ length: 5 }, () => connect(codec));
      for (const peer of peers) subscribeAll(peer, 'chat', 'fleet');
      clock.turn();
      const link = breakable(peers[2]!);
      link.broken = true;
      await engine.publish('chat', 'one');
      await engine.change('fleet', { key: 'a', data: 1 });
      clock.turn();
      await engine.publish('chat', 'two');
      clock.turn();
      expect(peers[2]!.closed).toMatchObject({ code: 4500 });
      for (const peer of peers.filter((_, i) => i !== 2)) {
        expect(peer.closed).toBeUndefined();
        expect(peer.offsets('chat')).toEqual([1, 2]);
        expect(peer.offsets('fleet')).toEqual([1]);
      }
      expect(engine.stats).toMatchObject({ connections: 4, subscriptions: 8 });
      expect(errors.length).toBeGreaterThan(0);
    },
  );

  it('ends nothing else where the heartbeat, a drain or an answer meets such a link', () => {
    const { connect, clock, engine } = createHarness(channels);
    const [beaten, drained, answered, honest] = [connect(), connect(), connect(), connect()] as const;
    subscribeAll(drained, 'chat');
    clock.turn();
    drained.room = 1;
    void engine.publish('chat', 1);
    clock.turn();
    for (const peer of [beaten, drained, answered]) breakable(peer).broken = true;
    drained.session.drained();
    answered.session.receive('{"type":"ping"}');
    for (let second = 0; second < 12; second++) {
      clock.advance(1000);
      honest.send({ type: 'pong' });
    }
    expect([beaten, drained, answered, honest].map(({ closed }) => closed?.code)).toEqual([
      4500,
      4500,
      4500,
      undefined,
    ]);
    expect(engine.stats.connections).toBe(1);
  });

  it('keeps a channel that cannot be delivered from stopping the others, and is not tried over and over', async () => {
    const base = createHarness(channels);
    const broken = facade(base.store, {
      watch: (channel, watcher) =>
        base.store.watch(channel, {
          ...watcher,
          learn: (bounds) => watcher.learn(bounds),
          // An operation whose payload no codec can write.
          announce: (epoch, op) =>
            watcher.announce(epoch, channel === 'quiet' ? op : { ...op, payload: { length: 1 } as unknown as string }),
        }),
    });
    const { connect, engine, errors } = createHarness(channels, { store: broken, clock: base.clock });
    const victims = [connect(), connect()];
    const honest = connect();
    for (const peer of victims) subscribeAll(peer, 'chat');
    subscribeAll(honest, 'quiet');
    base.clock.turn();
    await engine.publish('chat', 1);
    await engine.publish('quiet', 1);
    base.clock.turn();
    expect(victims.map(({ closed }) => closed?.code)).toEqual([4500, 4500]);
    expect(honest.offsets('quiet')).toEqual([1]);
    const told = errors.length;
    for (let i = 0; i < 20; i++) {
      honest.send({ type: 'pong' });
      base.clock.advance(1000);
    }
    expect(errors.length).toBe(told);
  });

  it('is the same where the channel has state, views and a listener of the application that throws', async () => {
    const { connect, clock, engine, errors } = createHarness(
      defineChannels({ fleet: map({ demand: true }), chat: log() }),
    );
    engine.demand('fleet', () => {
      throw new Error('the listener');
    });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'fleet', view: { where: { a: 1 } } });
    subscribeAll(peer, 'chat');
    clock.advance(200);
    await engine.change('fleet', { key: 'k', data: { a: 1 } });
    await engine.publish('chat', 1);
    clock.turn();
    expect(peer.closed).toBeUndefined();
    expect(peer.offsets('chat')).toEqual([1]);
    expect(peer.take('changes').flatMap(({ ops }) => ops.map(({ key }) => key))).toEqual(['k']);
    expect(errors).not.toEqual([]);
  });

  it('keeps a codec that throws within receive where it belongs', () => {
    const { link, connect, clock } = createHarness(channels);
    const peer = link();
    const wire = {
      ...peer.wire,
      codec: {
        ...peer.wire.codec,
        decode: (): ClientFrame[] => {
          throw new RangeError('deep');
        },
      },
    };
    Object.assign(peer, { wire });
    peer.session.receive('{}');
    expect(peer.closed?.code).toBe(4500);
    const other = connect();
    clock.turn();
    expect(other.closed).toBeUndefined();
  });
});

describe('ERR-2: what an application answers and nobody can encode', () => {
  it.each(unsayable)('%s from a call is internal, told to nobody, and the next reply is whole', (_, odd) => {
    const calls = defineCalls({
      odd: { input: undefined, handle: () => odd },
      fine: { input: undefined, handle: () => 'fine' },
    });
    for (const codec of ['json', 'binary'] as const) {
      const { connect, clock, errors } = createHarness(channels, { calls });
      const peer = connect(codec);
      peer.send({ type: 'call', id: 1, method: 'odd', data: 1 }, { type: 'call', id: 2, method: 'fine', data: 1 });
      clock.turn();
      expect(peer.take('error')).toMatchObject([{ id: 1, code: 'internal' }]);
      expect(JSON.stringify(peer.frames)).not.toContain('secret');
      expect(peer.take('reply')).toMatchObject([{ id: 2, data: 'fine' }]);
      expect(peer.closed).toBeUndefined();
      expect(errors).toHaveLength(1);
    }
  });

  it.each(unsayable)(
    '%s from a schema or a hook is internal, for a message, an entry, a patch and a member',
    (_, odd) => {
      const schema = anything(() => odd);
      const odds = defineChannels({
        chat: log({ message: schema, presence: { member: schema } }),
        fleet: map({ value: schema }),
        hooked: log(),
      });
      const hooks = {
        publish: ({ channel, data }: { channel: string; data: unknown }) => (channel === 'hooked' ? odd : data),
      };
      const { connect, clock, errors } = createHarness(odds, { hooks });
      const peer = connect();
      peer.send(
        { type: 'publish', id: 1, seq: 1, channel: 'chat', data: 1 },
        { type: 'publish', id: 2, seq: 2, channel: 'fleet', key: 'a', data: 1 },
        { type: 'publish', id: 3, seq: 3, channel: 'fleet', key: 'a', kind: 'patch', data: {} },
        { type: 'publish', id: 4, seq: 4, channel: 'hooked', data: 1 },
        { type: 'enter', id: 5, channel: 'chat', data: 1 },
      );
      clock.turn();
      expect(peer.take('error').map(({ id, code }) => [id, code])).toEqual(
        [1, 2, 3, 4, 5].map((id) => [id, 'internal']),
      );
      expect(errors).toHaveLength(5);
      expect(peer.closed).toBeUndefined();
    },
  );

  it('an error of the application with a code or a wait that is none tells what can be told', () => {
    const thrown = (code: string, message: string, retryAfterMs?: number) => () => {
      throw new LongwaveError(code as 'forbidden', message, { retryAfterMs });
    };
    const calls = defineCalls({
      code: { input: undefined, handle: thrown('nonsense', 'secret') },
      wait: { input: undefined, handle: thrown('forbidden', 'Not now.', Infinity) },
      surrogate: { input: undefined, handle: thrown('forbidden', 'a\ud800') },
      bare: {
        input: undefined,
        handle: () => {
          throw new LongwaveError('conflict');
        },
      },
    });
    for (const codec of ['json', 'binary'] as const) {
      const { connect, clock } = createHarness(channels, { calls });
      const peer = connect(codec);
      Object.keys(calls).forEach((method, id) => peer.send({ type: 'call', id, method, data: 1 }));
      clock.turn();
      expect(peer.take('error').map(({ code, message, retryAfterMs }) => [code, message, retryAfterMs])).toEqual([
        ['internal', 'The server failed to handle the request.', undefined],
        ['forbidden', 'Not now.', undefined],
        ['forbidden', 'The identity has no right to do this.', undefined],
        ['conflict', 'The entry has another version than was expected.', undefined],
      ]);
    }
  });

  it('a state that cannot be loaded is loaded by no part', async () => {
    for (const [, odd] of unsayable) {
      const { connect, clock, engine, store, errors } = createHarness(channels);
      engine.own('fleet', () => ({
        entries: [
          ['a', 1],
          ['b', odd],
          ['c', 3],
        ],
      }));
      const peer = connect();
      peer.send({ type: 'subscribe', id: 1, channel: 'fleet' });
      clock.turn();
      expect(peer.take('error')).toMatchObject([{ id: 1, code: 'unavailable' }]);
      expect(await store.bounds('fleet')).toMatchObject({ top: 0 });
      expect(errors).toHaveLength(1);
    }
  });
});

describe('WIRE-9', () => {
  it('patches never add up to more than what one may be deep', async () => {
    const { connect, clock, engine } = createHarness(channels);
    const peer = connect();
    const object = (depth: number, leaf: string): string => '{"a":'.repeat(depth) + leaf + '}'.repeat(depth);
    let seq = 0;
    const patch = (text: string): void =>
      peer.session.receive(
        `{"type":"publish","id":${++seq},"seq":${seq},"channel":"fleet","key":"k","kind":"patch","data":${text}}`,
      );
    for (let depth = 1; depth <= 64; depth++) patch(object(depth, '1'));
    clock.turn();
    expect(peer.take('ack')).toHaveLength(64);
    patch(object(65, '1'));
    patch(object(30_000 / 6, '1'));
    clock.turn();
    expect(peer.take('error').map(({ code }) => code)).toEqual(['invalid-data', 'invalid-data']);
    const { ops } = await engine.entries('fleet', 'k');
    expect(ops[0]!.payload).toBe(object(64, '1'));
    await expect(engine.publish('chat', JSON.parse(nested(65)))).rejects.toMatchObject({ code: 'invalid-data' });
    await expect(engine.change('fleet', { key: 'k', data: JSON.parse(nested(65)) })).rejects.toMatchObject({
      code: 'invalid-data',
    });
  });

  it('a member says JSON of at most 64 levels of itself', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    for (const depth of [64, 65]) {
      peer.session.receive(`{"type":"enter","id":${depth},"channel":"chat","data":${nested(depth)}}`);
    }
    clock.turn();
    expect(peer.take('done')).toMatchObject([{ id: 64 }]);
    expect(peer.take('error')).toMatchObject([{ id: 65, code: 'invalid-data' }]);
  });

  it('a deep view, first of all and before any token, ends that connection alone', () => {
    const { link, connect, clock } = createHarness(channels);
    for (const depth of [65, 5_000, 30_000]) {
      const peer = link();
      const view = nested(depth);
      peer.session.receive(`{"type":"subscribe","id":1,"channel":"fleet","view":${view}}`);
      clock.turn();
      expect(peer.closed).toBeDefined();
    }
    expect(connect().closed).toBeUndefined();
  });
});
