import type { LogDefinition, ResetReason, StateBounds } from '@longwave/protocol';
import type { Bounds, CancelTimer, Clock, Logger, ReadQuery, Store, StoredPage } from '../base/ports.js';
import type { Limits } from '../base/limits.js';
import type { Stats } from '../base/stats.js';
import type { Owed, Subscription } from './subscription.js';
import type { Timers } from '../base/timers.js';
import { ChunkCache } from './chunk-cache.js';
import { type Feed, type FeedHost, readersLooks } from './feed.js';
import { DocumentFeed } from './document-feed.js';
import { LogFeed } from './log-feed.js';
import { type MaybePromise, guard, chain, isPromise, undoOnFailure } from '../base/maybe-promise.js';
import type { Mode } from '../channels/state/mode.js';
import { StateFeed } from './state/state-feed.js';
import { isToldOf } from '../guards/fenced-store.js';

/** A log of Longwave itself: `$` is in no channel name (CH-1). */
function isOwn(key: string): boolean {
  return key.startsWith('$');
}

/** The part of a session that a flush uses. */
interface Flushable {
  flush(): void;
  /** As `flush`, but what may go with a delivery. */
  flushAhead(): void;
  takeOn(): void;
  uncork(): void;
  break(error: unknown): void;
}

/** Milliseconds after which a failed or early read of the store is tried again. */
const retryMs = 250;
/** A channel counts as quiet, and its top is sent, this long after its last operation (HB-3). */
const quietMs = 1000;

/** About half a millisecond of work. */
const looksPerFlush = 1000;

/** How the state of a channel is kept. */
export interface StateKind {
  readonly mode: Mode;
  readonly bounds: StateBounds;
}

export interface HubOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly limits: Limits;
  readonly stats: Stats;
}

/** The watched channels of a node, and the flush that serves them all once a turn. */
export class Hub implements FeedHost {
  readonly limits: Limits;
  readonly stats: Stats;
  /** Set by the engine. */
  onAsked: (feed: Feed) => void = () => undefined;
  readonly chunks = new ChunkCache();
  looks = looksPerFlush;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #logger: Logger;
  readonly #logs = new Map<string, MaybePromise<LogFeed>>();
  readonly #states = new Map<string, MaybePromise<StateFeed>>();
  readonly #unwatch = new Map<Feed, () => void>();
  readonly #settling = new Set<Feed>();
  #dirty: Feed[] = [];
  #sessions: Flushable[] = [];
  readonly #corked: Flushable[] = [];
  #scheduled = false;
  readonly #flush = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  constructor({ store, clock, timers, logger, limits, stats }: HubOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#timers = timers;
    this.#logger = logger;
    this.limits = limits;
    this.stats = stats;
  }

  /** The feed of a log, watched from now on and held for the caller, who must let it go. */
  feed(key: string, name: string, mode: LogDefinition['mode'] = 'log'): MaybePromise<LogFeed> {
    // Each subscription comes by here: one to a channel that is watched costs no closure.
    const known = this.#logs.get(key);
    if (known && !isPromise(known)) {
      known.hold();
      return known;
    }
    const Kind = mode === 'doc' ? DocumentFeed : LogFeed;
    return this.#hold(this.#logs, key, () =>
      this.#open(this.#logs, key, () => chain(this.#store.bounds(key), (bounds) => new Kind(this, key, name, bounds))),
    );
  }

  /** The same, of a channel with state. */
  stateFeed(key: string, name: string, kind: StateKind): MaybePromise<StateFeed> {
    const query = { after: 0, limit: Infinity };
    return this.#hold(this.#states, key, () =>
      this.#open(this.#states, key, () =>
        chain(this.#store.read(key, query), (page) => new StateFeed(this, key, name, { ...kind, page })),
      ),
    );
  }

  #hold<F extends Feed>(
    feeds: Map<string, MaybePromise<F>>,
    key: string,
    open: () => MaybePromise<F>,
  ): MaybePromise<F> {
    return chain(feeds.get(key) ?? open(), (feed) => {
      feed.hold();
      return feed;
    });
  }

  #open<F extends Feed>(
    feeds: Map<string, MaybePromise<F>>,
    key: string,
    make: () => MaybePromise<F>,
  ): MaybePromise<F> {
    // The watch begins before the bounds are asked, so that nothing falls between. Operations announced before the
    // answer are within the bounds that each subscription asks for afterwards.
    let feed: F | undefined;
    const watch = this.#store.watch(key, {
      announce: (epoch, op) => this.#tell(feed, (told) => told.announce(epoch, op)),
      learn: (bounds) => this.#tell(feed, (told) => told.learn(bounds)),
    });
    const open = (unwatch: () => void): MaybePromise<F> =>
      chain(make(), (made) => {
        feed = made;
        this.#unwatch.set(feed, unwatch);
        feeds.set(key, feed);
        if (!isOwn(key)) this.stats.channels++;
        return feed;
      });
    const opened = chain(watch, (unwatch) => undoOnFailure(() => open(unwatch), unwatch));
    if (opened instanceof Promise) {
      feeds.set(key, opened);
      opened.catch(() => feeds.delete(key));
    }
    return opened;
  }

  /** Within a store, whose work has nothing to do with what fails here. */
  #tell<F extends Feed>(feed: F | undefined, tell: (feed: F) => void): void {
    if (!feed) return;
    try {
      tell(feed);
    } catch (error) {
      feed.break(error);
    }
  }

  failed(feed: Feed, error: unknown): void {
    this.stats.errors++;
    this.#logger.error(`Delivering ${feed.key} failed.`, error);
  }

  bounds(key: string): MaybePromise<Bounds> {
    return this.#store.bounds(key);
  }

  release(feed: Feed): void {
    this.#logs.delete(feed.key);
    this.#states.delete(feed.key);
    this.#settling.delete(feed);
    this.#unwatch.get(feed)?.();
    this.#unwatch.delete(feed);
    if (!isOwn(feed.key)) this.stats.channels--;
  }

  now(): number {
    return this.#clock.now();
  }

  get paces(): boolean {
    return this.#clock.paces === true;
  }

  /** There is something to deliver for this feed. */
  mark(feed: Feed): void {
    if (!feed.dirty) {
      feed.dirty = true;
      this.#dirty.push(feed);
    }
    this.#schedule();
  }

  /** New operations arrived at this feed. */
  touch(feed: Feed): void {
    feed.lastOperationAt = this.#clock.now();
    this.#settling.add(feed);
    this.mark(feed);
  }

  /** A whole chunk waits at a feed: the next flush could carry no more of it in one write. */
  hurry(): void {
    this.#clock.hurry?.();
  }

  /** This session has frames of its own to send. */
  markSession(session: Flushable): void {
    this.#sessions.push(session);
    this.#schedule();
  }

  /**
   * A session's own frames go in front of what is delivered to it, in one write: `subscribed` before the operations, and an
   * acknowledgement with those of others. Never throws.
   */
  flush(): void {
    const sessions = this.#sessions;
    this.#sessions = [];
    each(sessions, flushAhead);
    const dirty = this.#dirty;
    this.#dirty = [];
    const corked = dirty.length > 1;
    this.looks = looksPerFlush;
    for (let i = 0; i < dirty.length; i++) {
      try {
        for (; i < dirty.length; i++) {
          const feed = dirty[i]!;
          feed.dirty = false;
          feed.flush(corked);
        }
      } catch (error) {
        this.failed(dirty[i]!, error);
      }
    }
    // Those that were delivered nothing.
    each(sessions, flushSession);
    // Another one is first next time.
    if (this.looks <= readersLooks && this.#dirty.length > 1) this.#dirty.push(this.#dirty.shift()!);
    if (corked) {
      each(this.#corked, uncorkSession);
      this.#corked.length = 0;
    }
    // After everything else of this turn: replies to new subscriptions are sent before anything is delivered to them.
    each(sessions, takeOn);
    if (this.#dirty.length === 0) this.chunks.clear();
  }

  /** A session whose writes are held back until the end of the flush. */
  holdBack(session: Flushable): void {
    this.#corked.push(session);
  }

  /** Called every second: tops of channels that fell quiet, and lost announcements. */
  tick(): void {
    const now = this.#clock.now();
    // Delivered first: what is told as the top must have been written.
    this.flush();
    for (const feed of this.#settling) {
      if (Math.abs(now - feed.lastOperationAt) < quietMs) continue;
      this.#settling.delete(feed);
      this.#tell(feed, sendTop);
    }
    if (this.#store.announcements === 'reliable') return;
    for (const feed of this.#unwatch.keys()) {
      void guard(
        () => chain(this.#store.bounds(feed.key), (bounds) => feed.learn(bounds)),
        (error) => !isToldOf(error) && this.#logger.error(`Reading the bounds of ${feed.key} failed.`, error),
      );
    }
  }

  /** Reads from the store; `undefined` means it failed and the caller should ask again `later`. */
  read(key: string, query: ReadQuery, done: (page: StoredPage | undefined) => void): void {
    void guard(
      () => chain(this.#store.read(key, query), done),
      (error) => {
        if (!isToldOf(error)) this.#logger.error(`Reading ${key} failed.`, error);
        done(undefined);
      },
    );
  }

  later(callback: () => void, delayMs = retryMs): CancelTimer {
    return this.#timers.after(delayMs, callback);
  }

  /** The first of several resets gives the reason: the receiver does not know of the later ones. */
  owe(subscription: Subscription, owed: Owed): void {
    if (subscription.owed) return;
    this.stats.resets++;
    subscription.owed = owed;
  }

  /** Continuity of a subscription cannot be proven: it starts anew, and says so once it can be written to (SUB-4). */
  restart(feed: Feed, subscription: Subscription, reason: ResetReason): void {
    subscription.state = 'loading';
    subscription.loaded = subscription.round = undefined;
    void guard(
      () =>
        chain(this.#store.bounds(feed.key), (bounds) => {
          if (subscription.state !== 'loading') return;
          feed.learn(bounds);
          const { offset, fresh } = feed.startAfterReset(bounds, subscription.last);
          subscription.stand(bounds.epoch, offset, fresh);
          this.owe(subscription, { reason });
          feed.resume(subscription);
        }),
      (error) => {
        if (!isToldOf(error)) this.#logger.error(`Restarting a subscription to ${feed.key} failed.`, error);
        this.later(() => {
          if (subscription.state === 'loading') this.restart(feed, subscription, reason);
        });
      },
    );
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.defer(this.#flush);
  }
}

/** Does `work` for each of them; one that fails ends, and the others do not. No closure and no fence for a session. */
function each(sessions: readonly Flushable[], work: (session: Flushable) => void): void {
  for (let i = 0; i < sessions.length; i++) {
    try {
      for (; i < sessions.length; i++) work(sessions[i]!);
    } catch (error) {
      sessions[i]!.break(error);
    }
  }
}

const flushAhead = (session: Flushable): void => session.flushAhead();
const flushSession = (session: Flushable): void => session.flush();
const takeOn = (session: Flushable): void => session.takeOn();
const uncorkSession = (session: Flushable): void => session.uncork();
const sendTop = (feed: Feed): void => feed.sendTop();
