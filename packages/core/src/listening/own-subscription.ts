import {
  type Changes,
  LongwaveError,
  type MessageFrame,
  type Position,
  type ReceivedOperation,
  type Reset,
  type ResetInfo,
} from '@longwave/protocol';
import { type Bounds, type Logger, warn } from '../base/ports.js';
import type { Feed } from '../delivery/feed.js';
import type { Hub } from '../delivery/hub.js';
import type { Start } from '../delivery/start.js';
import type { Timers } from '../base/timers.js';
import { Subscription, type SubscriptionOptions } from '../delivery/subscription.js';
import { type MaybePromise, adopt, chain, guard, isPromise } from '../base/maybe-promise.js';
import { isToldOf } from '../guards/fenced-store.js';
import { Listener } from './listener.js';

/** Milliseconds after which a store that failed is asked again. */
const openAgainMs = 500;

/** Frames that carry something of the channel. */
export type News = MessageFrame<ReceivedOperation> | Changes<ReceivedOperation>;

/** A call of the application, and the position that it has after it. */
export interface Telling {
  /** Undefined: it does not move. */
  readonly position: Position | undefined;
  /** Undefined: there is nothing to tell. */
  readonly call: (() => unknown) | undefined;
}

/** The part of a subscription that depends on what the channel keeps. */
export interface Reading {
  readonly channel: string;
  /** The position that the application saved. */
  readonly from: Position | undefined;
  /** The feed, held for the subscription. */
  open(): MaybePromise<Feed>;
  /** Where it begins, or goes on after `position`. Throws `unavailable` if the store lags behind the position. */
  start(bounds: Bounds, position: Position | undefined): Start;
  readonly options: SubscriptionOptions;
  /** It stands, and the log ends at `top`. */
  begin(top: number): void;
  /** To stand is to be live: there is no state to wait for. */
  readonly startsEmpty: boolean;
  /**
   * The news of a frame for the application. Each part is asked for when the one before it is done. Throws where it
   * does not fit.
   */
  read(frame: News): Iterable<Telling>;
  /** Continuity was lost (SUB-4). Returns the call that says so, where it is not said with what comes next. */
  reset(reset: ResetInfo, top: number): (() => unknown) | undefined;
}

/** The part of the node that the application's subscriptions use. */
export interface ListeningHost {
  readonly hub: Hub;
  readonly timers: Timers;
  readonly logger: Logger;
  forget(subscription: OwnSubscription): void;
}

/**
 * A subscription of the application itself, on this node: a cursor like that of a client, without a session. It calls the
 * application for one thing after the other and awaits what it returns. Meanwhile its link counts as full: nothing is queued but
 * the chunk that was written last, and it reads on from the log.
 */
export class OwnSubscription {
  readonly ready: Promise<Position>;
  readonly #host: ListeningHost;
  readonly #reading: Reading;
  readonly #listener: Listener;
  #state: 'pending' | 'live' | 'ended' = 'pending';
  /** After the last thing that the application was told and was done with. */
  #position: Position | undefined;
  /** After the last thing that arrived. */
  #arrived: Position | undefined;
  #subscription: Subscription | undefined;
  #waiting: (News | Reset)[] = [];
  #busy = false;
  /** One failure of the store is logged, not each attempt. */
  #failed = false;
  #settleReady!: { resolve: (position: Position) => void; reject: (error: LongwaveError) => void };

  constructor(host: ListeningHost, reading: Reading) {
    this.#host = host;
    this.#reading = reading;
    this.#arrived = reading.from;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Nobody has to look at it.
    this.ready.catch(() => undefined);
    this.#listener = new Listener({
      onMessage: (frame) => this.#arrive(frame, frame.offset + frame.ops.length - 1),
      // A part of an act stands where the act began: it is nothing without the rest.
      onChanges: (frame) => this.#arrive(frame, frame.more ? undefined : frame.offset),
      onReset: (frame) => this.#arrive(frame, frame.offset),
      onFailed: (error) => this.#onFailed(error),
    });
    this.#open();
  }

  get state(): 'pending' | 'live' | 'ended' {
    return this.#state;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  unsubscribe(): void {
    this.end(new LongwaveError('closed', 'Unsubscribed.'));
  }

  /** Nothing is told after it. */
  end(error: LongwaveError): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#waiting = [];
    this.#leave();
    this.#host.forget(this);
    this.#settleReady.reject(error);
  }

  #open(): void {
    if (this.#state === 'ended') return;
    void guard(
      () => chain(this.#reading.open(), (feed) => this.#enter(feed)),
      (error) => this.#openLater(error),
    );
  }

  #openLater(error: unknown): void {
    const { logger, timers } = this.#host;
    if (this.#state === 'ended') return;
    if (!this.#failed && !isToldOf(error)) {
      warn(logger, `The server's own subscription to ${this.#reading.channel} is tried again.`, error);
    }
    this.#failed = true;
    timers.after(openAgainMs, () => this.#open());
  }

  #enter(feed: Feed): MaybePromise<void> {
    const { hub } = this.#host;
    return guard(
      () =>
        chain(hub.bounds(feed.key), (bounds) => {
          if (this.#state === 'ended') return feed.letGo();
          this.#stand(feed, bounds, this.#reading.start(bounds, this.#arrived));
        }),
      (error) => {
        feed.letGo();
        this.#openLater(error);
      },
    );
  }

  #stand(feed: Feed, bounds: Bounds, { offset, reset, fresh }: Start): void {
    const { epoch, top } = bounds;
    feed.learn(bounds);
    const subscription = new Subscription(this.#listener, feed, epoch, offset, { ...this.#reading.options, fresh });
    this.#subscription = subscription;
    this.#failed = false;
    this.#reading.begin(top);
    if (reset) this.#host.hub.owe(subscription, { reason: reset });
    else {
      this.#arrived = { epoch, offset };
      if (this.#reading.startsEmpty && this.#state === 'pending') {
        this.#position = this.#arrived;
        this.#goLive(this.#arrived);
      }
    }
    feed.begin(subscription);
  }

  #goLive(position: Position): void {
    this.#state = 'live';
    this.#settleReady.resolve(position);
  }

  /** Within a flush: the application is called after it. Returns whether it takes more. */
  #arrive(frame: News | Reset, offset: number | undefined): boolean {
    if (this.#state === 'ended') return true;
    this.#waiting.push(frame);
    if (offset === undefined) return true;
    this.#arrived = { epoch: frame.epoch, offset };
    if (!this.#busy) {
      this.#busy = true;
      void Promise.resolve().then(() => this.#work());
    }
    return false;
  }

  /** Tells what has arrived, then reads on. Never rejects. */
  async #work(): Promise<void> {
    try {
      for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
        for (const { position, call } of frame.type === 'reset' ? this.#tellReset(frame) : this.#reading.read(frame)) {
          if (this.#isEnded()) return;
          const told = call && this.#tell(call);
          if (isPromise(told)) await told;
          if (this.#isEnded()) return;
          if (position) this.#position = position;
          if (this.#state === 'pending' && (frame.type !== 'reset' || this.#reading.startsEmpty)) {
            this.#goLive(position ?? { epoch: frame.epoch, offset: frame.offset });
          }
        }
      }
    } catch (error) {
      this.#waiting = [];
      this.#onFailed(error);
    }
    this.#busy = false;
    this.#listener.drained();
    const subscription = this.#subscription;
    if (subscription?.state === 'blocked') subscription.source.resume(subscription);
  }

  *#tellReset({ reason, epoch, offset }: Reset): Iterable<Telling> {
    const position = { epoch, offset };
    const top = this.#subscription?.source.top ?? offset;
    const previous = this.#position ?? this.#reading.from;
    const call = this.#reading.reset({ reason, position, previous }, top);
    // To resume after a reset that the application was not told of yet would lose it (G3).
    yield { position: call ? position : previous, call };
  }

  #tell(call: () => unknown): MaybePromise<void> {
    return guard(
      () => chain(adopt(call()), () => undefined),
      (error) => this.#complain(error),
    );
  }

  #complain(error: unknown): void {
    this.#host.logger.error(`A handler of the server's own subscription to ${this.#reading.channel} failed.`, error);
  }

  /** It could not be delivered to, and goes on from where it stood. */
  #onFailed(error: unknown): void {
    if (this.#state === 'ended') return;
    this.#leave();
    this.#openLater(error);
  }

  #leave(): void {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    subscription?.source.remove(subscription);
  }

  /** The application may have ended it. */
  #isEnded(): boolean {
    return this.#state === 'ended';
  }
}
