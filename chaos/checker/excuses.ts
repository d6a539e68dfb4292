import type { ChannelBook } from './channel-book.js';

/** Resets that an act may lead to: its logs begin anew (`epoch-changed`), or lost their end (`truncated`). */
export type Consequence = 'forgets' | 'losesTail';

/** An act of an operator, and when something may come of it. Times of the shared clock. */
export interface Excuse {
  readonly consequence: Consequence;
  readonly from: number;
  readonly to: number;
  /** Channels that it was done to. */
  touches(channel: string): boolean;
}

interface Lasting {
  readonly from: number;
  readonly to: number;
}

/**
 * A store notices what was done to it, and the last of its subscribers hears of that, within this. It looks every other second and
 * may have to make a stream anew; who stands in a quiet channel hears of it at a heartbeat. On a busy machine 5 s were too few.
 */
const noticedWithinMs = 8000;

/** Until when something may come of what was done: what else is wrong meanwhile may keep a store from noticing. */
export function excusedUntil({ from, to }: Lasting, faults: readonly Lasting[]): number {
  let until = to + noticedWithinMs;
  for (const fault of faults.toSorted((a, b) => a.from - b.from)) {
    if (fault.from <= until && fault.to >= from) until = Math.max(until, fault.to + noticedWithinMs);
  }
  return until;
}

/** Whether the log with that name may have come of an act: it was first heard of in the time of one that touched its channel. */
export function isExcused(
  { channel, bornAt }: ChannelBook,
  epoch: string,
  consequence: Consequence,
  excuses: readonly Excuse[],
): boolean {
  const at = bornAt.get(epoch);
  if (at === undefined) return false;
  return excuses.some(
    (excuse) => excuse.consequence === consequence && excuse.from <= at && at <= excuse.to && excuse.touches(channel),
  );
}

/** Whether what the log `owner` had may have been lost with a log of the channel that came later. */
export function mayHaveLost(
  book: ChannelBook,
  owner: string,
  consequence: Consequence,
  excuses: readonly Excuse[],
): boolean {
  if (excuses.length === 0) return false;
  const logs = [...book.bornAt].map(([epoch, at]) => ({ epoch, at, head: book.lineage.learn(epoch).head }));
  const begun = Math.min(Infinity, ...logs.filter(({ head }) => head === owner).map(({ at }) => at));
  return logs.some(
    ({ epoch, at, head }) => head !== owner && !(at < begun) && isExcused(book, epoch, consequence, excuses),
  );
}
