import { describe, expect, it } from 'vitest';
import { LongwaveError, defineCalls, defineChannels, log } from '@longwave/protocol';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ 'chat/:room': log(), '@me': log() });

describe('connecting', () => {
  it('SES-1: the first frame must be connect', () => {
    const { link, clock } = createHarness(channels);
    const peer = link();
    peer.send({ type: 'ping' });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ code: 'bad-frame' }]);
    expect(peer.closed?.code).toBe(4400);
  });

  it('SES-1: a client that does not connect within 10 s is closed with 4408', () => {
    const { link, clock } = createHarness(channels);
    const peer = link();
    clock.advance(9_000);
    expect(peer.closed).toBeUndefined();
    clock.advance(2_000);
    expect(peer.closed?.code).toBe(4408);
  });

  it('SES-1: a clock that is set back gives such a client no more time', () => {
    let setBackMs = 0;
    const harness = createHarness(channels);
    const { clock, link } = harness;
    const now = clock.now.bind(clock);
    clock.now = () => now() - setBackMs;
    const peer = link();
    setBackMs = 3_600_000;
    clock.advance(12_000);
    expect(peer.closed?.code).toBe(4408);
  });

  it('SES-2: frames behind connect are handled after an asynchronous authentication, in order', async () => {
    let admit: (identity: { user: string }) => void = () => undefined;
    const authority = {
      authenticate: () => new Promise<{ user: string }>((resolve) => (admit = resolve)),
      authorize: () => true,
    };
    const { link, clock } = createHarness(channels, { authority });
    const peer = link();
    peer.send(
      { type: 'connect', version: 1, client: 'c' },
      { type: 'subscribe', id: 1, channel: 'chat/a' },
      { type: 'publish', id: 2, channel: 'chat/a', seq: 1, data: 'x' },
    );
    clock.turn();
    expect(peer.frames).toEqual([]);
    admit({ user: 'ada' });
    await expect
      .poll(() => (clock.turn(), peer.frames.map(({ type }) => type)))
      .toEqual(['connected', 'subscribed', 'ack', 'message']);
    expect(peer.take('connected')[0]?.user).toBe('ada');
  });

  it('asks a link that knows its own facts for them, and keeps the parameters of a client', () => {
    const { link, clock } = createHarness(channels);
    const open = (params?: Record<string, string>) => {
      const peer = Object.assign(link(), { info: { transport: 'test', headers: {}, remoteAddress: '192.0.2.1' } });
      peer.send({ type: 'connect', version: 1, client: 'c', ...(params && { params }) });
      clock.turn();
      return peer;
    };
    const plain = open();
    expect(plain.session.info).toBe(plain.info);
    expect(plain.session.view.info.remoteAddress).toBe('192.0.2.1');
    expect(open({ device: 'phone' }).session.info.params).toEqual({ device: 'phone' });
  });

  it('SES-3: nothing behind a refused connect is handled', () => {
    const authority = {
      authenticate: () => {
        throw new LongwaveError('unauthenticated', 'No.');
      },
      authorize: () => true,
    };
    const { link, clock, engine } = createHarness(channels, { authority });
    const peer = link();
    peer.send(
      { type: 'connect', version: 1, client: 'c' },
      { type: 'publish', id: 2, channel: 'chat/a', seq: 1, data: 'x' },
    );
    clock.turn();
    expect(peer.frames).toMatchObject([{ type: 'error', code: 'unauthenticated', message: 'No.' }]);
    expect(peer.closed?.code).toBe(4401);
    expect(engine.stats.published).toBe(0);
  });

  it('SES-4: a connection of the same client supersedes the older one at once', () => {
    const { connect } = createHarness(channels);
    const older = connect('json', 'same');
    older.room = 0;
    const newer = connect('json', 'same');
    expect(older.closed?.code).toBe(4409);
    expect(newer.closed).toBeUndefined();
  });

  it('SES-4: the same client id of another user supersedes nothing', () => {
    const authority = { authenticate: (token?: string) => ({ user: token }), authorize: () => true };
    const { connect } = createHarness(channels, { authority });
    const ada = connect('json', 'same', 'ada');
    connect('json', 'same', 'bob');
    expect(ada.closed).toBeUndefined();
  });

  it.each([
    ['its own', 'ada', 'ada', undefined],
    ['another user', 'bob', 'ada', 4403],
    ['nobody', undefined, 'ada', 4403],
    ['a user, where it had none', 'ada', undefined, undefined],
  ])('SES-19: a client that comes back as %s', (_, token, user, code) => {
    const authority = { authenticate: (given?: string) => ({ user: given }), authorize: () => true };
    const { link, clock } = createHarness(channels, { authority });
    const peer = link();
    peer.send(
      { type: 'connect', version: 1, client: 'c', token, user },
      { type: 'publish', id: 1, channel: 'chat/a', seq: 1, data: 1 },
    );
    clock.turn();
    expect(peer.closed?.code).toBe(code);
    expect(peer.take('ack')).toHaveLength(code === undefined ? 1 : 0);
  });

  it('SES-8: a second connect is bad-frame and the connection lives', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.send({ type: 'connect', version: 1, client: 'other' }, { type: 'ping' });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ code: 'bad-frame' }]);
    expect(peer.take('pong')).toHaveLength(1);
  });

  it('ERR-1: what goes wrong inside stays inside', () => {
    const authority = {
      authenticate: () => {
        throw new Error('secret of the database');
      },
      authorize: () => true,
    };
    const { connect, errors } = createHarness(channels, { authority });
    const peer = connect();
    expect(peer.take('error')).toMatchObject([{ code: 'unauthenticated' }]);
    expect(JSON.stringify(peer.frames)).not.toContain('secret');
    expect(errors).toHaveLength(1);
  });
});

describe('frames', () => {
  it('WIRE-1: the frames of one message are handled in their order', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.send(
      { type: 'subscribe', id: 1, channel: 'chat/a' },
      { type: 'unsubscribe', id: 2, channel: 'chat/a' },
      { type: 'ping' },
    );
    clock.turn();
    expect(peer.frames.map(({ type }) => type)).toEqual(['connected', 'subscribed', 'done', 'pong']);
  });

  it('WIRE-6: a bad frame is answered with its id, its neighbours are handled, and the tenth without one closes', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.session.receive('{"type":"publish","id":7}\n{"type":"ping"}\nnot json');
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 7, code: 'bad-frame' }, { code: 'bad-frame' }]);
    expect(peer.take('pong')).toHaveLength(1);
    for (let i = 0; i < 20; i++) peer.session.receive('{"type":"publish","id":8,"channel":5}');
    for (let i = 0; i < 8; i++) peer.session.receive('{"type":"nonsense"}');
    clock.turn();
    expect(peer.closed).toBeUndefined();
    peer.session.receive('{"type":"nonsense"}');
    expect(peer.closed?.code).toBe(4400);
  });

  it('HB-1: ping is answered with pong', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.send({ type: 'ping' });
    clock.turn();
    expect(peer.take('pong')).toHaveLength(1);
  });

  it('LIM-1: more than 256 frames in a message, or more than 64 KiB, end the connection', () => {
    const { connect } = createHarness(channels);
    const many = connect();
    many.session.receive('{"type":"ping"}\n'.repeat(257));
    expect(many.closed?.code).toBe(4430);
    const large = connect();
    large.session.receive('x'.repeat(65_537));
    expect(large.closed?.code).toBe(4413);
  });

  it('LIM-1: a connection above its frame rate is read from more slowly, and nothing is lost', () => {
    const { connect, clock } = createHarness(channels, { limits: { framesPerSecond: 10 } });
    const peer = connect();
    for (let i = 0; i < 20; i++) peer.send({ type: 'ping' });
    clock.turn();
    expect(peer.calls).toEqual(['pause']);
    expect(peer.take('pong')).toHaveLength(20);
    clock.advance(2_000);
    expect(peer.calls).toEqual(['pause', 'resume']);
  });
});

describe('life', () => {
  it('HB-2: the server pings each interval and gives up after two without a word', () => {
    const { connect, clock } = createHarness(channels);
    const quiet = connect();
    const alive = connect();
    for (let i = 0; i < 4; i++) {
      clock.advance(10_000);
      if (!alive.closed) alive.send({ type: 'pong' });
    }
    clock.turn();
    expect(quiet.closed?.code).toBe(4408);
    expect(alive.closed).toBeUndefined();
    expect(alive.take('ping')).toHaveLength(4);
  });

  it('SES-6: an identity that expires ends the connection, a refresh keeps it, and cannot change the user', () => {
    let clockNow = () => 0;
    const authority = {
      authenticate: (token?: string) => ({ user: token, expiresAt: clockNow() + 5_000 }),
      authorize: () => true,
    };
    const { connect, clock } = createHarness(channels, { authority });
    clockNow = () => clock.now();
    const kept = connect('json', 'a', 'ada');
    const lost = connect('json', 'b', 'ada');
    clock.advance(3_000);
    kept.send({ type: 'refresh', id: 1, token: 'ada' }, { type: 'refresh', id: 2, token: 'eve' });
    clock.advance(3_000);
    expect(kept.closed).toBeUndefined();
    expect(kept.take('done')).toMatchObject([{ id: 1 }]);
    expect(kept.take('error')).toMatchObject([{ id: 2, code: 'forbidden' }]);
    expect(lost.closed?.code).toBe(4401);
  });

  it('SES-7: a draining engine asks one after the other to go, and closes with 4504 who did not', async () => {
    const { connect, engine, clock } = createHarness(channels);
    const peers = [connect(), connect(), connect()];
    const asked = () => peers.map((peer) => peer.take('goaway').length);
    let gone = false;
    const drained = engine.drain(1_000).then(() => (gone = true));
    const pass = async (ms: number) => {
      for (let i = 0; i < ms; i += 50) {
        clock.advance(50);
        for (let turns = 0; turns < 4; turns++) await Promise.resolve();
        clock.turn();
      }
    };
    await pass(50);
    expect(asked()).toEqual([1, 1, 0]);
    expect(peers[0]!.take('goaway')).toMatchObject([{ retryAfterMs: 0 }]);
    await pass(300);
    expect(asked()).toEqual([1, 1, 1]);
    // One of them has connected elsewhere.
    peers[0]!.session.closed();
    await pass(700);
    expect([gone, peers.map(({ closed }) => closed)]).toEqual([false, [undefined, undefined, undefined]]);
    await pass(400);
    await drained;
    expect(peers.map(({ closed }) => closed?.code)).toEqual([undefined, 4504, 4504]);
    expect(peers[1]!.take('error')).toMatchObject([{ code: 'going-away', retryAfterMs: 500 }]);
  });

  it('SES-7: a drain ends when the last one has gone', async () => {
    const { connect, engine, clock } = createHarness(channels);
    const peer = connect();
    let gone = false;
    void engine.drain(5_000).then(() => (gone = true));
    peer.session.closed();
    for (let i = 0; i < 4; i++) await Promise.resolve();
    clock.advance(50);
    for (let i = 0; i < 4; i++) await Promise.resolve();
    expect(gone).toBe(true);
  });

  it('closing releases every timer, those of peers that were held back as well', async () => {
    const { connect, engine, clock } = createHarness(channels, { limits: { framesPerSecond: 1 } });
    const peer = connect();
    for (let i = 0; i < 20; i++) peer.send({ type: 'ping' });
    await engine.close();
    expect(peer.closed?.code).toBe(4504);
    expect(clock.timers).toBe(0);
  });

  it('a connection that was held back leaves no timer when it ends', () => {
    const { connect, clock } = createHarness(channels, { limits: { framesPerSecond: 1 } });
    const { timers } = clock;
    const peer = connect();
    for (let i = 0; i < 20; i++) peer.send({ type: 'ping' });
    peer.session.closed();
    expect(clock.timers).toBe(timers);
  });

  it('closing in the middle of a drain ends the drain at once (seed 87493)', async () => {
    const { connect, engine, clock } = createHarness(channels);
    const peers = [connect(), connect(), connect()];
    const drained = engine.drain(1_000);
    await engine.close();
    await drained;
    expect(peers.map(({ closed }) => closed?.code)).toEqual([4504, 4504, 4504]);
    expect(clock.timers).toBe(0);
  });
});

describe('calls', () => {
  const calls = defineCalls({
    double: { input: undefined, handle: (input: unknown) => (input as number) * 2 },
    slow: { input: undefined, handle: () => new Promise<string>((resolve) => setTimeout(resolve, 5, 'slow')) },
    broken: {
      input: undefined,
      handle: () => {
        throw new Error('inside');
      },
    },
    refused: {
      input: undefined,
      handle: () => {
        throw new LongwaveError('forbidden', 'Not you.');
      },
    },
  });

  it('CALL-1: replies, errors with a code, and nothing from inside', () => {
    const { connect, clock } = createHarness(channels, { calls });
    const peer = connect();
    for (const [id, method] of ['double', 'missing', 'broken', 'refused', '__proto__'].entries()) {
      peer.send({ type: 'call', id, method, data: 21 });
    }
    clock.turn();
    expect(peer.take('reply')).toEqual([{ type: 'reply', id: 0, data: 42 }]);
    expect(peer.take('error')).toMatchObject([
      { id: 1, code: 'unknown-method' },
      { id: 2, code: 'internal' },
      { id: 3, code: 'forbidden', message: 'Not you.' },
      { id: 4, code: 'unknown-method' },
    ]);
    expect(JSON.stringify(peer.frames)).not.toContain('inside');
  });

  it('SES-5: a slow call holds nothing up', async () => {
    const { connect, clock } = createHarness(channels, { calls });
    const peer = connect();
    peer.send({ type: 'call', id: 1, method: 'slow', data: null }, { type: 'call', id: 2, method: 'double', data: 1 });
    clock.turn();
    expect(peer.take('reply').map(({ id }) => id)).toEqual([2]);
    await expect.poll(() => (clock.turn(), peer.take('reply').map(({ id }) => id))).toEqual([2, 1]);
  });
});
