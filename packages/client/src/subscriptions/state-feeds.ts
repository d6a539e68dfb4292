import {
  type Demand,
  LongwaveError,
  type View,
  canonicalView,
  demandPrefix,
  sumDemand,
  viewTag,
} from '@longwave/protocol';
import type { ValueHandler, ValueWatch, WatchOptions } from '../api/state-api.js';
import type { Context } from '../context.js';
import { type FeedRegistry, keyOf } from './feed-registry.js';
import { type Listener, LocalWatch } from './local-watch.js';
import { LogFeed } from './log-feed.js';
import { StateFeed, type StateFeedHost } from './state-feed.js';

/** The feeds of one client to channels with state: one for each view. */
export class StateFeeds {
  readonly #context: Context;
  readonly #registry: FeedRegistry;

  constructor(context: Context, registry: FeedRegistry) {
    this.#context = context;
    this.#registry = registry;
  }

  /** Throws `wrong-mode` where the channel is subscribed to. */
  watch(channel: string, view: View, options: WatchOptions, listener: Listener | undefined): LocalWatch {
    const feed = this.#feedOf(channel, view);
    const watch = new LocalWatch(this.#context, feed, options, listener);
    feed.add(watch);
    return watch;
  }

  /** A watch of which only the entry `''` matters. */
  watchValue(
    channel: string,
    view: View,
    options: WatchOptions,
    handler: ValueHandler<unknown> | undefined,
  ): ValueWatch<unknown> {
    const watch = this.watch(channel, view, options, () => {
      const entry = watch.entry('');
      return handler?.(entry?.value, entry);
    });
    return {
      get state() {
        return watch.state;
      },
      get position() {
        return watch.position;
      },
      ready: watch.ready,
      getSnapshot: () => watch.entry('')?.value,
      subscribe: watch.subscribe,
      unsubscribe: () => watch.unsubscribe(),
    };
  }

  demand(channel: string, handler: (demand: Demand) => void): LocalWatch {
    return this.watch(demandPrefix + channel, {}, {}, (nodes) =>
      handler(sumDemand(nodes.values() as Iterable<Demand>)),
    );
  }

  /** CLI-5: watches with equal views share one. Throws `wrong-mode` where the channel is subscribed to. */
  #feedOf(channel: string, view: View): StateFeed {
    const tag = viewTag(canonicalView(view));
    const { feeds } = this.#registry;
    if (feeds.get(keyOf(channel, tag)) instanceof LogFeed) {
      throw new LongwaveError('wrong-mode', `${channel} is subscribed to.`);
    }
    const known = this.#find(channel, tag);
    if (known) return known;
    const feed = new StateFeed(this.#context, channel, view, this.#hostOf(channel));
    feeds.set(keyOf(channel, tag), feed);
    return feed;
  }

  #hostOf(channel: string): StateFeedHost {
    const registry = this.#registry;
    const { feeds, formerly } = registry;
    return {
      find: (tag) => this.#find(channel, tag),
      rename: (feed, before) => {
        registry.drop(keyOf(channel, before), feed);
        feeds.set(keyOf(channel, feed.tag), feed);
        formerly.set(keyOf(channel, before), feed);
      },
      forget: (feed, before) => {
        const key = keyOf(channel, before);
        if (formerly.get(key) === feed) formerly.delete(key);
      },
      drop: (feed) => registry.drop(keyOf(channel, feed.tag), feed),
      move: (watch, view) => watch.moveTo(this.#feedOf(channel, view)),
    };
  }

  #find(channel: string, tag: string | undefined): StateFeed | undefined {
    const feed = this.#registry.feeds.get(keyOf(channel, tag));
    return feed instanceof StateFeed ? feed : undefined;
  }
}
