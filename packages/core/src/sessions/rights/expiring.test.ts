import { defineChannels, map } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../base/authority.js';
import type { Hooks } from '../../base/hooks.js';
import { type Peer, createHarness } from '../../testing/harness.js';
import { watchExpiry } from './watch-expiry.js';

describe('SES-18: an identity that is about to end', () => {
  /** Connections of a user whose identity lasts `lifeMs` each time. */
  function watched(lifeMs: number, expiring?: Hooks['expiring']) {
    const told: unknown[] = [];
    const tell: Hooks['expiring'] = (context) => {
      told.push(context);
      return expiring?.(context);
    };
    const harness = createHarness(defineChannels({ open: map() }), {
      authority: { authenticate: (): Identity => ({ user: 'ada', claims: 7, expiresAt: clock.now() + lifeMs }) },
      hooks: { expiring: tell },
    });
    const { clock } = harness;
    return { ...harness, told };
  }

  /** Time passes, and the peer says something now and then. */
  function pass(harness: Pick<ReturnType<typeof watched>, 'clock'>, peer: Peer, byMs: number): void {
    for (let left = byMs; left > 0; left -= 5000) {
      harness.clock.advance(Math.min(left, 5000));
      peer.send({ type: 'ping' });
    }
  }

  it.each([
    ['30 s before its end', 600_000, 30_000],
    ['a quarter of its time before, if that is less', 60_000, 15_000],
  ])('SES-18: is told to the hook %s, once', (_, lifeMs, expiresInMs) => {
    const test = watched(lifeMs);
    const peer = test.connect();
    const { id } = peer.session;
    pass(test, peer, lifeMs - expiresInMs - 1);
    expect(test.told).toEqual([]);
    pass(test, peer, 1);
    const info = { transport: 'test', headers: {} };
    expect(test.told).toEqual([{ connection: { id }, user: 'ada', claims: 7, info, expiresInMs }]);
    pass(test, peer, expiresInMs - 1);
    expect([test.told.length, peer.closed]).toEqual([1, undefined]);
    pass(test, peer, 1);
    expect([test.told.length, peer.closed?.code]).toEqual([1, 4401]);
  });

  it('SES-13: costs a connection no timer before its last minutes', () => {
    const test = watched(600_000);
    const { timers } = test.clock;
    const peer = test.connect();
    expect(test.clock.timers).toBe(timers);
    pass(test, peer, 400_000);
    expect(test.clock.timers).toBe(timers);
    pass(test, peer, 100_000);
    expect(test.clock.timers).toBe(timers + 1);
  });

  it('SES-18: is not told where it was renewed before', () => {
    const test = watched(60_000);
    const peer = test.connect();
    for (let i = 1; i <= 5; i++) {
      pass(test, peer, 30_000);
      peer.send({ type: 'refresh', id: i, token: 'x' });
      test.clock.turn();
    }
    expect(peer.take('done')).toHaveLength(5);
    expect(test.told).toEqual([]);
    pass(test, peer, 45_000);
    expect(test.told).toHaveLength(1);
  });

  it('SES-18: is told in time where it lasts longer than a timer can', () => {
    const lifeMs = 90 * 86_400_000;
    let now = 0;
    let pending: { readonly at: number; readonly run: () => void } | undefined;
    const setTimer = (run: () => void, delayMs: number) => {
      expect(delayMs).toBeLessThan(2 ** 31);
      pending = { at: now + delayMs, run };
      return () => void (pending = undefined);
    };
    const clock = { now: () => now, setTimer };
    const told: [string, number][] = [];
    const note = (name: string) => () => void told.push([name, lifeMs - now]);
    watchExpiry(clock, lifeMs, note('expired'), note('warned'));
    for (let next = pending; next; next = pending) {
      pending = undefined;
      now = next.at;
      next.run();
    }
    expect(told).toEqual([
      ['warned', 30_000],
      ['expired', 0],
    ]);
  });

  it('SES-18: a hook that throws, or ends the connection, leaves no timer and harms nobody', () => {
    const { clock, connect, engine, told } = watched(20_000, ({ user: name }) => {
      void engine.disconnectUser(name!);
      throw new Error('no');
    });
    const { timers } = clock;
    const peer = connect();
    clock.advance(15_000);
    expect([told.length, peer.closed?.code]).toEqual([1, 4440]);
    expect(clock.timers).toBe(timers);
  });

  it('SES-18: nothing is told of a connection that has ended', () => {
    const { clock, connect, told } = watched(20_000);
    connect().session.closed();
    clock.advance(20_000);
    expect(told).toEqual([]);
  });
});
