import type { WireSubscription } from './wire-subscription.js';

/** The subscriptions on the wire of one client, by the channel and tag of their frames. */
export class FeedRegistry {
  readonly feeds = new Map<string, WireSubscription>();
  /** Those whose view is being exchanged, by the tag that frames have that were under way. */
  readonly formerly = new Map<string, WireSubscription>();

  drop(key: string, feed: WireSubscription): void {
    if (this.feeds.get(key) === feed) this.feeds.delete(key);
  }
}

export function keyOf(channel: string, tag: string | undefined): string {
  return tag === undefined ? channel : `${channel} ${tag}`;
}
