import { describe, expect, it } from 'vitest';
import { type ClientFrame, type Subscribe, call, defineCalls, defineChannels, log, map } from '@longwave/protocol';
import { z } from 'zod';
import { createHarness } from '../testing/harness.js';
import { downstreamBeats } from './completion.js';

const anything = z.unknown();
const channels = defineChannels({ 'chat/:room': log() });
const hold = { holdMs: 25_000, atOnce: false };
const now = { holdMs: 25_000, atOnce: true };

const connect = (turn = 1, client = 'c'): ClientFrame => ({ type: 'connect', version: 1, client, turn });
const subscribe = (room: string, more: Partial<Subscribe> = {}): Subscribe => ({
  ...{ type: 'subscribe', id: 1, channel: `chat/${room}` },
  ...more,
});
const publish = (seq: number, data: unknown, after?: number): ClientFrame => {
  return { type: 'publish', id: seq, channel: 'chat/a', seq, data, after };
};

/** Lets what was resolved go on. */
async function settle(clock: { turn(): void }): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  clock.turn();
}

function setUp(options?: Parameters<typeof createHarness>[1]) {
  const harness = createHarness(channels, options);
  const epoch = (harness.store.bounds('chat/a') as { epoch: string }).epoch;
  const say = async (data: unknown, room = 'a'): Promise<void> => {
    await harness.engine.publish(`chat/${room}`, data);
    harness.clock.turn();
  };
  return { ...harness, epoch, say };
}

describe('a stream', () => {
  it.each(['json', 'binary'] as const)('HTTP-3: delivers to what it asks for, in %s', async (codec) => {
    const { request, say } = setUp();
    const answer = request('stream', [connect(), subscribe('a'), subscribe('b', { id: 2 })], codec);
    await say('x');
    await say('y', 'b');
    expect(answer.types).toEqual(['connected', 'subscribed', 'subscribed', 'message', 'message']);
    expect(answer.ended).toBe(false);
  });

  it('HTTP-3: takes the place of the one before, and nothing is lost between them', async () => {
    const { request, say, epoch, engine } = setUp();
    const first = request('stream', [connect(1), subscribe('a')]);
    await say('x');
    const second = request('stream', [connect(2), subscribe('a', { epoch, offset: 0, again: true })]);
    await say('y');
    expect(first.ended).toBe(true);
    expect(first.frames.at(-1)).toMatchObject({ type: 'error', code: 'superseded' });
    expect(second.frames.filter(({ type }) => type === 'message')).toMatchObject([{ offset: 1 }, { offset: 2 }]);
    expect(engine.stats.connections).toBe(1);
  });

  it('SES-14: a request that comes late takes the place of no newer one', () => {
    const { request } = setUp();
    const newer = request('stream', [connect(2), subscribe('a')]);
    const late = request('stream', [connect(1), subscribe('a')]);
    expect(late.frames).toMatchObject([{ type: 'error', code: 'superseded' }]);
    expect(late.ended).toBe(true);
    expect(newer.ended).toBe(false);
    request('stream', [connect(2), subscribe('a')]);
    expect(newer.ended).toBe(true);
  });

  it('HTTP-17: silence does not end it, and the server does after 30 heartbeats', () => {
    const { request, clock, engine } = setUp({ heartbeatMs: 1000 });
    const answer = request('stream', [connect(), subscribe('a')]);
    clock.advance(1000 * downstreamBeats);
    expect(answer.ended).toBe(false);
    expect(answer.types.filter((type) => type === 'ping')).toHaveLength(downstreamBeats);
    clock.advance(1000);
    expect(answer.ended).toBe(true);
    expect(answer.types).not.toContain('error');
    expect(engine.stats.connections).toBe(0);
  });

  it('HTTP-3: may name more subscriptions than a message has frames', () => {
    const { request } = setUp();
    const all = Array.from({ length: 256 }, (_, i) => subscribe(`r${i}`, { id: i + 1 }));
    expect(request('stream', [connect(), ...all]).types.filter((type) => type === 'subscribed')).toHaveLength(256);
  });
});

describe('a poll', () => {
  it('HTTP-5: is answered with the first news, and with what comes in the same turn', async () => {
    const { request, say, epoch, engine, clock } = setUp();
    const answer = request(hold, [connect(), subscribe('a', { epoch, offset: 0, again: true })]);
    expect([answer.ended, answer.types]).toEqual([false, []]);
    await Promise.all([engine.publish('chat/a', 'x'), engine.publish('chat/a', 'y')]);
    clock.turn();
    expect(answer.ended).toBe(true);
    expect(answer.types).toEqual(['connected', 'subscribed', 'message']);
    await say('z');
    expect(answer.types).toHaveLength(3);
    expect(engine.stats).toMatchObject({ connections: 0, subscriptions: 0, channels: 0 });
  });

  it('HTTP-20: what it is behind comes at once, in as many answers as it takes', async () => {
    const { request, say, epoch } = setUp();
    const text = 'x'.repeat(30_000);
    for (let i = 0; i < 5; i++) await say(text);
    let offset = 0;
    for (let polls = 0; offset < 5 && polls < 5; polls++) {
      const { frames } = request(hold, [connect(polls), subscribe('a', { epoch, offset, again: true })]);
      for (const frame of frames) if (frame.type === 'message') offset = frame.offset + frame.ops.length - 1;
    }
    expect(offset).toBe(5);
  });

  it('HTTP-5: the answer to a new subscription, to a refused one and a reset are news', async () => {
    const { request, say } = setUp();
    await say('x');
    const asked = [
      subscribe('a'),
      subscribe('a', { last: 1 }),
      { ...subscribe('a'), channel: 'nowhere' },
      subscribe('a', { epoch: 'other', offset: 3, again: true }),
    ];
    for (const [i, frame] of asked.entries()) expect(request(hold, [connect(i), frame]).ended).toBe(true);
  });

  it('HTTP-5: a first answer has what a new subscription begins with', async () => {
    const { request, say } = setUp();
    await say('x');
    const answer = request(hold, [connect(), subscribe('a', { last: 1 })]);
    expect(answer.types).toEqual(['connected', 'subscribed', 'message']);
  });

  it('HTTP-5: waits until all that it asked has been looked at', async () => {
    let admit: (allowed: boolean) => void = () => undefined;
    const authority = {
      authenticate: () => ({}),
      authorize: ({ channel }: { channel: string }) =>
        channel === 'chat/slow' ? new Promise<boolean>((resolve) => (admit = resolve)) : true,
    };
    const { request, say, clock } = setUp({ authority });
    const answer = request(hold, [connect(), subscribe('a'), subscribe('slow', { id: 2 })]);
    await say('x');
    expect(answer.ended).toBe(false);
    admit(true);
    await expect.poll(() => (clock.turn(), answer.ended)).toBe(true);
    expect(answer.frames.filter(({ type }) => type === 'subscribed')).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  it('HTTP-21: without news it is answered when it has been held, and says how long that is', () => {
    const { request, clock, epoch } = setUp();
    const answer = request(hold, [connect(), subscribe('a', { epoch, offset: 0, again: true })]);
    clock.advance(24_999);
    expect(answer.ended).toBe(false);
    clock.advance(1);
    expect(answer.ended).toBe(true);
    expect(answer.frames).toMatchObject([
      { type: 'connected', heartbeatMs: 25_000 },
      { type: 'subscribed', top: 0 },
    ]);
    expect(clock.timers).toBe(1);
  });

  it('HTTP-21: with `now` it is answered at once', () => {
    const { request, epoch } = setUp();
    const answer = request(now, [connect(), subscribe('a', { epoch, offset: 0, again: true })]);
    expect([answer.ended, answer.types]).toEqual([true, ['connected', 'subscribed']]);
  });

  it('HTTP-5: a client that is gone leaves nothing behind', () => {
    const { request, clock, epoch, engine } = setUp();
    const answer = request(hold, [connect(), subscribe('a', { epoch, offset: 0, again: true })]);
    answer.session.closed();
    expect(engine.stats).toMatchObject({ connections: 0, subscriptions: 0, channels: 0 });
    // The engine's own.
    expect(clock.timers).toBe(1);
  });

  it('SES-16: a drain ends it with what it has, and its client asks on', () => {
    const { request, epoch, engine, clock } = setUp();
    const answer = request(hold, [connect(), subscribe('a', { epoch, offset: 0, again: true })]);
    void engine.drain(1000);
    clock.advance(100);
    expect(answer.ended).toBe(true);
    expect(answer.types).toEqual(['connected', 'subscribed']);
  });

  it('HTTP-20: a state is sent whole', async () => {
    const { engine, request } = createHarness(defineChannels({ board: map() }));
    for (let i = 0; i < 30; i++) await engine.change('board', { key: `k${i}`, data: 'x'.repeat(10_000) });
    const answer = request(hold, [connect(), { type: 'subscribe', id: 1, channel: 'board' }]);
    expect(answer.ended).toBe(true);
    const changes = answer.frames.filter((frame) => frame.type === 'changes');
    expect(changes.flatMap(({ ops }) => ops)).toHaveLength(30);
    expect(changes.at(-1)?.more).toBeUndefined();
  });

  it('HTTP-1, SES-7: a drain without time is told in its answer', async () => {
    const { request, epoch, engine } = setUp();
    const answer = request(hold, [connect(), subscribe('a', { epoch, offset: 0, again: true })]);
    await engine.drain(0);
    expect(answer.ended).toBe(true);
    expect(answer.types.slice(-2)).toEqual(['goaway', 'error']);
  });
});

describe('an upstream request', () => {
  it.each(['json', 'binary'] as const)('HTTP-4: ends with the last answer, in %s', (codec) => {
    const { request } = setUp();
    const answer = request('send', [connect(), publish(1, 'x'), publish(2, 'y')], codec);
    expect([answer.types, answer.ended]).toEqual([['connected', 'ack', 'ack'], true]);
  });

  it('HTTP-4: waits for calls, however they come in', async () => {
    const replies: ((value: string) => void)[] = [];
    const calls = defineCalls({ slow: call(anything, () => new Promise<string>((resolve) => replies.push(resolve))) });
    const { request, clock } = setUp({ calls });
    const ask = (id: number): ClientFrame => ({ type: 'call', id, method: 'slow', data: null });
    const answer = request('send', [connect(), ask(1), publish(1, 'x'), ask(2)]);
    await expect.poll(() => replies.length).toBe(2);
    replies[1]!('b');
    await expect.poll(() => (clock.turn(), answer.types)).toEqual(['connected', 'ack', 'reply']);
    expect(answer.ended).toBe(false);
    replies[0]!('a');
    await expect.poll(() => (clock.turn(), answer.ended)).toBe(true);
  });

  it('HTTP-4: supersedes nothing, and is ended by nothing that supersedes', () => {
    const { request } = setUp();
    const stream = request('stream', [connect(5), subscribe('a')]);
    expect(request('send', [connect(1), publish(1, 'x')]).types).toEqual(['connected', 'ack']);
    expect(stream.ended).toBe(false);
  });

  it('HTTP-4: its last answers wait for the link to take more (seed 2645)', async () => {
    let reply: (value: string) => void = () => undefined;
    const calls = defineCalls({ slow: call(anything, () => new Promise<string>((resolve) => (reply = resolve))) });
    const { request, clock } = setUp({ calls });
    const answer = request('send', [connect(), { type: 'call', id: 1, method: 'slow', data: null }], 'json', {
      room: 1,
    });
    await Promise.resolve();
    reply('late');
    await new Promise(setImmediate);
    clock.turn();
    expect([answer.types, answer.ended]).toEqual([['connected'], false]);
    answer.room = Infinity;
    answer.session.drained();
    clock.turn();
    expect([answer.types, answer.ended]).toEqual([['connected', 'reply'], true]);
  });

  it('HTTP-1: a refusal comes as a frame, and nothing behind it is handled', () => {
    const authority = {
      authenticate: () => {
        throw new Error('broken');
      },
      authorize: () => true,
    };
    const { request, engine } = setUp({ authority });
    const answer = request('send', [connect(), publish(1, 'x')]);
    expect(answer.frames).toMatchObject([{ type: 'error', code: 'unauthenticated' }]);
    expect([answer.ended, engine.stats.published]).toEqual([true, 0]);
  });

  it('HTTP-6: frames count over all requests of a client: one may go into debt, the next waits for its turn', async () => {
    const { request, clock } = setUp({ limits: { framesPerSecond: 10 } });
    const send = (client?: string) => request('send', [connect(1, client), ...[1, 2, 3, 4].map((n) => publish(n, n))]);
    expect(Array.from({ length: 3 }, () => send().ended)).toEqual([true, true, true]);
    const waiting = [send(), send()];
    expect(send('other').ended).toBe(true);
    for (const place of [0, 1]) {
      clock.advance(499);
      await settle(clock);
      expect(waiting.map(({ ended }) => ended)).toEqual([place === 1, false]);
      clock.advance(1);
      await settle(clock);
    }
    expect(waiting.map(({ types }) => types.filter((type) => type === 'ack').length)).toEqual([4, 4]);
  });

  it('HTTP-6: who would wait for more than a second is refused, and is not charged: it is let in when it was told to come', async () => {
    const { request, clock } = setUp({ limits: { framesPerSecond: 10 } });
    const frames = [connect(), ...Array.from({ length: 39 }, (_, i) => publish(i + 1, i))];
    expect(request('send', frames).ended).toBe(true);
    for (let i = 0; i < 50; i++) {
      expect(request('send', frames).frames).toMatchObject([
        { type: 'error', code: 'rate-limited', retryAfterMs: 3000 },
      ]);
    }
    clock.advance(3000);
    expect(request('send', frames).types).not.toContain('error');
  });

  it.each(['json', 'binary'] as const)(
    'HTTP-6: of one that is refused nothing behind connect is read, in %s',
    (codec) => {
      const { request, engine } = setUp({ limits: { framesPerSecond: 10 } });
      const frames = [connect(), ...Array.from({ length: 39 }, (_, i) => publish(i + 1, i))];
      expect(request('send', frames, codec).types).not.toContain('error');
      const before = engine.stats.framesReceived;
      for (let i = 0; i < 10; i++) {
        expect(request('send', frames, codec).frames).toMatchObject([{ type: 'error', code: 'rate-limited' }]);
      }
      expect(engine.stats.framesReceived - before).toBe(10);
    },
  );

  it('LIM-9, HTTP-6: a history request counts as ten frames', () => {
    const { request } = setUp({ limits: { framesPerSecond: 100 } });
    const history = (id: number): ClientFrame => ({ type: 'history', id, channel: 'chat/a', limit: 1 });
    const frames = [connect(), ...Array.from({ length: 30 }, (_, i) => history(i))];
    expect(request('send', frames).types.filter((type) => type === 'page')).toHaveLength(30);
    expect(request('send', frames).frames).toMatchObject([{ type: 'error', code: 'rate-limited', retryAfterMs: 2010 }]);
  });

  it.each([150, 1023])('HTTP-3, HTTP-6: with 100 frames a second, a request of %i subscriptions is let in', (count) => {
    const { request } = setUp({ limits: { framesPerSecond: 100, subscriptions: 2000 } });
    const all = Array.from({ length: count }, (_, i) => subscribe(`r${i}`, { id: i + 1 }));
    const answer = request('stream', [connect(), ...all]);
    expect(answer.types.filter((type) => type === 'subscribed')).toHaveLength(count);
  });

  it('HTTP-6: a subscription that stands costs an eighth of a frame', () => {
    const { request, epoch } = setUp({ limits: { framesPerSecond: 100 } });
    const all = Array.from({ length: 80 }, (_, i) => subscribe(`r${i}`, { id: i + 1, epoch, offset: 0, again: true }));
    // 11 each, and one may go into debt.
    for (let turn = 1; turn <= 10; turn++) expect(request(now, [connect(turn), ...all]).ended).toBe(true);
    expect(request(now, [connect(11), ...all]).ended).toBe(false);
  });

  it('LIM-13: a subscription with a view costs five frames, and one that stands as any other', () => {
    const { request } = setUp({ limits: { framesPerSecond: 20 } });
    const views = (again: true | undefined) =>
      Array.from({ length: 8 }, (_, i) => subscribe(`r${i}`, { id: i + 1, view: { keys: [`k${i}`] }, again }));
    // Its connect and an eighth of each, and then one that goes into debt, for another 41.
    for (let turn = 1; turn <= 5; turn++) expect(request(now, [connect(turn), ...views(true)]).ended).toBe(true);
    expect(request(now, [connect(6), ...views(undefined)]).ended).toBe(true);
    const refused = request(now, [connect(7), ...views(true)]);
    expect(refused.frames).toMatchObject([{ type: 'error', code: 'rate-limited' }]);
  });

  it('HTTP-6: what waits for its turn is given up with its request, and its timer with it', () => {
    const { request, clock, engine } = setUp({ limits: { framesPerSecond: 10 } });
    const frames = [connect(), ...Array.from({ length: 14 }, (_, i) => publish(i + 1, i))];
    request('send', frames);
    const { timers } = clock;
    const waiting = request('send', frames);
    expect([waiting.ended, clock.timers]).toEqual([false, timers + 1]);
    waiting.session.closed();
    expect([clock.timers, engine.stats.connections]).toEqual([timers, 0]);
  });

  describe('HTTP-8: clients without a user that are new count for their address', () => {
    const limits = { addressFramesPerSecond: 10 };
    const from = (remoteAddress: string) => ({ remoteAddress });
    const frames = (client: string) => [connect(1, client), ...Array.from({ length: 29 }, (_, i) => publish(i + 1, i))];

    it('HTTP-23: a new client id each time brings no new allowance, from whichever address of one IPv6 /64', () => {
      const { request } = setUp({ limits });
      const send = (client: string, address: string) => request('send', frames(client), 'json', from(address));
      for (let i = 0; i < 2; i++) expect(send(`c${i}`, `2001:db8::${i}`).types).not.toContain('error');
      expect(send('c2', '2001:db8::2').types).not.toContain('rate-limited');
      expect(send('c3', '2001:db8::3').frames).toMatchObject([{ code: 'rate-limited', retryAfterMs: 4000 }]);
      expect(send('c4', '2001:db8:0:1::3').types).not.toContain('error');
    });

    it('one that is known for 10 s counts for itself alone, and so does who has a user', () => {
      const authority = { authenticate: (user?: string) => ({ user }), authorize: () => true };
      const { request, clock } = setUp({ limits, authority });
      const here = from('192.0.2.1');
      expect(request('send', [connect(1, 'known')], 'json', here).types).toEqual(['connected']);
      clock.advance(10_000);
      for (let i = 0; i < 3; i++) request('send', frames(`c${i}`), 'json', here);
      expect(request('send', frames('c3'), 'json', here).frames).toMatchObject([{ code: 'rate-limited' }]);
      expect(request('send', frames('known'), 'json', here).types).not.toContain('error');
      const [, ...publishes] = frames('x');
      const ada: ClientFrame = { type: 'connect', version: 1, client: 'x', token: 'ada' };
      expect(request('send', [ada, ...publishes], 'json', here).types).not.toContain('error');
    });

    it('HTTP-23: a visit counts as a frame', async () => {
      const { engine } = setUp({ limits: { addressFramesPerSecond: 1 } });
      const info = { transport: 'test', headers: {}, remoteAddress: '192.0.2.1' };
      const visit = () => engine.readAs({ token: undefined, info }, 'chat/a', { limit: 1 });
      for (let i = 0; i < 7; i++) await visit();
      await expect(visit()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 2000 });
    });
  });
});

describe('publishes over parallel requests', () => {
  it('PUB-7: one that overtakes another is refused, and stored when it comes behind it', () => {
    const { request, engine } = setUp();
    const early = request('send', [connect(), publish(2, 'second', 1)]);
    expect(early.frames.at(-1)).toMatchObject({ type: 'error', id: 2, code: 'out-of-order' });
    expect(request('send', [connect(), publish(1, 'first')]).frames.at(-1)).toMatchObject({ type: 'ack', offset: 1 });
    expect(request('send', [connect(), publish(2, 'second', 1)]).frames.at(-1)).toMatchObject({ offset: 2 });
    expect(engine.stats.published).toBe(2);
  });

  it('PUB-7: one that is stored already is acknowledged whatever it names', () => {
    const { request } = setUp();
    request('send', [connect(), publish(1, 'first'), publish(2, 'second', 1)]);
    const again = request('send', [connect(), { ...publish(2, 'second', 1), retry: true } as ClientFrame]);
    expect(again.frames.at(-1)).toMatchObject({ type: 'ack', offset: 2, duplicate: true });
  });

  it('PUB-7: one that names itself or a later one is refused for good: it could never be stored', () => {
    const { request } = setUp();
    for (const after of [5, 6]) {
      const { frames } = request('send', [connect(), publish(5, 'x', after)]);
      expect(frames.at(-1)).toMatchObject({
        type: 'error',
        id: 5,
        code: 'invalid-data',
        message: `after is ${after}; it names a publish before this one, which has seq 5.`,
      });
    }
  });

  it("PUB-7: one known by another's message id does not stand for what comes before it (seed 1966)", () => {
    const { request } = setUp();
    request('send', [connect(1, 'other'), { ...publish(1, 'x'), messageId: 'm' } as ClientFrame]);
    const answer = request('send', [
      connect(),
      { ...publish(2, 'x', 1), messageId: 'm' } as ClientFrame,
      publish(3, 'z', 2),
    ]);
    expect(answer.frames.slice(1)).toMatchObject([{ code: 'out-of-order' }, { code: 'out-of-order' }]);
  });
});
