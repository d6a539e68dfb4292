import { once } from 'node:events';
import { Agent, type ServerResponse, createServer as createHttpServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientFrame } from '@longwave/protocol';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createServer } from '../server/create-server.js';
import {
  connectFrame,
  expectIdle,
  operationsOf,
  post,
  publishFrame,
  startNode,
  subscribeFrame,
} from '../testing/requests.js';

afterEach(() => {
  // Spies first: one on a timer that was not real would put that back in the place of the real one.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const never: ClientFrame = { type: 'call', id: 1, method: 'never', data: 0 };

describe('a client that leaves', () => {
  it.each([
    ['stream', subscribeFrame()],
    ['poll', subscribeFrame({ again: true })],
    ['send', never],
  ] as const)('a %s is closed with its request', async (route, frame) => {
    const { server, url } = await startNode();
    const left = new AbortController();
    const asked = fetch(`${url}/${route}`, {
      method: 'POST',
      body: [connectFrame(), frame].map((each) => JSON.stringify(each)).join('\n'),
      signal: left.signal,
    });
    // A poll that is held and a stream of another kind of proxy are left before there is a response.
    asked.catch(() => undefined);
    await expect.poll(() => server.engine.stats).toMatchObject({ connections: 1, framesReceived: 2 });
    left.abort();
    await expectIdle(server);
  });
});

describe('polls', () => {
  it('HTTP-5: with `now` whatever is there is news', async () => {
    const { url } = await startNode();
    const poll = await post(url, 'poll', [connectFrame(), subscribeFrame({ again: true })], { query: '&now=1' });
    expect((await poll.whole()).map(({ type }) => type)).toEqual(['connected', 'subscribed']);
  });

  it('HTTP-5: `hold` is the longest that a poll waits, and its heartbeat', async () => {
    const { url } = await startNode();
    const poll = await post(url, 'poll', [connectFrame(), subscribeFrame({ again: true })], { query: '&hold=1' });
    expect(await poll.whole()).toMatchObject([{ type: 'connected', heartbeatMs: 1 }, { type: 'subscribed' }]);
    const set = vi.spyOn(globalThis, 'setTimeout');
    for (const hold of ['600000', '-1', 'nonsense']) {
      const answer = await post(url, 'poll', [connectFrame()], { query: `&now=1&hold=${hold}` });
      expect(await answer.whole()).toMatchObject([{ heartbeatMs: 60_000 }]);
    }
    // Others set timers as well: `fetch` for its idle connections.
    const waits = set.mock.calls.map(([, ms]) => ms);
    expect(waits).toContain(60_000);
    expect(waits).not.toContain(600_000);
  });

  it('a poll asks for what it missed, piece by piece, until nothing is missing', async () => {
    const { server, url } = await startNode();
    const text = 'x'.repeat(10_000);
    for (let i = 1; i <= 300; i++) await server.channel('chat/a').publish(`${i} ${text}`);
    const { epoch } = await server.channel('chat/a').history();
    let offset = 0;
    for (let polls = 0; offset < 300; polls++) {
      expect(polls).toBeLessThan(300);
      const poll = await post(url, 'poll', [connectFrame('c', { turn: polls + 1 }), subscribeFrame({ epoch, offset })]);
      // An answer is full with 64 KiB, and a write may be one chunk and one message beyond it.
      expect(Number(poll.response.headers.get('content-length'))).toBeLessThan((64 + 32 + 16) * 1024);
      for (const op of operationsOf(await poll.whole())) {
        expect(op).toEqual({ offset: ++offset, data: `${offset} ${text}` });
      }
    }
    await expectIdle(server);
  });
});

describe('streams', () => {
  it('MSG-2: a reader that stops costs a bounded amount, and gets everything in the end', async () => {
    const { server } = await startNode();
    const http = createHttpServer();
    const responses: ServerResponse[] = [];
    server.attach(http);
    const { emit } = http;
    http.emit = function watch(this: typeof http, event: string, ...args: unknown[]): boolean {
      if (event === 'request') responses.push(args[1] as ServerResponse);
      return Reflect.apply(emit, this, [event, ...args]) as boolean;
    } as typeof emit;
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    onTestFinished(() => {
      http.closeAllConnections();
      http.close();
    });
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/longwave`;
    const stream = await post(url, 'stream', [connectFrame(), subscribeFrame()]);
    await stream.untilType('subscribed');
    const text = 'x'.repeat(1000);
    let held = 0;
    for (let i = 1; i <= 20_000; i++) {
      void server.channel('chat/a').publish(`${i} ${text}`);
      if (i % 100 !== 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      held = Math.max(held, responses[0]!.writableLength);
    }
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(64 * 1024);
    const frames = await stream.until((all) => operationsOf(all).length >= 20_000);
    expect(frames.filter(({ type }) => type === 'reset')).toEqual([]);
    expect(operationsOf(frames).every(({ offset, data }, i) => offset === i + 1 && data === `${i + 1} ${text}`)).toBe(
      true,
    );
  });

  it('SES-4: a newer request of the client ends the one before, and one that is late takes nobody’s place', async () => {
    const { server, url } = await startNode();
    const first = await post(url, 'stream', [connectFrame('c', { turn: 2 }), subscribeFrame()]);
    await first.untilType('subscribed');
    const late = await post(url, 'poll', [connectFrame('c', { turn: 1 }), subscribeFrame()]);
    expect(await late.whole()).toMatchObject([{ type: 'error', code: 'superseded' }]);
    const second = await post(url, 'stream', [connectFrame('c', { turn: 3 }), subscribeFrame()]);
    await second.untilType('subscribed');
    expect((await first.whole()).at(-1)).toMatchObject({ type: 'error', code: 'superseded' });
    // What goes up goes beside it.
    await (await post(url, 'send', [connectFrame('c', { turn: 3 }), publishFrame(1, 'x')])).whole();
    expect(operationsOf(await second.untilType('message'))).toEqual([{ offset: 1, data: 'x' }]);
    expect(server.engine.stats.connections).toBe(1);
  });
});

describe('sends', () => {
  it('PUB-7: one that overtook another is refused, and taken when it comes behind it', async () => {
    const { server, url } = await startNode();
    const send = async (...frames: ClientFrame[]) =>
      (await (await post(url, 'send', [connectFrame(), ...frames])).whole()).slice(1);
    const second = publishFrame(2, 'two', 1);
    expect(await send(second)).toMatchObject([{ type: 'error', id: 2, code: 'out-of-order' }]);
    expect(await server.channel('chat/a').history()).toMatchObject({ top: 0 });
    expect(await send(publishFrame(1, 'one'))).toMatchObject([{ type: 'ack', id: 1, offset: 1 }]);
    expect(await send(second)).toMatchObject([{ type: 'ack', id: 2, offset: 2 }]);
    expect(await send(second)).toMatchObject([{ type: 'ack', id: 2, offset: 2, duplicate: true }]);
  });

  it('many at a time are each answered, and nothing is stored out of its order', async () => {
    const { server, url } = await startNode();
    const refused = new Set(Array.from({ length: 25 }, (_, i) => i + 1));
    // Whoever is refused comes again: in each round at least the first of those left is stored.
    for (let round = 0; refused.size > 0; round++) {
      expect(round).toBeLessThan(25);
      const sends = [...refused].reverse().map(async (seq) => {
        const frame = publishFrame(seq, seq, seq > 1 ? seq - 1 : undefined);
        const [, answer] = await (await post(url, 'send', [connectFrame(), frame])).whole();
        if (answer?.type === 'ack') refused.delete(seq);
        else expect(answer).toMatchObject({ type: 'error', id: seq, code: 'out-of-order' });
      });
      await Promise.all(sends);
    }
    const { messages } = await server.channel('chat/a').history();
    expect(messages.map(({ data }) => data)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    await expectIdle(server);
  });

  it('answers that are more than a socket takes come whole, to the last', async () => {
    const { server, url } = await startNode();
    const text = 'x'.repeat(30_000);
    await server.channel('chat/a').publish(text);
    const pages = Array.from({ length: 200 }, (_, i): ClientFrame => ({
      type: 'history',
      id: i + 3,
      channel: 'chat/a',
      limit: 1,
    }));
    const send = await post(url, 'send', [connectFrame(), ...pages, publishFrame(2, 'behind')]);
    const frames = await send.whole();
    expect(frames.filter((frame) => frame.type === 'page' && frame.ops[0]?.data === text)).toHaveLength(200);
    expect(frames.filter(({ type }) => type === 'ack')).toHaveLength(1);
    await expectIdle(server);
  });

  it('HTTP-18: a call that does not answer ends with the request, after 20 s', async () => {
    const { server, url } = await startNode();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const set = vi.spyOn(globalThis, 'setTimeout');
    const asked = post(url, 'send', [connectFrame(), publishFrame(2, 'x'), never]);
    await expect.poll(() => server.engine.stats.published).toBe(1);
    expect(set.mock.calls.map(([, ms]) => ms)).toContain(20_000);
    const send = await asked;
    await send.untilType('ack');
    vi.advanceTimersByTime(20_000);
    expect((await send.whole()).at(-1)).toMatchObject({ type: 'error', code: 'timeout' });
    await expectIdle(server);
  });

  it('one connection serves request after request', async () => {
    const { server, port } = await startNode();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const reused: boolean[] = [];
    for (const route of ['send', 'poll', 'send', 'poll']) {
      const request = httpRequest({ port, host: '127.0.0.1', agent, method: 'POST', path: `/longwave/${route}?now=1` });
      request.end(JSON.stringify(connectFrame()));
      const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
      await once(response.resume(), 'end');
      reused.push(request.reusedSocket);
    }
    expect(reused).toEqual([false, true, true, true]);
    expect(server.engine.stats.accepted).toBe(4);
  });
});

describe('SES-7: a node that drains', () => {
  it('sends away who is held, and who listens', async () => {
    const server = createServer({ channels: {}, logger: { error: () => undefined, info: () => undefined } });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${port}/longwave`;
    const stream = await post(url, 'stream', [connectFrame('a')]);
    await stream.untilType('connected');
    const asked = post(url, 'poll', [connectFrame('b')]);
    await expect.poll(() => server.engine.stats.connections).toBe(2);
    await server.engine.drain(0);
    for (const answer of [stream, await asked]) {
      expect(await answer.whole()).toMatchObject([
        { type: 'connected' },
        { type: 'goaway', retryAfterMs: 0 },
        { type: 'error', code: 'going-away', retryAfterMs: 0 },
      ]);
    }
    expect(server.engine.stats.connections).toBe(0);
  });

  it('closes although there are streams, polls and sends', async () => {
    const { server, url } = await startNode();
    const stream = await post(url, 'stream', [connectFrame('a'), subscribeFrame()]);
    const send = post(url, 'send', [connectFrame('b'), never]);
    const poll = post(url, 'poll', [connectFrame('c'), subscribeFrame({ again: true })]);
    await expect.poll(() => server.engine.stats).toMatchObject({ connections: 3, framesReceived: 6 });
    const closed = server.close();
    for (const answer of [stream, await send, await poll]) {
      expect((await answer.whole()).at(-1)).toMatchObject({ type: 'error', code: 'going-away' });
    }
    await closed;
  });
});
