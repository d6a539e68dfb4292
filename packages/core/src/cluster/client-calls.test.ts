import { type ClientFrame, clientCall, defineChannels, defineClientCalls } from '@longwave/protocol';
import { facade } from '@longwave/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Peer } from '../testing/harness.js';
import { createHarness } from '../testing/harness.js';
import { MemoryStore } from '../store/memory-store.js';

const anything = {
  '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) },
};
const clientCalls = defineClientCalls({ echo: clientCall(anything, anything) });

/** Nodes over one store, each with a clock of its own. */
function setUp(count: number) {
  const store = new MemoryStore({ clock: { now: () => 1_000_000 }, makeId: () => 'epoch' });
  let draws = 0;
  const nodes = Array.from({ length: count }, (_, i) => {
    let ids = 0;
    return createHarness(defineChannels({}), {
      store: facade(store, { close: () => undefined }),
      clientCalls,
      authority: { authenticate: (token) => (token ? { user: token } : {}), authorize: () => true },
      makeId: () => `node-${i}-${++ids}`,
      random: () => ++draws / 1000,
      cluster: { label: `host ${i}` },
    });
  });
  onTestFinished(async () => {
    for (const { engine } of nodes) await engine.close();
  });
  /** Lets the nodes hear of each other's messages, which takes some turns. */
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) {
      for (const { clock } of nodes) clock.turn();
      await Promise.resolve();
    }
  };
  return { nodes, turns };
}

const connectFrame = (client: string, turn = 1) => ({
  ...({ type: 'connect', version: 1, client, turn, token: 'ada' } as const),
});
const answer = (id: number, data: unknown): ClientFrame => ({ type: 'answer', id, data });
const answerTo = (peer: Peer, data: unknown) => peer.send(answer(peer.take('ask')[0]!.id, data));

describe('CALL-3: a call to a client of another node', () => {
  it('is made there, and its reply comes back, bytes too', async () => {
    const { nodes, turns } = setUp(3);
    const peer = nodes[2]!.connect('binary', 'phone', 'ada');
    const called = nodes[0]!.engine.clientCalls.connection(peer.session.id, 'echo', Uint8Array.of(1));
    await turns();
    expect(peer.take('ask')).toMatchObject([{ method: 'echo', data: Uint8Array.of(1) }]);
    answerTo(peer, Uint8Array.of(2));
    await turns();
    expect(await called).toEqual(Uint8Array.of(2));
  });

  it('fails as it does there', async () => {
    const { nodes, turns } = setUp(2);
    const peer = nodes[1]!.connect('json', 'phone', 'ada');
    const refused = nodes[0]!.engine.clientCalls.connection(peer.session.id, 'echo', 1);
    refused.catch(() => undefined);
    await turns();
    peer.send({ type: 'refuse', id: peer.take('ask')[0]!.id, code: 'forbidden', message: 'No.' });
    await turns();
    await expect(refused).rejects.toMatchObject({ code: 'forbidden', message: 'No.' });
    const cut = nodes[0]!.engine.clientCalls.connection(peer.session.id, 'echo', 1);
    cut.catch(() => undefined);
    await turns();
    peer.session.closed();
    await turns();
    await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('CALL-4: is over in time where that node does not answer, and unavailable where there is no such node', async () => {
    const { nodes, turns } = setUp(2);
    const peer = nodes[1]!.connect('json', 'phone', 'ada');
    const called = nodes[0]!.engine.clientCalls.connection(peer.session.id, 'echo', 1, { timeout: 1000 });
    called.catch(() => undefined);
    await turns();
    nodes[0]!.clock.advance(1000);
    await expect(called).rejects.toMatchObject({ code: 'timeout' });
    const nowhere = nodes[0]!.engine.clientCalls.connection('node-7-1-5', 'echo', 1);
    nowhere.catch(() => undefined);
    await turns();
    await expect(nowhere).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('reaches all connections of a user, and names the nodes that do not answer', async () => {
    const { nodes, turns } = setUp(3);
    const peers = [0, 1, 2].map((i) => nodes[i]!.connect('json', `c${i}`, 'ada'));
    const called = nodes[0]!.engine.clientCalls.user('ada', 'echo', 1, { timeout: 1000 });
    await turns();
    answerTo(peers[0]!, 'zero');
    answerTo(peers[1]!, 'one');
    await turns();
    nodes[0]!.clock.advance(3000);
    const { replies, missing } = await called;
    expect(replies).toEqual([
      { connection: peers[0]!.session.id, output: 'zero' },
      { connection: peers[1]!.session.id, output: 'one' },
    ]);
    expect(missing).toEqual([nodes[2]!.engine.node]);
  });

  it('replies that are too large together are told as such', async () => {
    const { nodes, turns } = setUp(2);
    const peers = Array.from({ length: 10 }, (_, i) => nodes[1]!.connect('json', `c${i}`, 'ada'));
    const called = nodes[0]!.engine.clientCalls.user('ada', 'echo', 1);
    await turns();
    for (const peer of peers) answerTo(peer, 'x'.repeat(60_000));
    await turns();
    const { replies } = await called;
    expect(replies.map(({ error }) => error?.code)).toEqual([...Array(8).fill(undefined), 'too-large', 'too-large']);
  });
});

describe('CALL-8: a client over requests that goes from node to node', () => {
  it('is called where it comes, once, and answers to any of them', async () => {
    const { nodes, turns } = setUp(3);
    const poll = { holdMs: 25_000, atOnce: true };
    // It was at two nodes a moment ago, and both remember it.
    nodes[0]!.request(poll, [connectFrame('phone')]);
    nodes[1]!.request(poll, [connectFrame('phone', 2)]);
    const called = nodes[1]!.engine.clientCalls.user('ada', 'echo', 'hi');
    await turns();
    const here = nodes[2]!.request({ ...poll, atOnce: false }, [connectFrame('phone', 3)]);
    await turns();
    const asked = here.frames.filter((frame) => frame.type === 'ask');
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    nodes[0]!.request('send', [connectFrame('phone', 4), answer(asked[0]!.id, 'ho')]);
    await turns();
    const { replies, missing } = await called;
    expect([replies.map(({ output }) => output), missing]).toEqual([['ho'], []]);
  });

  it('is unavailable where it comes to none', async () => {
    const { nodes, turns } = setUp(2);
    const poll = nodes[0]!.request({ holdMs: 25_000, atOnce: true }, [connectFrame('phone')]);
    const called = nodes[1]!.engine.clientCalls.connection(poll.session.id, 'echo', 1);
    called.catch(() => undefined);
    await turns();
    nodes[0]!.clock.advance(3000);
    await turns();
    await expect(called).rejects.toMatchObject({ code: 'unavailable' });
  });
});

it('CALL-5: of answers that nobody asked for 64 are handed on at a time', async () => {
  const { nodes, turns } = setUp(2);
  const peer = nodes[0]!.connect('json', 'phone', 'ada');
  peer.send(...Array.from({ length: 70 }, (_, i) => answer(i, i)));
  await turns();
  // A store in memory has each at once, and the node is free for the next in a turn of promises.
  expect(peer.take('error').every(({ code }) => code === 'rate-limited')).toBe(true);
  expect(peer.take('error')).toHaveLength(6);
});
