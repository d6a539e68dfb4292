import type { Session } from '../sessions/session.js';
import type { Source } from '../delivery/subscription.js';

/** A channel as one node has it. */
export interface NodeChannel {
  /** The store's name: inboxes are `@me/` and the user. */
  readonly channel: string;
  readonly epoch: string;
  /** The last operation that the node knows of. */
  readonly top: number;
  readonly subscribers: number;
  /** Subscribers that lag: they read on from the log, or their link takes no more. */
  readonly behind: number;
  /** Operations between the slowest of these and the top. */
  readonly lag: number;
}

export interface CensusQuery {
  /** Names that begin so. Default: all. */
  readonly prefix?: string | undefined;
  /** Channels at most, those with the most subscribers first. */
  readonly limit: number;
}

/** Counts who is subscribed to what on this node. */
export function takeCensus(sessions: Iterable<Session>, { prefix = '', limit }: CensusQuery): readonly NodeChannel[] {
  const counts = new Map<Source, { subscribers: number; behind: number; lag: number }>();
  for (const { subscriptions } of sessions) {
    for (const { source, state, cursor } of subscriptions) {
      if (!source.key.startsWith(prefix)) continue;
      let count = counts.get(source);
      if (!count) counts.set(source, (count = { subscribers: 0, behind: 0, lag: 0 }));
      count.subscribers++;
      if (state === 'live') continue;
      count.behind++;
      count.lag = Math.max(count.lag, source.top - cursor);
    }
  }
  return [...counts]
    .map(([{ key: channel, epoch, top }, count]) => ({ channel, epoch, top, ...count }))
    .toSorted((a, b) => b.subscribers - a.subscribers || (a.channel < b.channel ? -1 : 1))
    .slice(0, limit);
}
