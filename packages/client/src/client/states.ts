import { type Demand, type LongwaveError, type Prepared, type View, sumDemand } from '@longwave/protocol';
import type { EnterOptions } from '../api/state-api.js';
import type { Context } from '../context.js';
import { Memberships } from '../presence/memberships.js';
import type { FeedRegistry } from '../subscriptions/feed-registry.js';
import type { WatchedFeed } from '../subscriptions/local-watch.js';
import { StateFeeds } from '../subscriptions/state-feeds.js';

/** The memberships of a client, as {@link Memberships} are, or as they will be when these are loaded. */
export interface Members {
  enter(channel: string, data: Prepared, options: EnterOptions): Promise<string>;
  leave(channel: string): Promise<void>;
  onOpen(): void;
  onDown(): void;
  onExited(channel: string, error: LongwaveError): void;
  close(): void;
  end(error: LongwaveError): void;
}

/** The part of a client for channels with state and for presence. */
export interface States {
  readonly members: Members;
  /** The feed of a view of a channel. Throws `wrong-mode` where the channel is subscribed to. */
  feedOf(channel: string, view: View): WatchedFeed;
  sumDemand(parts: Iterable<Demand>): Demand;
}

export function createStates(context: Context, registry: FeedRegistry): States {
  const feeds = new StateFeeds(context, registry);
  return { members: new Memberships(context), feedOf: (channel, view) => feeds.feedOf(channel, view), sumDemand };
}
