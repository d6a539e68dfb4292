import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, messageFrame, only, typesOf } from '../testing/harness.js';

const refusal = (code: LongwaveError['code'], retryAfterMs?: number) =>
  ({ type: 'error', code, message: 'no', retryAfterMs }) as const;

describe('connecting', () => {
  it('stays connecting until `connected` comes', () => {
    const h = new Harness();
    expect(h.client.state).toEqual({ status: 'connecting', attempt: 1 });
    h.link.open();
    expect(h.client.state.status).toBe('connecting');
    h.link.say(connectedFrame({ user: 'ada' }));
    expect(h.client.state).toEqual({
      status: 'connected',
      node: 'n1',
      user: 'ada',
      transport: 'fake',
      why: 'preferred',
      since: h.clock.now(),
    });
  });

  it('uses the endpoint under the server, with the http scheme', () => {
    const h = new Harness({ path: '/rt' });
    expect(h.link.url).toBe('http://server.test/rt');
  });

  it.each(['never opens', 'never answers'])('CLI-1: gives up an attempt that %s within connectTimeout', (how) => {
    const h = new Harness({ connectTimeout: '3s' });
    if (how === 'never answers') h.link.open();
    h.clock.advance(2_999);
    expect(h.client.state.status).toBe('connecting');
    h.clock.advance(1);
    expect(h.client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } });
    expect(h.link.closedByClient).toBe(true);
  });

  it('is never stuck on a token function that hangs', () => {
    const h = new Harness({ token: () => new Promise(() => {}) });
    h.clock.advance(10_000);
    expect(h.client.state.status).toBe('waiting');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('offline');
      },
    ],
    ['rejects', () => Promise.reject(new Error('offline'))],
  ])('tries again when the token function %s', async (_, failing) => {
    let fails = true;
    const h = new Harness({ token: () => (fails ? failing() : 'good') });
    await Promise.resolve().then(() => {});
    await Promise.resolve();
    expect(h.client.state).toMatchObject({ status: 'waiting', error: { code: 'unauthenticated' } });
    fails = false;
    h.clock.advance(1_000);
    h.link.open();
    expect(h.link.take()[0]).toMatchObject({ type: 'connect', token: 'good' });
  });

  it('takes an exception of the transport for a failed attempt', () => {
    const transport = {
      name: 'broken',
      connect: () => {
        throw new Error('CSP');
      },
    };
    const h = new Harness({ transport });
    expect(h.client.state).toMatchObject({ status: 'waiting', error: { code: 'unavailable' } });
  });

  it('ignores a token that comes after the attempt was given up', async () => {
    const tokens: ((token: string) => void)[] = [];
    const h = new Harness({ token: () => new Promise<string>((resolve) => tokens.push(resolve)) });
    h.clock.advance(10_000);
    tokens[0]!('late');
    await Promise.resolve();
    expect(h.transport.links).toHaveLength(0);
  });
});

describe('reconnecting', () => {
  it('CLI-1: waits exponentially longer, a random part of a bound, up to the maximum', () => {
    const h = new Harness({ random: () => 0.999, reconnect: { maxDelay: '20s' } });
    const delays: number[] = [];
    for (let i = 0; i < 10; i++) {
      h.link.drop();
      const { state } = h.client;
      if (state.status !== 'waiting') throw new Error(state.status);
      delays.push(Math.round((state.retryAt - h.clock.now()) / 0.999));
      h.clock.advance(delays.at(-1)!);
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]);
  });

  it('CLI-1: waits at most 5 s for a server that has been away for seconds, and longer for one that stays away', () => {
    const h = new Harness({ random: () => 0.999 });
    const delays: number[] = [];
    for (let i = 0; i < 20; i++) {
      h.link.drop();
      const { state } = h.client;
      if (state.status !== 'waiting') throw new Error(state.status);
      delays.push(Math.round((state.retryAt - h.clock.now()) / 0.999));
      h.clock.advance(delays.at(-1)!);
    }
    expect(delays.slice(0, 6)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000]);
    expect(delays.slice(6, 15)).toEqual(Array.from({ length: 9 }, () => 5_000));
    expect(delays.slice(15)).toEqual(Array.from({ length: 5 }, () => 20_000));
  });

  it('CLI-12: tells at once that the host is offline, and within 5 s whether the connection stands', () => {
    const states: unknown[] = [];
    const h = new Harness();
    h.client.onState((state) => states.push([state.status, state.status === 'connected' && state.offline]));
    h.accept();
    h.link.take();
    h.environment.wake('offline');
    expect(states.at(-1)).toEqual(['connected', true]);
    expect(typesOf(h.link.take())).toEqual(['ping']);
    // As to a server on the same machine.
    h.link.say({ type: 'pong' });
    expect(states.at(-1)).toEqual(['connected', undefined]);
    h.environment.wake('offline');
    h.clock.advance(5_000);
    expect(states.slice(-2)).toEqual([
      ['connected', true],
      ['waiting', false],
    ]);
    h.client.close();
  });

  it('CLI-1: going offline is no reason to connect', () => {
    const h = new Harness({ reconnect: { minDelay: 20_000 } });
    h.link.drop();
    h.environment.wake('offline');
    h.clock.advance(1_000);
    expect(h.transport.links).toHaveLength(1);
  });

  it('CLI-1: spreads over the whole bound (full jitter)', () => {
    const h = new Harness({ random: () => 0 });
    h.link.drop();
    h.clock.advance(0);
    expect(h.transport.links).toHaveLength(2);
  });

  it('CLI-1: forgets failures only after a connection has proven itself', () => {
    const h = new Harness();
    for (let i = 0; i < 5; i++) {
      if (i === 0) h.accept();
      else h.reaccept();
      h.link.drop();
    }
    expect(h.client.state).toMatchObject({ status: 'waiting', attempt: 5 });
    h.reaccept();
    h.clock.advance(5_000);
    h.link.drop();
    expect(h.client.state).toMatchObject({ status: 'waiting', attempt: 1 });
  });

  it('CLI-1: connects at once when the host comes online, but not in a tight loop', () => {
    const h = new Harness({ reconnect: { minDelay: 20_000 } });
    h.clock.advance(5_000);
    h.link.drop();
    h.environment.wake('online');
    expect(h.transport.links).toHaveLength(2);
    h.link.drop();
    h.environment.wake('online');
    h.environment.wake('visible');
    expect(h.transport.links).toHaveLength(2);
    h.clock.advance(1_000);
    expect(h.transport.links).toHaveLength(3);
  });

  it('CLI-1: a clock that was set back does not keep it from connecting when the host wakes up', () => {
    const h = new Harness({ reconnect: { minDelay: 20_000 } });
    h.clock.advance(5_000);
    h.link.drop();
    h.clock.jump(-3_600_000);
    h.environment.wake('online');
    h.clock.advance(1_000);
    expect(h.transport.links).toHaveLength(2);
  });

  it('waits longest while the host is sure to be offline', () => {
    const h = new Harness();
    h.environment.online = false;
    h.link.drop();
    h.clock.advance(19_999);
    expect(h.transport.links).toHaveLength(1);
    h.environment.wake('online');
    expect(h.transport.links).toHaveLength(2);
  });

  it("CLI-1: the server's retryAfterMs wins over backoff and over waking up", () => {
    const h = new Harness();
    h.link.open();
    h.link.say(refusal('unavailable', 7_000));
    expect(h.client.state).toMatchObject({ status: 'waiting', retryAt: h.clock.now() + 7_000 });
    h.environment.wake('online');
    h.clock.advance(6_999);
    expect(h.transport.links).toHaveLength(1);
    h.clock.advance(1);
    expect(h.transport.links).toHaveLength(2);
  });

  it('reconnect() ends a wait and replaces a standing connection', () => {
    const h = new Harness({ reconnect: { minDelay: 20_000 } });
    h.link.drop();
    h.client.reconnect();
    expect(h.transport.links).toHaveLength(2);
    h.accept();
    const old = h.link;
    h.client.reconnect();
    expect(old.closedByClient).toBe(true);
    h.accept();
    expect(h.client.state.status).toBe('connected');
  });
});

describe('codes', () => {
  it.each(['superseded', 'forbidden', 'unsupported-version', 'disconnected', 'bad-frame'] as const)(
    'CLI-2: %s on connect ends the retries',
    (code) => {
      const h = new Harness();
      h.link.open();
      h.link.say(refusal(code));
      expect(h.client.state).toMatchObject({ status: 'closed', error: { code } });
      expect(h.clock.timers).toBe(0);
      expect(() => h.client.reconnect()).toThrow(expect.objectContaining({ code: 'closed' }));
    },
  );

  it('CLI-2: a close code of ours says as much as an error frame', () => {
    const h = new Harness();
    h.accept();
    h.link.drop({ code: 4409 });
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'superseded' } });
  });

  it('CLI-2: an error before the close counts where the transport has no codes', () => {
    const h = new Harness();
    h.accept();
    h.link.say(refusal('disconnected'));
    h.link.drop({});
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'disconnected' } });
  });

  it('WIRE-6: a bad frame alone does not count as the reason of a later drop', () => {
    const h = new Harness();
    h.accept();
    h.link.say(refusal('bad-frame'));
    h.link.drop();
    expect(h.client.state.status).toBe('waiting');
  });

  it('CLI-2: unauthenticated with a fixed token ends the retries', () => {
    const h = new Harness({ token: 'fixed' });
    h.link.open();
    h.link.say(refusal('unauthenticated'));
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
  });

  it('CLI-2: unauthenticated with a token function asks for a fresh one, and ends when there is none', () => {
    const tokens = ['old', 'new', 'new'];
    const h = new Harness({ token: () => tokens.shift()! });
    h.link.open();
    h.link.say(refusal('unauthenticated'));
    h.clock.advance(250);
    h.link.open();
    expect(only(h.link.take()[0], 'connect').token).toBe('new');
    h.link.say(refusal('unauthenticated'));
    h.clock.advance(500);
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
    expect(h.transport.links).toHaveLength(2);
  });

  it('SES-6: a connection whose identity expired is made anew with a fresh token', () => {
    let token = 0;
    const h = new Harness({ token: () => `token-${++token}` });
    h.accept();
    h.link.drop({ code: 4401 });
    h.clock.advance(250);
    h.link.open();
    expect(only(h.link.take()[0], 'connect').token).toBe('token-2');
  });

  it('treats a code of a later version as internal: it retries', () => {
    const h = new Harness();
    h.link.open();
    h.link.sayRaw('{"type":"error","code":"__proto__","message":"new"}');
    expect(h.client.state).toMatchObject({ status: 'waiting', error: { code: 'internal' } });
  });
});

describe('liveness', () => {
  it('HB-1: answers ping with pong', () => {
    const h = new Harness();
    h.accept();
    h.link.say({ type: 'ping' });
    expect(typesOf(h.link.take())).toEqual(['pong']);
  });

  it('HB-2: silence for heartbeatMs + 5 s means dead', () => {
    const h = new Harness();
    h.accept({ heartbeatMs: 10_000 });
    h.clock.advance(10_000);
    h.link.say({ type: 'ping' });
    h.clock.advance(14_999);
    expect(h.client.state.status).toBe('connected');
    h.clock.advance(1);
    expect(h.client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } });
    expect(h.link.closedByClient).toBe(true);
    expect(h.diagnostics.map(({ kind }) => kind)).toEqual(['silence']);
  });

  it('HB-2: counts from the last thing heard, not from when the timer was set', () => {
    const h = new Harness();
    h.accept({ heartbeatMs: 10_000 });
    for (let i = 0; i < 50; i++) {
      h.clock.advance(9_000);
      h.link.say({ type: 'pong' });
    }
    expect(h.client.state.status).toBe('connected');
  });

  it('probes after a sleep instead of trusting, or giving up, the connection', () => {
    const h = new Harness();
    h.accept();
    h.clock.sleep(10 * 60_000);
    expect(typesOf(h.link.take())).toEqual(['ping']);
    expect(h.client.state.status).toBe('connected');
    h.link.say({ type: 'pong' });
    h.clock.advance(14_000);
    expect(h.client.state.status).toBe('connected');
    h.clock.sleep(10 * 60_000);
    h.clock.advance(5_000);
    expect(h.client.state.status).toBe('waiting');
  });

  it('survives a wall clock that goes back', () => {
    const h = new Harness();
    h.accept();
    h.clock.jump(-24 * 3_600_000);
    h.clock.advance(15_000);
    expect(typesOf(h.link.take())).toEqual([]);
    expect(h.client.state.status).toBe('connected');
    h.clock.advance(15_000);
    expect(h.client.state.status).toBe('waiting');
  });

  it('probes when the page becomes visible: 5 s to answer', () => {
    const h = new Harness();
    h.accept();
    h.environment.wake('visible');
    h.environment.wake('visible');
    expect(typesOf(h.link.take())).toEqual(['ping']);
    h.clock.advance(4_999);
    expect(h.client.state.status).toBe('connected');
    h.clock.advance(1);
    expect(h.client.state.status).toBe('waiting');
  });

  it('takes what was on its way before a probe for no answer to it, and gives it time', () => {
    const h = new Harness();
    h.accept();
    h.environment.wake('online');
    h.clock.advance(1_000);
    h.link.say({ type: 'ping' });
    h.clock.advance(4_999);
    expect(h.client.state.status).toBe('connected');
    h.clock.advance(1);
    expect(h.client.state.status).toBe('waiting');
  });
});

describe('an untrusted server', () => {
  it('ignores what cannot be read and what comes out of place, and says so', () => {
    const h = new Harness();
    h.link.open();
    h.link.say({ type: 'ping' });
    h.link.say(connectedFrame());
    h.link.sayRaw('{"type":"nonsense"}\n[]\n{"type":"connected"');
    h.link.say(connectedFrame());
    h.link.say({ type: 'ack', id: 999, epoch: 'e', offset: 1, durability: 'memory' });
    h.link.say({ type: 'error', id: 998, code: 'internal', message: '' });
    h.link.say(messageFrame('nobody/asked', 1));
    expect(h.client.state.status).toBe('connected');
    expect(h.diagnostics.map(({ kind }) => kind)).toEqual(Array(5).fill('bad-frame'));
  });
});
