import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, messageFrame, only, subscribedFrame, typesOf } from '../testing/harness.js';
import { FakeRequests } from '../testing/fake-requests.js';
import { record } from '../testing/recorder.js';
import { binaryCodec } from '../connect.js';
import { pollTransport, streamTransport } from './http.js';
import type { PostRequest } from './post-request.js';

function setUp(name: 'stream' | 'poll' = 'stream', options: ConstructorParameters<typeof Harness>[0] = {}) {
  const requests = new FakeRequests();
  const create = name === 'poll' ? pollTransport : streamTransport;
  const h = new Harness({ transport: create({ request: requests.post }), ...options });
  const ack = (id: number, offset: number) => ({ type: 'ack', id, epoch: 'e1', offset, durability: 'memory' }) as const;
  h.clock.advance(0);
  return { requests, h, ack };
}

describe('a link made of requests', () => {
  it.each(['json', 'binary'] as const)('HTTP-1: begins with connect, in %s, and no token in the URL', (codec) => {
    const { requests, h } = setUp('stream', { codec: codec === 'json' ? codec : binaryCodec(), token: 'secret' });
    expect(requests.down.query.toString()).toBe(`codec=${codec}`);
    expect(requests.down.frames).toMatchObject([{ type: 'connect', token: 'secret', turn: 1 }]);
    requests.down.say(connectedFrame());
    expect(h.client.state).toMatchObject({ status: 'connected', transport: 'stream', why: 'preferred' });
  });

  it('HTTP-1: a query of the URL goes with each request, behind our own', () => {
    const urls: string[] = [];
    const request: PostRequest = (url) => {
      urls.push(url);
      return () => {};
    };
    const h = new Harness({ transport: streamTransport({ request }), path: '/x/longwave?tenant=1' });
    h.clock.advance(0);
    expect(urls).toEqual(['http://server.test/x/longwave/stream?codec=json&tenant=1']);
    h.client.close();
  });

  it('HTTP-3: what is subscribed to in one turn is asked for with one more request, from where each stands', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    const a = record(h, 'now', 'a');
    const b = record(h, { last: 2 }, 'b');
    h.clock.advance(0);
    expect(requests.all).toHaveLength(2);
    const [, first, second] = requests.down.frames;
    requests.down.say(connectedFrame(), subscribedFrame(first, 4), subscribedFrame(second, 7));
    requests.down.say(messageFrame('a', 5));
    record(h, 'now', 'c');
    h.clock.advance(0);
    expect(requests.down.frames.slice(1)).toMatchObject([
      { channel: 'a', epoch: 'e1', offset: 5, again: true },
      { channel: 'b', epoch: 'e1', offset: 7, again: true },
      { channel: 'c' },
    ]);
    expect(a.log).toEqual(['at 4 +0', 5]);
    expect(b.log).toEqual(['at 7 +0']);
  });

  it('HTTP-3: goes on with another request when one ends, and the application is not told', () => {
    const { requests, h } = setUp();
    const a = record(h);
    h.clock.advance(0);
    requests.down.say(connectedFrame(), subscribedFrame(requests.down.frames[1], 0), messageFrame('a', 1));
    const states: string[] = [];
    h.client.onState(({ status }) => states.push(status));
    requests.down.end(false);
    expect(requests.down.frames[1]).toMatchObject({ offset: 1, again: true });
    requests.down.say(connectedFrame(), subscribedFrame(requests.down.frames[1], 1, { top: 3 }));
    requests.down.say(messageFrame('a', 2, 3));
    expect(a.log).toEqual(['at 0 +0', 1, 2, 3]);
    expect(states).toEqual([]);
  });

  it('HTTP-3: a connection kept alive that the server closed is tried once more, and not twice', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    requests.down.end();
    requests.down.end(false);
    expect(h.client.state.status).toBe('connected');
    requests.down.end(false);
    expect(h.client.state.status).toBe('waiting');
    expect(requests.all.filter(({ open }) => open)).toEqual([]);
  });

  it('one whose requests end at once, again and again, is no connection', () => {
    const { requests, h } = setUp();
    for (let i = 0; i < 5 && h.client.state.status !== 'waiting'; i++) requests.down.say(connectedFrame()).end();
    expect(h.client.state.status).toBe('waiting');
  });

  it('HTTP-19: publishes go up beside it, three requests at a time, and what gathers meanwhile together', async () => {
    const { requests, h, ack } = setUp();
    requests.down.say(connectedFrame());
    const channel = h.client.channel('a');
    const published = Array.from({ length: 6 }, (_, i) => channel.publish(i));
    expect(requests.up.map(({ types }) => types)).toEqual(Array(3).fill(['connect', 'publish']));
    const [first] = requests.up;
    first!.say(connectedFrame(), ack(only(first!.frames[1], 'publish').id, 1)).end();
    expect(requests.up.at(-1)!.types).toEqual(['connect', 'publish', 'publish', 'publish']);
    expect(await published[0]).toMatchObject({ position: { offset: 1 } });
  });

  it('HTTP-19, PUB-7: each publish names the one before it in its channel that is still on its way', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    for (const channel of ['a', 'b', 'a', 'a'])
      h.client
        .channel(channel)
        .publish('x')
        .catch(() => {});
    requests.up[0]!.say(connectedFrame()).end();
    const sent = requests.all.flatMap(({ frames }) => frames).filter((frame) => frame.type === 'publish');
    expect(sent.map(({ seq, after }) => [seq, after])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 1],
      [4, 3],
    ]);
  });

  it('PUB-7: one that overtook is sent again behind what it overtook, and keeps its place', async () => {
    const { requests, h, ack } = setUp();
    requests.down.say(connectedFrame());
    const channel = h.client.channel('a');
    const done = [channel.publish('x'), channel.publish('y')];
    const [first, second] = requests.up;
    const id = only(second!.frames[1], 'publish').id;
    second!.say({ type: 'error', id, code: 'out-of-order', message: '' }).end();
    expect(requests.up).toEqual([first]);
    first!.say(ack(only(first!.frames[1], 'publish').id, 1)).end();
    const again = only(requests.up[0]!.frames[1], 'publish');
    expect([again.seq, again.after, again.retry]).toEqual([2, undefined, undefined]);
    requests.up[0]!.say(ack(id, 2)).end();
    expect((await Promise.all(done)).map(({ position }) => position.offset)).toEqual([1, 2]);
  });

  it('HTTP-19: what a failed upstream request carried is sent again, but for calls, and the connection stands', async () => {
    const { requests, h, ack } = setUp();
    requests.down.say(connectedFrame());
    const published = h.client.channel('a').publish('x');
    const call = h.client.call('m', 1);
    const page = h.client.channel('a').history();
    requests.up[0]!.end(false);
    await expect(call).rejects.toMatchObject({ code: 'connection-lost' });
    expect(h.client.state.status).toBe('connected');
    const sent = requests.up.flatMap(({ frames }) => frames.slice(1));
    expect(typesOf(sent).toSorted()).toEqual(['history', 'publish']);
    const again = only(
      sent.find(({ type }) => type === 'publish'),
      'publish',
    );
    expect([again.seq, again.retry]).toEqual([1, true]);
    requests.up.find(({ types }) => types.includes('publish'))!.say(ack(again.id, 1));
    expect((await published).position.offset).toBe(1);
    h.client.close();
    await expect(page).rejects.toMatchObject({ code: 'closed' });
  });

  it('HTTP-19: three failures in a row are the end of the connection, and it says why', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    h.client
      .channel('a')
      .publish('x')
      .catch(() => {});
    for (let i = 0; i < 2; i++) requests.up[0]!.end(false, 'answered 503');
    expect(h.client.state.status).toBe('connected');
    requests.up[0]!.end(false, 'answered 503');
    expect(h.client.state).toMatchObject({
      status: 'waiting',
      error: { code: 'unavailable', message: 'answered 503' },
    });
    expect(requests.all.filter(({ open }) => open)).toEqual([]);
  });

  it('no publish or call is sent before the client is let in', () => {
    const { requests, h } = setUp();
    h.client
      .channel('a')
      .publish('x')
      .catch(() => {});
    expect(requests.up).toEqual([]);
    requests.down.say({ type: 'error', code: 'forbidden', message: 'no' });
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'forbidden' } });
    expect(requests.all).toHaveLength(1);
  });

  it('SES-4: is not given up for good because one of its own requests superseded another', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    requests.down.say({ type: 'error', code: 'superseded', message: '' });
    expect(h.client.state.status).toBe('waiting');
  });

  it('SES-7: a draining node is left for another when it says so', () => {
    const { requests, h } = setUp('poll');
    requests.down.say(connectedFrame()).end();
    requests.down.say({ type: 'goaway', retryAfterMs: 700 }, { type: 'error', code: 'going-away', message: '' });
    expect(h.client.state).toMatchObject({ status: 'waiting', retryAt: h.clock.now() + 700 });
  });

  it('SES-6: a refreshed token goes with all that is asked from then on', async () => {
    let tokens = 0;
    const { requests, h } = setUp('stream', { token: () => `t${++tokens}` });
    requests.down.say(connectedFrame());
    const refreshed = h.client.refresh();
    const [up] = requests.up;
    up!.say(connectedFrame(), { type: 'done', id: only(up!.frames[1], 'refresh').id }).end();
    await refreshed;
    h.clock.advance(0);
    expect(requests.down.frames[0]).toMatchObject({ token: 't2' });
  });

  it('CLI-6: close gives up every request and leaves no timer', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    h.client
      .channel('a')
      .publish('x')
      .catch(() => {});
    record(h);
    h.client.close();
    expect(requests.all.filter(({ open }) => open)).toEqual([]);
    expect(h.clock.timers).toBe(0);
  });
});

describe('long polling', () => {
  it('HTTP-5: asks for an answer at once when it waits for the server, and is held otherwise', () => {
    const { requests, h } = setUp('poll');
    expect(requests.down.query.toString()).toBe('codec=json&hold=25000&now=1');
    requests.down.say(connectedFrame({ heartbeatMs: 25_000 })).end();
    expect(requests.down.query.has('now')).toBe(false);
    record(h);
    h.clock.advance(0);
    expect(requests.down.query.has('now')).toBe(true);
  });

  it('HTTP-5: has one request under way when idle, and hears from the server in time', () => {
    const { requests, h } = setUp('poll');
    requests.down.say(connectedFrame({ heartbeatMs: 25_000 })).end();
    for (let i = 0; i < 4; i++) {
      h.clock.advance(25_000);
      requests.down.say(connectedFrame({ heartbeatMs: 25_000 })).end();
    }
    expect(requests.all.filter(({ open }) => open)).toHaveLength(1);
    expect(h.diagnostics).toEqual([]);
  });

  it('HB-2: answers to other requests are no sign of life of what delivers (seed 2535)', () => {
    const { requests, h } = setUp();
    requests.down.say(connectedFrame());
    for (let i = 0; i < 5 && h.client.state.status === 'connected'; i++) {
      h.client
        .channel('a')
        .publish('x')
        .catch(() => {});
      requests.up[0]!.say(connectedFrame()).end();
      h.clock.advance(4_000);
    }
    expect(h.diagnostics).toMatchObject([{ kind: 'silence' }]);
  });

  it('HB-2: a poll that is never answered is given up', () => {
    const { requests, h } = setUp('poll');
    requests.down.say(connectedFrame({ heartbeatMs: 25_000 })).end();
    h.clock.advance(30_000);
    expect(h.diagnostics).toMatchObject([{ kind: 'silence' }]);
    expect(requests.all.filter(({ open }) => open)).toEqual([]);
  });
});
