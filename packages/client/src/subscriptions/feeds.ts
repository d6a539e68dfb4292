import { LongwaveError } from '@longwave/protocol/client';
import type { Handler, SubscribeOptions } from '../api/api.js';
import type { Context } from '../context.js';
import { type ChannelFrame, tagOf } from '../connection/frame-sender.js';
import { type FeedRegistry, keyOf } from './feed-registry.js';
import { LogFeed } from './log-feed.js';
import { LocalSubscription } from './local-subscription.js';
import type { WireSubscription } from './wire-subscription.js';

/** Makes the subscription on the wire of a package that brings a kind of its own. */
export type MakeFeed<F extends WireSubscription> = (context: Context, channel: string, onEmpty: () => void) => F;

/** All subscriptions of one client: a feed for each channel, and for each view of a channel with state. */
export class Feeds {
  readonly #context: Context;
  readonly #registry: FeedRegistry;

  constructor(context: Context, registry: FeedRegistry) {
    this.#context = context;
    this.#registry = registry;
  }

  /** Throws `wrong-mode` where the channel is watched. */
  subscribe(channel: string, options: SubscribeOptions, handler: Handler<unknown> | undefined): LocalSubscription {
    const known = this.#registry.feeds.get(channel);
    const feed = known ?? this.#open(channel, (...given) => new LogFeed(...given));
    if (!(feed instanceof LogFeed)) throw new LongwaveError('wrong-mode', `${channel} is watched.`);
    const subscription = new LocalSubscription(this.#context, feed, options, handler);
    feed.add(subscription);
    return subscription;
  }

  /** A subscription of another kind. Throws `wrong-mode` where the channel has one already. */
  attach<F extends WireSubscription>(channel: string, make: MakeFeed<F>): F {
    if (this.#registry.feeds.has(channel)) throw new LongwaveError('wrong-mode', `${channel} is subscribed to.`);
    const feed = this.#open(channel, make);
    feed.onOpen();
    return feed;
  }

  onOpen(): void {
    for (const feed of this.#all()) feed.onOpen();
  }

  onDown(): void {
    for (const feed of this.#all()) feed.onDown();
  }

  onFrame(frame: ChannelFrame): void {
    const { feeds, formerly } = this.#registry;
    const key = keyOf(frame.channel, tagOf(frame));
    // Until the server has answered who came for a view that was left, its frames are for who left it.
    if (!feeds.get(key)?.onFrame(frame)) formerly.get(key)?.onFrame(frame);
  }

  end(error: LongwaveError): void {
    for (const feed of this.#all()) feed.end(error);
  }

  #all(): Set<WireSubscription> {
    return new Set(this.#registry.feeds.values());
  }

  #open<F extends WireSubscription>(channel: string, make: MakeFeed<F>): F {
    const feed: F = make(this.#context, channel, () => this.#registry.drop(channel, feed));
    this.#registry.feeds.set(channel, feed);
    return feed;
  }
}
