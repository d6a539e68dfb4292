import { describe, expect, it, onTestFinished } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import type { Authority } from '../base/authority.js';
import type { Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { facade } from '@longwave/testkit';
import { createHarness } from '../testing/harness.js';

const anything = {
  '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) },
};
const channels = defineChannels({
  'chat/:room': log({ presence: { member: anything }, retain: { maxCount: 5 } }),
  '@me': log(),
});

/** Nodes over one store, each with a clock of its own. */
function setUp(count: number, shared?: Store) {
  const store = shared ?? new MemoryStore({ clock: { now: () => 1_000_000 }, makeId: () => 'epoch' });
  const denied = new Set<string>();
  const authority: Authority = {
    authenticate: (token) => ({ user: token }),
    authorize: ({ user, action, channel }) => !denied.has(`${user} ${action} ${channel}`),
  };
  const nodes = Array.from({ length: count }, (_, i) => {
    let ids = 0;
    return createHarness(channels, {
      store: facade(store, { close: () => undefined }),
      authority,
      makeId: () => `node-${i}-${++ids}`,
      cluster: { label: `host ${i}` },
    });
  });
  const turn = () => nodes.forEach(({ clock }) => clock.turn());
  /** Until it is settled: what nodes say to each other takes turns of theirs. */
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    void promise.finally(() => (isSettled = true)).catch(() => undefined);
    for (let i = 0; i < 50 && !isSettled; i++) {
      turn();
      await Promise.resolve();
    }
    return promise;
  };
  onTestFinished(async () => {
    for (const { engine } of nodes) await engine.close();
  });
  return { nodes, denied, store, turn, settle };
}

describe('nodes that share a store', () => {
  it('end the connections of a user wherever they are', async () => {
    const { nodes, settle } = setUp(3);
    const peers = nodes.map(({ connect }, i) => connect('json', `c${i}`, i === 2 ? 'bob' : 'ada'));
    const reached = await settle(nodes[2]!.engine.disconnectUser('ada', { message: 'Moderated.' }));
    expect(reached).toEqual({ connections: 2, missing: [] });
    expect(peers.map(({ closed }) => closed?.code)).toEqual([4440, 4440, undefined]);
    expect(peers[0]!.take('error')).toMatchObject([{ code: 'disconnected', message: 'Moderated.' }]);
  });

  it('list the connections of a user on all of them, and end one', async () => {
    const { nodes, turn, settle } = setUp(2);
    const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    const phone = one.connect('json', 'phone', 'ada');
    one.clock.advance(1000);
    const desk = two.connect('json', 'desk', 'ada');
    two.clock.advance(500);
    const tablet = two.connect('json', 'tablet', 'ada');
    one.connect('json', 'other', 'bob');
    for (const [i, peer] of [phone, desk].entries()) {
      peer.send({ type: 'enter', id: i, channel: 'chat/a', data: peer === phone ? 'phone' : 'desk' });
    }
    turn();
    const { connections, missing } = await settle(one.engine.connectionsOf('ada'));
    expect(missing).toEqual([]);
    const at = (peer: typeof phone) => peer.session.id;
    expect(connections).toMatchObject([
      { id: at(phone), node: one.engine.node, since: 1_000_000, transport: 'test' },
      { id: at(desk), node: two.engine.node, since: 1_000_000 },
      { id: at(tablet), node: two.engine.node, since: 1_000_500 },
    ]);
    const ended = await settle(one.engine.disconnectUser('ada', { connection: at(desk), message: 'Elsewhere.' }));
    expect(ended).toEqual({ connections: 1, missing: [] });
    expect([phone, desk, tablet].map(({ closed }) => closed?.code)).toEqual([undefined, 4440, undefined]);
    expect(desk.take('error')).toMatchObject([{ code: 'disconnected', message: 'Elsewhere.' }]);
    const left = await settle(two.engine.connectionsOf('ada'));
    expect(left.connections.map(({ id }) => id)).toEqual([at(phone), at(tablet)]);
    const members = await one.engine.entries('@presence/chat/a');
    expect(members.ops.map(({ payload }) => JSON.parse(payload as string))).toMatchObject([{ data: 'phone' }]);
    const nobody = await settle(one.engine.disconnectUser('bob', { connection: at(phone) }));
    expect([nobody.connections, phone.closed]).toEqual([0, undefined]);
  });

  it('SUB-6: withdraw a right wherever the user is, and nothing follows', async () => {
    const { nodes, denied, turn, settle } = setUp(2);
    const peer = nodes[0]!.connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    turn();
    denied.add('ada subscribe chat/a');
    expect(await settle(nodes[1]!.engine.recheckUser('ada'))).toEqual({ connections: 1, missing: [] });
    await nodes[1]!.engine.publish('chat/a', 'secret');
    turn();
    expect(peer.take('reset')).toMatchObject([{ channel: 'chat/a', reason: 'revoked' }]);
    expect(peer.take('message')).toEqual([]);
  });

  it('CH-4: deliver to the inbox of a user wherever that is', async () => {
    const { nodes, turn } = setUp(2);
    const peer = nodes[0]!.connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: '@me' });
    turn();
    await nodes[1]!.engine.publishToUser('ada', 'psst');
    turn();
    expect(peer.take('message')).toMatchObject([{ channel: '@me', ops: [{ data: 'psst' }] }]);
  });

  it('say which of them did not answer, and what they are asked reaches those that were cut off', async () => {
    const store = new MemoryStore({ clock: { now: () => 1_000_000 }, makeId: () => 'epoch' });
    const { nodes, turn, settle } = setUp(2, store);
    const peer = nodes[0]!.connect('json', 'c', 'ada');
    const ended = nodes[1]!.engine.disconnectUser('ada');
    // The other node stands still: its clock does not turn.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    nodes[1]!.clock.advance(2000);
    expect(await ended).toEqual({ connections: 0, missing: [nodes[0]!.engine.node] });
    expect(peer.closed).toBeUndefined();
    turn();
    expect(peer.closed?.code).toBe(4440);
    await settle(Promise.resolve());
  });

  it('ask for all rights anew when they may have missed something', async () => {
    let away = true;
    const store = new MemoryStore({ clock: { now: () => 1_000_000 }, makeId: () => 'epoch' });
    const flaky = facade(store, {
      bounds: (channel) => {
        if (away && channel === '$bus') throw new Error('The store is away.');
        return store.bounds(channel);
      },
    });
    const { nodes, denied, turn } = setUp(1, flaky);
    const [{ connect, clock, errors }] = nodes as [(typeof nodes)[0]];
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    turn();
    denied.add('ada subscribe chat/a');
    clock.advance(3000);
    expect(peer.take('reset')).toEqual([]);
    expect(errors).toHaveLength(1);
    away = false;
    clock.advance(1000);
    turn();
    expect(peer.take('reset')).toMatchObject([{ reason: 'revoked' }]);
  });

  it('know each other, and forget who is gone', async () => {
    let now = 1_000_000;
    const store = new MemoryStore({ clock: { now: () => now }, makeId: () => 'epoch' });
    const { nodes, settle } = setUp(3, store);
    const [first, second, third] = nodes as [(typeof nodes)[0], (typeof nodes)[0], (typeof nodes)[0]];
    const labels = async () => {
      const { nodes: known, missing } = await settle(first.engine.inspect());
      return [known.map(({ label, state }) => `${label} ${state}`).toSorted(), missing.length];
    };
    expect(await labels()).toEqual([['host 0 running', 'host 1 running', 'host 2 running'], 0]);
    third.connect();
    await second.engine.drain(0);
    await second.engine.close();
    void third.engine.drain(1000);
    expect(await labels()).toEqual([['host 0 running', 'host 2 draining'], 0]);
    // The third says nothing any more, and nobody says it for it.
    for (let i = 0; i < 4; i++) {
      now += 4900;
      first.clock.advance(5000);
    }
    expect(await labels()).toEqual([['host 0 running'], 0]);
  });

  it('tell what there is on all of them', async () => {
    const { nodes, turn, settle } = setUp(2);
    const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    const slow = one.connect('json', 'a', 'ada');
    const others = [one.connect('json', 'b'), two.connect('json', 'c')];
    slow.room = 0;
    for (const peer of [slow, ...others]) peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    others[0]!.send({ type: 'subscribe', id: 2, channel: 'chat/b' });
    others[0]!.send({ type: 'enter', id: 3, channel: 'chat/a', data: {} });
    slow.send({ type: 'subscribe', id: 4, channel: '@me' });
    turn();
    for (let i = 0; i < 9; i++) {
      await two.engine.publish('chat/a', i);
      turn();
    }
    const { channels: found } = await settle(two.engine.inspect({ prefix: 'chat/' }));
    expect(found).toMatchObject([
      {
        ...{ channel: 'chat/a', mode: 'log', epoch: 'epoch', floor: 4, top: 9, keeps: { count: 5 } },
        ...{ subscribers: 3, behind: 1, members: 1 },
        nodes: [
          { node: one.engine.node, subscribers: 2, top: 9 },
          { node: two.engine.node, subscribers: 1, top: 9 },
        ],
      },
      { channel: 'chat/b', subscribers: 1, behind: 0, lag: 0, members: 0 },
    ]);
    expect(found[0]!.lag).toBeGreaterThan(0);
    const inboxes = await settle(two.engine.inspect({ prefix: '@', limit: 1 }));
    expect(inboxes.channels).toMatchObject([{ channel: '@me/ada', subscribers: 1 }]);
  });

  it('are not asked by a node that is alone', async () => {
    const { engine } = createHarness(channels);
    await expect(engine.inspect()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await engine.recheckUser('ada')).toEqual({ connections: 0, missing: [] });
  });

  it('cannot be reached without the store: what was asked is done here, and refused', async () => {
    const store = new MemoryStore({ clock: { now: () => 1_000_000 }, makeId: () => 'epoch' });
    const { nodes } = setUp(1, facade(store, { append: () => Promise.reject(new Error('The store is away.')) }));
    const peer = nodes[0]!.connect('json', 'c', 'ada');
    await expect(nodes[0]!.engine.disconnectUser('ada')).rejects.toMatchObject({ code: 'unavailable' });
    expect(peer.closed?.code).toBe(4440);
  });
});
