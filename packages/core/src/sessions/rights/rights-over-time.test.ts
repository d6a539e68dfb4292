import { type Schema, call, defineCalls, defineChannels, log, map, presencePrefix } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Authority, Identity } from '../../base/authority.js';
import { MemoryStore } from '../../store/memory-store.js';
import { facade } from '@longwave/testkit';
import { createHarness } from '../../testing/harness.js';

/** Lets what waits go on when told. */
class Gate {
  #open: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.#open.push(resolve));
  }

  async open(): Promise<void> {
    for (const open of this.#open.splice(0)) open();
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

const user = (token?: string): Identity => ({ user: token });

function setUp(authority: Partial<Authority> = {}) {
  const gate = new Gate();
  const slow: Schema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value) => {
        await gate.wait();
        return { value };
      },
    },
  };
  const channels = defineChannels({
    slow: log({ message: slow }),
    room: log({ presence: { member: slow, grace: '10s' } }),
    fleet: map({ value: slow }),
    open: map(),
    '@me': log(),
  });
  const banned = new Set<string | undefined>();
  const handled: unknown[] = [];
  const calls = defineCalls({ act: call(slow, (input) => void handled.push(input)) });
  const harness = createHarness(channels, {
    calls,
    authority: { authenticate: user, authorize: (context) => !banned.has(context.user), ...authority },
  });
  const stored = (channel: string) => harness.store.read(channel, { limit: 100 }) as { ops: readonly unknown[] };
  return { ...harness, gate, banned, handled, stored: (channel: string) => stored(channel).ops.length };
}

const frames = [
  ['a publish', { type: 'publish', id: 1, channel: 'slow', seq: 1, data: 1 }],
  ['a put', { type: 'publish', id: 1, channel: 'fleet', seq: 1, key: 'a', data: 1 }],
  ['a patch', { type: 'publish', id: 1, channel: 'fleet', seq: 1, key: 'a', kind: 'patch', data: { n: 1 } }],
  ['a call', { type: 'call', id: 1, method: 'act', data: 1 }],
  ['an enter', { type: 'enter', id: 1, channel: 'room', data: 1 }],
] as const;

describe('SES-12: what is under way', () => {
  const count = ({ stored, handled }: ReturnType<typeof setUp>) =>
    stored('slow') + stored('fleet') + stored(`${presencePrefix}room`) + handled.length;

  it.each(frames)('SES-12: %s whose schema is at work when its user is disconnected is not done', async (_, frame) => {
    const test = setUp();
    const peer = test.connect('json', 'c', 'ada');
    peer.send(frame);
    await test.engine.disconnectUser('ada');
    await test.gate.open();
    expect(count(test)).toBe(0);
    expect(peer.closed?.code).toBe(4440);
  });

  it.each(frames.filter(([, { type }]) => type !== 'call'))(
    'SES-12: %s whose schema is at work when its right is withdrawn is refused',
    async (_, frame) => {
      const test = setUp();
      const peer = test.connect('json', 'c', 'ada');
      peer.send(frame);
      test.banned.add('ada');
      await test.engine.recheckUser('ada');
      await test.gate.open();
      test.clock.turn();
      expect(count(test)).toBe(0);
      expect(peer.take('error')).toMatchObject([{ id: 1, code: 'forbidden' }]);
    },
  );

  it.each(frames)('SES-12: %s whose schema is at work while its right is confirmed is done', async (_, frame) => {
    const test = setUp();
    test.connect('json', 'c', 'ada').send(frame);
    await test.engine.recheckUser('ada');
    await test.gate.open();
    expect(count(test)).toBe(1);
  });

  it.each(frames)('SES-12: %s whose schema is at work when its identity expires is not done', async (_, frame) => {
    const test = setUp({ authenticate: () => ({ user: 'ada', expiresAt: 1_005_000 }) });
    const peer = test.connect();
    peer.send(frame);
    test.clock.advance(6000);
    await test.gate.open();
    expect(count(test)).toBe(0);
    expect(peer.closed?.code).toBe(4401);
  });

  it('SES-12: a patch that is tried again asks for its right again', async () => {
    const store = new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'epoch' });
    const gate = new Gate();
    let refused = 0;
    const channels = defineChannels({ open: map() });
    const racing = facade(store, {
      read: async (channel, query) => {
        await gate.wait();
        return store.read(channel, query);
      },
      append: (channel, operation, keep) => {
        refused++;
        return store.append(channel, operation, keep);
      },
    });
    const { connect, engine } = createHarness(channels, {
      store: racing,
      authority: { authenticate: user, authorize: () => true },
    });
    connect('json', 'c', 'ada').send({
      ...{ type: 'publish', id: 1, channel: 'open', seq: 1, key: 'a' },
      ...{ kind: 'patch', data: { n: 1 } },
    });
    await engine.disconnectUser('ada');
    await gate.open();
    expect(refused).toBe(0);
  });

  it('SES-12: disconnect resolves when the store has answered what it was at work on', async () => {
    const store = new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'epoch' });
    const gate = new Gate();
    const remote = facade(store, {
      append: async (channel, operation, keep) => {
        await gate.wait();
        return store.append(channel, operation, keep);
      },
    });
    const { connect, engine } = createHarness(defineChannels({ room: log() }), {
      store: remote,
      authority: { authenticate: user, authorize: () => true },
    });
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'publish', id: 1, channel: 'room', seq: 1, data: 1 });
    peer.session.closed();
    let reached: unknown;
    void engine.disconnectUser('ada').then((result) => (reached = result));
    await settle();
    expect(reached).toBeUndefined();
    await gate.open();
    expect(reached).toEqual({ connections: 0, missing: [] });
    expect(store.bounds('room').top).toBe(1);
  });

  it('SES-12: a disconnect that cannot wait for the store names the node', async () => {
    const store = new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'epoch' });
    const stuck = facade(store, { append: () => new Promise(() => undefined) });
    const { connect, engine, clock } = createHarness(defineChannels({ room: log() }), {
      store: stuck,
      authority: { authenticate: user, authorize: () => true },
    });
    connect('json', 'c', 'ada').send({ type: 'publish', id: 1, channel: 'room', seq: 1, data: 1 });
    const reached = engine.disconnectUser('ada');
    clock.advance(2000);
    expect(await reached).toEqual({ connections: 1, missing: [engine.node] });
  });

  it('SES-12: a connection whose token is being looked at when its user is disconnected is not let in', async () => {
    const gate = new Gate();
    const { connect, clock, engine } = setUp({
      authenticate: async (token) => {
        await gate.wait();
        return user(token);
      },
    });
    const [ada, bob] = [connect('json', '1', 'ada'), connect('json', '2', 'bob')];
    await engine.disconnectUser('ada');
    await gate.open();
    clock.turn();
    expect([ada.closed?.code, bob.closed?.code]).toEqual([4440, undefined]);
    expect([ada.take('connected').length, bob.take('connected').length]).toEqual([0, 1]);
    const again = connect('json', '3', 'ada');
    await gate.open();
    clock.turn();
    expect(again.take('connected')).toHaveLength(1);
  });

  it('SES-12: a reader whose page is on its way when its user is disconnected, or loses the right, gets none', async () => {
    for (const act of ['disconnectUser', 'recheckUser'] as const) {
      const gate = new Gate();
      const store = new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'epoch' });
      const remote = facade(store, {
        read: async (channel, query) => {
          await gate.wait();
          return store.read(channel, query);
        },
      });
      let allowed = true;
      const { engine } = createHarness(defineChannels({ room: log() }), {
        store: remote,
        authority: { authenticate: user, authorize: () => allowed },
      });
      const visit = engine.readAs({ token: 'ada', info: { transport: 'test', headers: {} } }, 'room', { limit: 1 });
      await settle();
      allowed = act === 'disconnectUser';
      await engine[act]('ada');
      await gate.open();
      await expect(visit).rejects.toMatchObject({ code: act === 'disconnectUser' ? 'disconnected' : 'forbidden' });
    }
  });

  it('SES-12: a subscribe whose feed is being opened when its right is withdrawn delivers nothing', async () => {
    const gate = new Gate();
    const store = new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'epoch' });
    const remote = facade(store, {
      bounds: async (channel) => {
        await gate.wait();
        return store.bounds(channel);
      },
    });
    let allowed = true;
    const { connect, clock, engine } = createHarness(defineChannels({ room: log() }), {
      store: remote,
      authority: { authenticate: user, authorize: () => allowed },
    });
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'room' });
    await settle();
    allowed = false;
    await engine.recheckUser('ada');
    for (let i = 0; i < 5; i++) await gate.open();
    clock.turn();
    expect(peer.take('subscribed')).toEqual([]);
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'forbidden' }]);
  });

  it('SES-12: disconnect ends the requests of the user that stand beside a connection', async () => {
    const { request, engine, gate, stored } = setUp();
    const answer = request('send', [
      { type: 'connect', version: 1, client: 'c', token: 'ada', turn: 1 },
      { type: 'publish', id: 1, channel: 'slow', seq: 1, data: 1 },
      { type: 'publish', id: 2, channel: 'slow', seq: 2, data: 2 },
    ]);
    expect(await engine.disconnectUser('ada')).toEqual({ connections: 0, missing: [] });
    for (let i = 0; i < 3; i++) await gate.open();
    expect(stored('slow')).toBe(0);
    expect(answer.ended).toBe(true);
  });
});

describe('SES-13: an expiry is compared as well as timed', () => {
  const expired: Partial<Authority> = { authenticate: () => ({ user: 'ada', expiresAt: 999_999 }) };

  it('SES-13: an identity that is over is not let in, over any link', async () => {
    const { connect, request, engine, stored } = setUp(expired);
    const peer = connect();
    expect([peer.take('connected').length, peer.closed?.code]).toEqual([0, 4401]);
    const open = { type: 'connect', version: 1, client: 'c' } as const;
    const put = { type: 'publish', id: 1, channel: 'open', seq: 1, key: 'a', data: 1 } as const;
    expect(request('send', [open, put]).types).toEqual(['error']);
    expect(request('stream', [open, { type: 'subscribe', id: 1, channel: '@me' }]).types).toEqual(['error']);
    expect(request({ holdMs: 100, atOnce: true }, [open]).types).toEqual(['error']);
    const reading = engine.readAs({ token: 'a', info: { transport: 'test', headers: {} } }, 'slow', { limit: 1 });
    await expect(reading).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(stored('open')).toBe(0);
  });

  it('SES-13: a frame that comes after the expiry is not done, though the timer is late', () => {
    let skew = 0;
    const harness = createHarness(defineChannels({ open: map() }), {
      authority: { authenticate: () => ({ expiresAt: 1_005_000 }), authorize: () => true },
    });
    const { clock } = harness;
    const now = clock.now.bind(clock);
    clock.now = () => now() + skew;
    const peer = harness.connect();
    skew = 60_000;
    peer.send({ type: 'publish', id: 1, channel: 'open', seq: 1, key: 'a', data: 1 });
    expect(harness.engine.stats.published).toBe(0);
    expect(peer.closed?.code).toBe(4401);
  });

  it('SES-13: when the clock has jumped, expiries are looked at within a second', () => {
    let skew = 0;
    const { clock, connect } = setUp({ authenticate: () => ({ user: 'ada', expiresAt: 2_000_000 }) });
    const now = clock.now.bind(clock);
    clock.now = () => now() + skew;
    const peer = connect();
    skew = 3_600_000;
    clock.advance(1000);
    expect(peer.closed?.code).toBe(4401);
  });

  it('SES-13: a refresh with an identity that is over is refused, and the one before stands', () => {
    let expiresAt = 2_000_000;
    const { clock, connect } = setUp({ authenticate: () => ({ user: 'ada', expiresAt }) });
    const peer = connect();
    expiresAt = 5;
    peer.send({ type: 'refresh', id: 1, token: 'x' });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'unauthenticated' }]);
    expect(peer.closed).toBeUndefined();
  });
});

describe('members: a disconnected user is no member', () => {
  function join(grace: '10s' | 0 = '10s') {
    const harness = createHarness(defineChannels({ room: log({ presence: { grace } }) }), {
      authority: { authenticate: user, authorize: () => true },
    });
    const enter = (client: string) => {
      const peer = harness.connect('json', client, 'ada');
      peer.send({ type: 'enter', id: 1, channel: 'room', data: client });
      harness.clock.turn();
      return peer;
    };
    const members = () =>
      (harness.store.read(`${presencePrefix}room`, { limit: 9 }) as { ops: readonly unknown[] }).ops.length;
    return { ...harness, enter, members };
  }

  it('PRES-5: its memberships end at once, and those whose grace runs', async () => {
    const { engine, enter, members } = join();
    const [, gone] = [enter('1'), enter('2')];
    gone.session.closed();
    expect(members()).toBe(2);
    await engine.disconnectUser('ada');
    expect(members()).toBe(0);
  });

  it('PRES-5: one that comes back afterwards is a member', async () => {
    const { engine, enter, members, clock } = join();
    enter('1').session.closed();
    clock.advance(2000);
    enter('1');
    await engine.disconnectUser('bob');
    expect(members()).toBe(1);
  });
});
