import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import type { Limits } from '../base/limits.js';
import { addressKey } from './address-key.js';
import { ConnectGate } from './connect-gate.js';
import { defaultLimits } from '../base/limits.js';
import { Keyed } from './keyed.js';
import type { Clock } from '../base/ports.js';
import { Rates } from './rates.js';
import { TokenBucket } from './token-bucket.js';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ 'chat/:room': log() });
const authority = { authenticate: (user?: string) => ({ user }), authorize: () => true };
const harness = (limits: Partial<Limits>) => createHarness(channels, { authority, limits });

describe('the rate of a user', () => {
  it('LIM-2: connections of one user share it, those of others do not, and nothing is lost', () => {
    const { connect, clock } = harness({ userFramesPerSecond: 10 });
    const [one, two, other] = [connect('json', 'a', 'ada'), connect('json', 'b', 'ada'), connect('json', 'c', 'bob')];
    for (let i = 0; i < 8; i++) for (const peer of [one, two, other]) peer.send({ type: 'ping' });
    clock.turn();
    expect([one.calls, two.calls, other.calls]).toEqual([['pause'], ['pause'], []]);
    expect([one, two, other].map((peer) => peer.take('pong').length)).toEqual([8, 8, 8]);
    clock.advance(1_000);
    expect([one.calls, two.calls]).toEqual([
      ['pause', 'resume'],
      ['pause', 'resume'],
    ]);
  });

  it('LIM-2: a new connection brings no new allowance', () => {
    const { connect, clock } = harness({ userFramesPerSecond: 10 });
    const first = connect('json', 'a', 'ada');
    for (let i = 0; i < 10; i++) first.send({ type: 'ping' });
    first.session.closed();
    const second = connect('json', 'a', 'ada');
    second.send({ type: 'ping' });
    expect(second.calls).toEqual(['pause']);
    clock.advance(10_000);
    expect(second.calls).toEqual(['pause', 'resume']);
  });

  it('LIM-2: who has no user is held to the rate of the connection alone', () => {
    const { connect } = harness({ userFramesPerSecond: 10 });
    const peer = connect();
    for (let i = 0; i < 30; i++) peer.send({ type: 'ping' });
    expect(peer.calls).toEqual([]);
  });
});

describe('the rate of a connection', () => {
  it('LIM-5: what comes while it is held back is waited for, too', () => {
    const { connect, clock } = harness({ framesPerSecond: 200 });
    const peer = connect();
    // As when they came in one piece: a link hands on what it has read.
    for (let i = 0; i < 9000; i++) peer.send({ type: 'ping' });
    expect(peer.calls).toEqual(['pause']);
    clock.advance(43_900);
    expect(peer.calls).toEqual(['pause']);
    clock.advance(1000);
    expect(peer.calls).toEqual(['pause', 'resume']);
  });

  it('lets others have their turn while one connection floods', () => {
    const { connect, clock, engine } = harness({});
    const peer = connect();
    for (let i = 0; i < 500; i++) peer.send({ type: 'ping' });
    expect(engine.stats.framesReceived).toBeLessThan(200);
    expect(peer.calls).toEqual(['pause']);
    clock.turn();
    expect(peer.take('pong')).toHaveLength(500);
    expect(peer.calls).toEqual(['pause', 'resume']);
  });

  it('LIM-5: what others of the user send meanwhile is waited for, too', () => {
    const { connect, clock } = harness({ userFramesPerSecond: 10 });
    const [one, two] = [connect('json', 'a', 'ada'), connect('json', 'b', 'ada')];
    for (let i = 0; i < 20; i++) one.send({ type: 'ping' });
    for (let i = 0; i < 20; i++) two.send({ type: 'ping' });
    clock.advance(2900);
    expect([one.calls, two.calls]).toEqual([['pause'], ['pause']]);
    clock.advance(100);
    expect([one.calls, two.calls]).toEqual([
      ['pause', 'resume'],
      ['pause', 'resume'],
    ]);
  });
});

describe('the rate of requests', () => {
  it('LIM-4: whoever is refused is not remembered, and drives out nobody who is known', () => {
    const clock = { now: () => 0 } as Clock;
    const limits = { ...defaultLimits, framesPerSecond: 10, addressFramesPerSecond: 10, rememberedPeers: 5 };
    const rates = new Rates(clock, limits);
    const info = { remoteAddress: '192.0.2.1' };
    const ask = (clientKey: string) => rates.request({ clientKey, user: undefined, cost: () => 100, info });
    expect(ask('known')).toBe(0);
    const { remembered } = rates;
    for (let i = 0; i < 20; i++) expect(ask(`new ${i}`)).toBe(5000);
    expect(rates.remembered).toBe(remembered);
  });
});

describe('connects of an address', () => {
  it('LIM-3: beyond the rate a connect is refused with its time to come back, before it is authenticated', () => {
    let authenticated = 0;
    const { engine, link, clock } = createHarness(channels, {
      authority: { authenticate: () => (authenticated++, {}), authorize: () => true },
      limits: { addressConnectsPerSecond: 2, addressConnectBurst: 3 },
    });
    const from = (remoteAddress: string, client: string) => {
      const peer = link();
      peer.session.closed();
      peer.session = engine.accept(peer, { transport: 'test', remoteAddress, headers: {} });
      peer.send({ type: 'connect', version: 1, client });
      clock.turn();
      return peer;
    };
    const peers = Array.from({ length: 6 }, (_, i) => from('192.0.2.1', `c${i}`));
    expect(peers.map(({ closed }) => closed?.code)).toEqual([undefined, undefined, undefined, 4429, 4429, 4429]);
    expect(peers.slice(3).flatMap((peer) => peer.take('error'))).toMatchObject([
      { code: 'rate-limited', retryAfterMs: 500 },
      { code: 'rate-limited', retryAfterMs: 1000 },
      { code: 'rate-limited', retryAfterMs: 1500 },
    ]);
    expect(authenticated).toBe(3);
    expect(from('192.0.2.2', 'other').closed).toBeUndefined();
    // Those that come back at their turn are let in.
    for (let i = 0; i < 3; i++) {
      clock.advance(500);
      expect(from('192.0.2.1', `again${i}`).closed).toBeUndefined();
    }
  });

  it('LIM-3: is off unless it is set, and where the address is not known', () => {
    expect(defaultLimits.addressConnectsPerSecond).toBe(Infinity);
    const off = new ConnectGate({ perSecond: Infinity, burst: 1 }, 10);
    const on = new ConnectGate({ perSecond: 1, burst: 1 }, 10);
    const unknown = { remoteAddress: undefined };
    const known = { remoteAddress: '192.0.2.1' };
    for (let i = 0; i < 100; i++) expect([off.admit(known, 0), on.admit(unknown, 0)]).toEqual([0, 0]);
    expect([off.size, on.size]).toEqual([0, 0]);
  });

  it('LIM-10: however many were refused, nobody is told to wait longer than a minute', () => {
    const gate = new ConnectGate({ perSecond: 1, burst: 1 }, 10);
    const waits = Array.from({ length: 1000 }, () => gate.admit({ remoteAddress: '192.0.2.1' }, 0));
    expect(Math.max(...waits)).toBe(60_000);
    expect(gate.admit({ remoteAddress: '192.0.2.1' }, 60_000)).toBe(0);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:1:aaaa::1', '2001:db8:0:1::/64'],
    ['2001:DB8:0000:0001:1:2:3:4', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['nonsense', 'nonsense'],
  ])('LIM-3: %s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe('what is remembered', () => {
  it('LIM-4: is bounded, and forgotten when idle', () => {
    let now = 0;
    const clock = { now: () => now, setTimer: () => () => undefined, defer: () => undefined };
    const limits = { ...defaultLimits, addressConnectsPerSecond: 1, rememberedPeers: 100 };
    const rates = new Rates(clock, limits);
    for (let i = 0; i < 1000; i++) {
      rates.spend({ fullAt: 0 }, `user${i}`, 5);
      rates.admit({ remoteAddress: `192.0.2.${i}` });
    }
    expect(rates.remembered).toBe(200);
    for (let i = 0; i < 1000; i++) {
      rates.request({ clientKey: `c${i}`, user: undefined, cost: () => 5, info: { remoteAddress: `192.0.2.${i}` } });
    }
    expect(rates.remembered).toBe(400);
    rates.tick();
    expect(rates.remembered).toBe(400);
    now += 90_000;
    rates.tick();
    expect(rates.remembered).toBe(0);
  });

  it('LIM-4: a sweep forgets none that is in use, and comes to everybody in turn', () => {
    const keyed = new Keyed((made) => ({ isIdle: (now: number) => made >= 0 && now > 0 }), 10_000);
    for (let i = 0; i < 1500; i++) keyed.of(`idle${i}`, 0);
    const kept = keyed.of('in use', -1);
    for (let i = 0; i < 3; i++) keyed.sweep(1);
    expect(keyed.size).toBe(1);
    expect(keyed.of('in use', 0)).toBe(kept);
  });
});

describe('Rates.spend', () => {
  it('LIM-2: lets a connection send as a bucket of a second would, however the clock is set', () => {
    const steps = fc.array(fc.record({ waitMs: fc.integer({ min: -3000, max: 3000 }), count: fc.nat({ max: 30 }) }));
    fc.assert(
      fc.property(steps, (taken) => {
        let now = 5000;
        const clock = { now: () => now, setTimer: () => () => undefined, defer: () => undefined };
        const rates = new Rates(clock, { ...defaultLimits, framesPerSecond: 10 });
        const [connection, bucket] = [{ fullAt: 0 }, new TokenBucket({ perSecond: 10, burst: 10 }, now)];
        for (const { waitMs, count } of taken) {
          now += waitMs;
          expect(rates.owed(connection, undefined)).toBeCloseTo(bucket.owed(now), 6);
          expect(rates.spend(connection, undefined, count)).toBeCloseTo(bucket.take(count, now), 6);
        }
      }),
    );
  });
});

describe('TokenBucket', () => {
  it('lets through its burst and its rate, however the time passes, and never more', () => {
    const steps = fc.array(fc.record({ waitMs: fc.integer({ min: -500, max: 2000 }), count: fc.nat({ max: 20 }) }));
    fc.assert(
      fc.property(steps, (taken) => {
        const bucket = new TokenBucket({ perSecond: 10, burst: 5 }, 0);
        let [now, forward, total] = [0, 0, 0];
        for (const { waitMs, count } of taken) {
          now += waitMs;
          forward += Math.max(0, waitMs);
          total += count;
          const debtMs = bucket.take(count, now);
          const owed = total - 5 - forward / 100;
          expect(debtMs).toBeGreaterThanOrEqual(Math.max(0, owed * 100) - 1e-6);
        }
      }),
    );
  });

  it('a rate of Infinity is no rate', () => {
    const bucket = new TokenBucket({ perSecond: Infinity, burst: Infinity }, 0);
    expect([bucket.take(1e9, 0), bucket.take(1e9, 0)]).toEqual([0, 0]);
  });
});
