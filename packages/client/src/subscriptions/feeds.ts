import { LongwaveError, type View, canonicalView, viewTag } from '@longwave/protocol';
import type { Handler, SubscribeOptions } from '../api/api.js';
import type { Context } from '../context.js';
import { LogFeed } from './log-feed.js';
import { LocalSubscription } from './local-subscription.js';
import { type Listener, LocalWatch } from './local-watch.js';
import type { WatchOptions } from '../api/state-api.js';
import { StateFeed, type StateFeedHost } from './state-feed.js';
import { type ChannelFrame, tagOf } from '../connection/frame-sender.js';
import type { WireSubscription } from './wire-subscription.js';

/** All subscriptions of one client: a feed for each channel, and for each view of a channel with state. */
export class Feeds {
  readonly #context: Context;
  /** By the channel and tag of their frames. */
  readonly #feeds = new Map<string, WireSubscription>();
  /** Those whose view is being exchanged, by the tag that frames have that were under way. */
  readonly #formerly = new Map<string, StateFeed>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws `wrong-mode` where the channel is watched. */
  subscribe(channel: string, options: SubscribeOptions, handler: Handler<unknown> | undefined): LocalSubscription {
    const feed = this.#feeds.get(channel) ?? this.#openLog(channel);
    if (!(feed instanceof LogFeed)) throw new LongwaveError('wrong-mode', `${channel} is watched.`);
    const subscription = new LocalSubscription(this.#context, feed, options, handler);
    feed.add(subscription);
    return subscription;
  }

  /** Throws `wrong-mode` where the channel is subscribed to. */
  watch(channel: string, view: View, options: WatchOptions, listener: Listener | undefined): LocalWatch {
    const feed = this.#stateFeed(channel, view);
    const watch = new LocalWatch(this.#context, feed, options, listener);
    feed.add(watch);
    return watch;
  }

  onOpen(): void {
    for (const feed of this.#all()) feed.onOpen();
  }

  onDown(): void {
    for (const feed of this.#all()) feed.onDown();
  }

  onFrame(frame: ChannelFrame): void {
    const key = keyOf(frame.channel, tagOf(frame));
    // Until the server has answered who came for a view that was left, its frames are for who left it.
    if (!this.#feeds.get(key)?.onFrame(frame)) this.#formerly.get(key)?.onFrame(frame);
  }

  end(error: LongwaveError): void {
    for (const feed of this.#all()) feed.end(error);
  }

  #all(): Set<WireSubscription> {
    return new Set(this.#feeds.values());
  }

  #openLog(channel: string): LogFeed {
    const feed: LogFeed = new LogFeed(this.#context, channel, () => this.#drop(channel, feed));
    this.#feeds.set(channel, feed);
    return feed;
  }

  /** CLI-5: watches with equal views share one. */
  #stateFeed(channel: string, view: View): StateFeed {
    const tag = viewTag(canonicalView(view));
    if (this.#feeds.get(keyOf(channel, tag)) instanceof LogFeed) {
      throw new LongwaveError('wrong-mode', `${channel} is subscribed to.`);
    }
    const known = this.#find(channel, tag);
    if (known) return known;
    const feed = new StateFeed(this.#context, channel, view, this.#hostOf(channel));
    this.#feeds.set(keyOf(channel, tag), feed);
    return feed;
  }

  #hostOf(channel: string): StateFeedHost {
    return {
      find: (tag) => this.#find(channel, tag),
      rename: (feed, before) => {
        this.#drop(keyOf(channel, before), feed);
        this.#feeds.set(keyOf(channel, feed.tag), feed);
        this.#formerly.set(keyOf(channel, before), feed);
      },
      forget: (feed, before) => {
        const key = keyOf(channel, before);
        if (this.#formerly.get(key) === feed) this.#formerly.delete(key);
      },
      drop: (feed) => this.#drop(keyOf(channel, feed.tag), feed),
      move: (watch, view) => watch.moveTo(this.#stateFeed(channel, view)),
    };
  }

  #find(channel: string, tag: string | undefined): StateFeed | undefined {
    const feed = this.#feeds.get(keyOf(channel, tag));
    return feed instanceof StateFeed ? feed : undefined;
  }

  #drop(key: string, feed: WireSubscription): void {
    if (this.#feeds.get(key) === feed) this.#feeds.delete(key);
  }
}

function keyOf(channel: string, tag: string | undefined): string {
  return tag === undefined ? channel : `${channel} ${tag}`;
}
