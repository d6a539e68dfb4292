import { describe, expect, it } from 'vitest';
import type { MessageMeta, ResetInfo } from '@longwave/client';
import { Checker } from './checker.js';
import { Ledger } from './ledger.js';
import { Random } from '../random.js';
import { Rights } from './rights.js';
import { SubscriptionMonitor } from './subscription-monitor.js';
import { VirtualClock } from '../virtual-clock.js';

const channel = 'short/a';
const position = (offset: number) => ({ epoch: 'e', offset });

/** Over a log of ten operations of which the last five are retained. */
function iteration(hearsResets: boolean) {
  const clock = new VirtualClock(new Random(1));
  const checker = new Checker(clock, undefined);
  const ledger = new Ledger(
    clock,
    () => undefined,
    () => undefined,
  );
  for (let offset = 1; offset <= 10; offset++) {
    ledger.record(channel, { payload: String(offset) }, { epoch: 'e', offset, duplicate: false });
  }
  const monitor = new SubscriptionMonitor({
    ...{ clock, checker, ledger, channel, hearsResets, rights: new Rights(clock), client: 'page1', user: 'ada' },
    ...{ from: position(2), alone: true, iterated: true, revocationMs: 0, hearsAtOnce: true },
    retained: () => ({ epoch: 'e', floor: 5, top: 10 }),
    mayShorten: () => false,
    linkedSince: () => 0,
  });
  const reset = (previous: number, to: number): ResetInfo => ({
    reason: 'trimmed',
    position: position(to),
    previous: position(previous),
  });
  const take = (offset: number, told?: ResetInfo) => {
    const meta: MessageMeta = {
      ...{ channel, epoch: 'e', offset, time: 0, id: undefined, user: undefined, mine: false, recovered: true },
      ...{ redacted: false, reset: told },
    };
    monitor.onMessage(offset, meta);
  };
  return { monitor, checker, reset, take };
}

describe('where an iteration stands', () => {
  it('is behind a reset it heard of, until it is told of it with a message', () => {
    const { monitor, checker, reset, take } = iteration(true);
    monitor.onReset(reset(2, 5));
    expect(monitor.standsAt).toEqual(position(5));
    take(6, reset(2, 5));
    expect(monitor.standsAt).toEqual(position(6));
    expect(checker.violations).toEqual([]);
  });

  it('is behind the last of two, while messages between them still come (seed 11454)', () => {
    const { monitor, reset, take } = iteration(true);
    monitor.onReset(reset(2, 5));
    monitor.onReset(reset(6, 8));
    take(6, reset(2, 5));
    expect(monitor.standsAt).toEqual(position(8));
    take(9, reset(6, 8));
    expect(monitor.standsAt).toEqual(position(9));
  });

  it('moves on with its messages when the subscribed that tells of a reset comes after it (seed 35768)', () => {
    const { monitor, reset, take } = iteration(false);
    take(6, reset(2, 5));
    monitor.onSubscribed({ position: position(6), recovering: 4, reset: 'trimmed' });
    take(7);
    expect(monitor.standsAt).toEqual(position(7));
  });
});
