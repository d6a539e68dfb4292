import { LongwaveError, call, defineCalls, defineChannels, log, map } from '@longwave/protocol';
import { describe, expect, it, vi } from 'vitest';
import { anyOf } from '../testing/schema.js';
import { createTestWorld } from './test-world.js';

const channels = defineChannels({
  'chat/:room': log({ message: anyOf<{ readonly text: string }>(), presence: anyOf<{ readonly name: string }>() }),
  prices: map({ value: anyOf<number>() }),
  '@me': log({ message: anyOf<string>() }),
});
const calls = defineCalls({ echo: call(anyOf<string>(), (text, { user }) => `${user}: ${text}`) });
const authenticate = (token: string | undefined) => ({ user: token });

const make = (options: Partial<Parameters<typeof createTestWorld<typeof channels, typeof calls>>[0]> = {}) =>
  createTestWorld({ channels, calls, authenticate, ...options });

type World = ReturnType<typeof make>;

/** A client, and what it hears in the lobby. */
function join(world: World, token: string, options: Parameters<World['connect']>[0] = {}) {
  const client = world.connect({ token, ...options });
  const heard: string[] = [];
  const lobby = client.channel('chat/lobby');
  const subscription = lobby.subscribe(
    {
      from: { last: 10 },
      onReset: ({ reason }) => heard.push(reason),
      onEnd: ({ code }) => heard.push(code),
    },
    ({ text }) => heard.push(text),
  );
  return { client, lobby, heard, subscription };
}

describe('createTestWorld', () => {
  it('delivers what is published without that time passes', async () => {
    const world = make();
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    const start = world.clock.now();
    await ada.lobby.publish({ text: 'from a client' });
    await world.server.channel('chat/lobby').publish({ text: 'from the server' });
    await world.settle();
    expect(bob.heard).toEqual(['from a client', 'from the server']);
    expect(bob.heard).toEqual(ada.heard);
    expect(world.clock.now()).toBe(start);
    expect(ada.client.state).toMatchObject({ status: 'connected', user: 'ada', node: world.nodes[0]?.id });
  });

  it('answers whoever waits for what takes no time', async () => {
    const world = make({ nodes: 2 });
    const ada = world.connect({ token: 'ada', node: 1 });
    expect(await ada.call('echo', 'hello')).toBe('ada: hello');
    const inbox: string[] = [];
    ada.channel('@me').subscribe((text) => inbox.push(text));
    await world.settle();
    await world.server.user('ada').publish('psst');
    await world.settle();
    expect(inbox).toEqual(['psst']);
    expect(await world.server.user('ada').disconnect()).toMatchObject({ connections: 1, missing: [] });
    await world.settle();
    expect(ada.state).toMatchObject({ status: 'closed', error: { code: 'disconnected' } });
  });

  it('waits for a token that is verified in a thread', async () => {
    const world = make({
      authenticate: (token) => new Promise((resolve) => setTimeout(resolve, 30, { user: token })),
    });
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    await world.settle();
    expect([ada, bob].map(({ subscription }) => subscription.state)).toEqual(['live', 'live']);
  });

  it('does not wait for a token that needs time of the world', async () => {
    const world = make({
      authenticate: (token) => new Promise((resolve) => world.clock.setTimer(() => resolve({ user: token }), 1000)),
    });
    const { client } = join(world, 'ada');
    await world.settle();
    expect(client.state.status).toBe('connecting');
    await world.advance('1s');
    expect(client.state.status).toBe('connected');
  });

  it('has the subscriptions of the server itself, on every node', async () => {
    const world = make({ nodes: 2 });
    const ada = join(world, 'ada', { node: 0 });
    const heard: string[] = [];
    world.nodes[1]?.server.channel('chat/lobby').subscribe(({ text }) => {
      heard.push(text);
      if (text === 'throw') throw new Error('a slip of the bot');
    });
    await world.settle();
    await ada.lobby.publish({ text: 'hello' });
    await world.settle();
    expect(heard).toEqual(['hello']);
    await ada.lobby.publish({ text: 'throw' });
    await expect(world.settle()).rejects.toMatchObject({ cause: { message: 'a slip of the bot' } });
  });

  it('lets time pass when it is told to, and timers fire in their order', async () => {
    const world = make();
    const fired: string[] = [];
    const start = world.clock.now();
    const note = (what: string) => () => fired.push(`${what} ${world.clock.now() - start}`);
    world.clock.setTimer(note('later'), 2000);
    world.clock.setTimer(() => {
      note('first')();
      world.clock.setTimer(note('within'), 500);
    }, 1000);
    world.clock.setTimer(note('never'), 2001);
    await world.settle();
    expect(fired).toEqual([]);
    await world.advance('2s');
    expect(fired).toEqual(['first 1000', 'within 1500', 'later 2000']);
    expect(world.clock.now() - start).toBe(2000);
    await expect(world.advance('soon' as never)).rejects.toThrow(RangeError);
  });

  it('goes on for a day: connections stand, by heartbeats in time that passes', async () => {
    const world = make();
    const ada = join(world, 'ada');
    await world.advance('1d');
    expect(ada.client.state).toMatchObject({ status: 'connected', since: Date.UTC(2026, 0, 1) });
  });

  it('needs no timer of the host, and no time of it', async () => {
    vi.useFakeTimers();
    try {
      const world = make({ nodes: 2 });
      const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
      await ada.lobby.publish({ text: 'hello' });
      world.drop(bob.client);
      await world.advance('1m');
      expect([bob.heard, vi.getTimerCount()]).toEqual([['hello'], 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes the same way with the same seed, and another one with another', async () => {
    const run = async (seed: number) => {
      const world = make({ seed, nodes: 2 });
      const ada = join(world, 'ada');
      await world.settle();
      world.drop(ada.client);
      await world.settle();
      return { ids: world.nodes.map(({ id }) => id), state: ada.client.state };
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  it('refuses options that cannot be, by name', () => {
    expect(() => make({ nodes: 0 })).toThrow(/createTestWorld: nodes/);
    expect(() => make({ latency: 'long' as never })).toThrow(/createTestWorld: latency/);
    expect(() => make({ heartbeat: -1 } as never)).toThrow(/createTestWorld: /);
    expect(() => make({ path: '/x' } as never)).toThrow(/createTestWorld: there is no option 'path'/);
    expect(() => make().connect({ node: 1 })).toThrow(/connect: node/);
    expect(() => make().drop(make().connect())).toThrow(/no client of this world/);
  });
});

describe('the network of a test world', () => {
  it('drop: what is under way is lost, sent again and stored once', async () => {
    const world = make();
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    await world.settle();
    const sent = ada.lobby.publish({ text: 'hello' });
    world.drop(ada.client);
    await world.settle();
    expect([ada.client.state.status, bob.heard]).toEqual(['waiting', []]);
    await world.advance('1s');
    await sent;
    expect([ada.client.state.status, ada.heard, bob.heard]).toEqual(['connected', ['hello'], ['hello']]);
  });

  it('drop: an acknowledgement under way is lost, and the message is not stored again', async () => {
    const world = make({ latency: '50ms' });
    const ada = join(world, 'ada');
    await world.settle();
    const sent = ada.lobby.publish({ text: 'hello' });
    await world.advance(60);
    expect((await world.server.channel('chat/lobby').history()).messages).toHaveLength(1);
    world.drop(ada.client);
    await world.advance('2s');
    expect(await sent).toMatchObject({ duplicate: true });
    expect((await world.server.channel('chat/lobby').history()).messages).toHaveLength(1);
    expect(ada.heard).toEqual(['hello']);
  });

  it.each(['half-open', 'client-untold'] as const)('drop: %s, the client finds out by its heartbeat', async (how) => {
    const world = make();
    const ada = join(world, 'ada');
    await world.settle();
    world.drop(ada.client, how);
    await world.server.channel('chat/lobby').publish({ text: 'missed' });
    await world.settle();
    expect([ada.client.state.status, ada.heard]).toEqual(['connected', []]);
    await world.advance('1m');
    expect([ada.client.state.status, ada.heard]).toEqual(['connected', ['missed']]);
  });

  it('offline: nothing gets through until it is online, and then what was missed', async () => {
    const world = make();
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    await world.settle();
    world.offline(ada.client);
    world.offline(ada.client);
    const sent = ada.lobby.publish({ text: 'by ada' });
    await bob.lobby.publish({ text: 'by bob' });
    await world.advance('5m');
    expect([ada.client.state.status, ada.heard, bob.heard]).toEqual(['waiting', [], ['by bob']]);
    world.online(ada.client);
    world.online(ada.client);
    await world.advance('1s');
    await sent;
    expect([ada.heard, bob.heard]).toEqual([
      ['by bob', 'by ada'],
      ['by bob', 'by ada'],
    ]);
  });

  it('offline: others see a member go when the server has found out', async () => {
    const world = make();
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    const members = bob.lobby.presence.watch();
    const names = () => [...members.getSnapshot().values()].map(({ data }) => data.name);
    await ada.lobby.presence.enter({ name: 'Ada' });
    await world.settle();
    expect(names()).toEqual(['Ada']);
    world.offline(ada.client);
    await world.settle();
    expect(names()).toEqual(['Ada']);
    await world.advance('2m');
    expect(names()).toEqual([]);
  });

  it('latency: a message takes so long, and settle waits for it', async () => {
    const world = make({ latency: '100ms' });
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    await world.settle();
    const start = world.clock.now();
    void ada.lobby.publish({ text: 'hello' });
    await world.advance(199);
    expect(bob.heard).toEqual([]);
    await world.advance(1);
    expect(bob.heard).toEqual(['hello']);
    void ada.lobby.publish({ text: 'again' });
    await world.settle();
    expect([bob.heard.at(-1), world.clock.now() - start]).toEqual(['again', 400]);
  });

  it('reset: what was there is gone, and everybody is told', async () => {
    const world = make({ nodes: 2 });
    const [ada, bob] = [join(world, 'ada', { node: 0 }), join(world, 'bob', { node: 1 })];
    const prices = world.connect({ token: 'cyd' }).channel('prices').watch();
    await ada.lobby.publish({ text: 'old' });
    await world.server.channel('prices').put('eur', 1);
    await world.settle();
    expect(prices.getSnapshot()).toEqual(new Map([['eur', 1]]));
    world.offline(bob.client);
    world.reset('chat/lobby');
    world.reset('prices');
    await world.settle();
    await ada.lobby.publish({ text: 'new' });
    world.online(bob.client);
    await world.advance('2s');
    expect([ada.heard, bob.heard]).toEqual([
      ['old', 'epoch-changed', 'new'],
      ['old', 'epoch-changed', 'new'],
    ]);
    expect(prices.getSnapshot()).toEqual(new Map());
    expect(() => world.reset('chat/lobbi')).toThrow(/'chat\/lobbi' has no history/);
  });
});

describe('refusals in a test world', () => {
  it('authorize: the subscription and the publish end with forbidden', async () => {
    const world = make({ authorize: ({ user }) => user === 'ada' });
    const [ada, bob] = [join(world, 'ada'), join(world, 'bob')];
    await ada.lobby.publish({ text: 'hello' });
    await expect(bob.lobby.publish({ text: 'me too' })).rejects.toMatchObject({ code: 'forbidden' });
    await world.settle();
    expect([ada.heard, bob.heard]).toEqual([['hello'], ['forbidden']]);
    expect(bob.subscription.state).toBe('ended');
  });

  it('recheck: a right that is gone ends the subscription', async () => {
    let allowed = true;
    const world = make({ authorize: () => allowed, nodes: 2 });
    const ada = join(world, 'ada');
    await world.settle();
    allowed = false;
    await world.server.user('ada').recheck();
    await world.settle();
    expect(ada.heard).toEqual(['forbidden']);
  });

  it('authenticate: sees token, address and headers, and what it throws closes the client', async () => {
    const seen: unknown[] = [];
    const world = make({
      authenticate: async (token, { remoteAddress, headers, transport }) => {
        seen.push(token, remoteAddress, headers['cookie'], transport);
        if (token === undefined) throw new LongwaveError('unauthenticated');
        return { user: token };
      },
    });
    const nobody = world.connect({ address: '192.0.2.7', headers: { cookie: 'a=1' } });
    await world.settle();
    expect(nobody.state).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
    expect(seen).toEqual([undefined, '192.0.2.7', 'a=1', 'websocket']);
  });

  it('limits: who connects too often is let in when time has passed', async () => {
    const world = make({ limits: { addressConnectsPerSecond: 1, addressConnectBurst: 1 } });
    const address = '192.0.2.7';
    const [first, second] = [world.connect({ address }), world.connect({ address })];
    const other = world.connect();
    await world.settle();
    expect([first, second, other].map(({ state }) => state.status)).toEqual(['connected', 'waiting', 'connected']);
    expect(second.state).toMatchObject({ error: { code: 'rate-limited' } });
    await world.advance('1m');
    expect(second.state.status).toBe('connected');
  });
});

describe('the nodes of a test world', () => {
  it('carry messages to each other, and a client whose node is killed goes on at another', async () => {
    const world = make({ nodes: 2 });
    const [ada, bob] = [join(world, 'ada', { node: 0 }), join(world, 'bob', { node: 1 })];
    await ada.lobby.publish({ text: 'one' });
    await world.settle();
    expect(bob.heard).toEqual(['one']);
    world.nodes[0]?.crash();
    const sent = ada.lobby.publish({ text: 'two' });
    await world.settle();
    expect([ada.client.state.status, world.nodes[0]?.id]).toEqual(['waiting', undefined]);
    expect(() => world.nodes[0]?.server.user('ada')).toThrow(/node-0 is down/);
    await world.advance('1s');
    await sent;
    expect(ada.client.state).toMatchObject({ status: 'connected', node: world.nodes[1]?.id });
    expect([ada.heard, bob.heard]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
  });

  it('close: clients move while the node drains, and miss nothing', async () => {
    const world = make({ nodes: 2 });
    const ada = join(world, 'ada', { node: 0 });
    const states: string[] = [];
    ada.client.onState(({ status }) => states.push(status));
    await world.settle();
    const lobby = world.server.channel('chat/lobby');
    const closed = world.nodes[0]?.close({ drain: '5s' });
    await world.advance('10s');
    await closed;
    await expect(lobby.publish({ text: 'nobody takes it' })).rejects.toMatchObject({ code: 'closed' });
    await world.server.channel('chat/lobby').publish({ text: 'still here' });
    await world.settle();
    expect(ada.client.state).toMatchObject({ status: 'connected', node: world.nodes[1]?.id });
    expect([states.includes('waiting'), ada.heard]).toEqual([false, ['still here']]);
  });

  it('start: the store has outlived the node, and what the server owns is its own again', async () => {
    const world = make();
    let loads = 0;
    world.server.own('prices', () => {
      loads++;
      return { entries: [['eur', 1]] };
    });
    const ada = join(world, 'ada');
    const lobby = world.server.channel('chat/lobby');
    await ada.lobby.publish({ text: 'before' });
    const [node] = world.nodes;
    const before = node?.id;
    node?.crash();
    expect(() => world.server.channel('prices')).toThrow(/No node of this world is up/);
    await expect(lobby.publish({ text: 'nobody takes it' })).rejects.toMatchObject({ code: 'closed' });
    node?.start();
    node?.start();
    expect(node?.id).not.toBe(before);
    await world.advance('1s');
    await ada.lobby.publish({ text: 'after' });
    await world.settle();
    expect(await world.server.channel('prices').entry('eur')).toMatchObject({ value: 1 });
    expect([ada.heard, loads]).toEqual([['before', 'after'], 1]);
  });
});

describe('failures in a test world', () => {
  it('settle and advance throw what a handler threw, once', async () => {
    const world = make();
    const ada = world.connect({ token: 'ada' });
    ada.channel('chat/lobby').subscribe(() => {
      throw new Error('a slip');
    });
    await world.settle();
    await ada.channel('chat/lobby').publish({ text: 'hello' });
    await expect(world.settle()).rejects.toThrow('a slip');
    await world.settle();
    await Promise.all([1, 2].map(() => ada.channel('chat/lobby').publish({ text: 'hello' })));
    await expect(world.advance(0)).rejects.toThrow(/2 things failed/);
  });

  it('settle throws what a server logs as an error, unless it has a logger', async () => {
    const authorize = (): boolean => {
      throw new Error('a slip');
    };
    const world = make({ authorize });
    join(world, 'ada');
    await expect(world.settle()).rejects.toThrow(/authorize threw/);
    const logged: string[] = [];
    const quiet = make({ authorize, logger: { info: () => undefined, error: (message) => logged.push(message) } });
    join(quiet, 'ada');
    await quiet.settle();
    expect(logged).toHaveLength(1);
  });

  it('leaves what the application takes itself', async () => {
    const world = make();
    const errors: unknown[] = [];
    const ada = world.connect({ token: 'ada', reportError: (error) => errors.push(error) });
    ada.onState(() => {
      throw new Error('a slip');
    });
    await world.settle();
    expect(errors).toHaveLength(1);
  });
});
