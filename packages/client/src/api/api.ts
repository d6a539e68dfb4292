import type { From, LongwaveError, Position, ResetReason } from '@longwave/protocol';
import type { Message, MessageMeta, ResetInfo } from './message.js';

export interface RequestOptions {
  /** Milliseconds until it rejects with `timeout`; `Infinity` for never. */
  readonly timeoutMs?: number;
  /** Rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * After `timeoutMs` or `signal` the publish is given up. One not yet sent is never sent; one already
 * sent may still be stored: its fate is unknown.
 */
export interface PublishOptions extends RequestOptions {
  /** The same id published again by this user, by whatever client, is stored once (PUB-3). */
  readonly id?: string;
}

export interface HistoryOptions extends RequestOptions {
  /** Operations with a smaller offset, the newest of them. */
  readonly before?: number;
  /** Operations with a greater offset, the oldest of them. */
  readonly after?: number;
  /** At most 1,000. Default 100. */
  readonly limit?: number;
  /** Fails with `epoch-changed` when the log is another one. */
  readonly epoch?: string;
}

export interface HistoryPage<Out> {
  /** In the order of the log. */
  readonly messages: readonly Message<Out>[];
  /** What is retained: offsets from `floor + 1` to `top`. */
  readonly floor: number;
  readonly top: number;
  readonly epoch: string;
}

export interface SubscribedInfo {
  readonly position: Position;
  /** Operations between `position` and the end of the log: they come next. */
  readonly recovering: number;
  /** Set when the position asked for could not be continued; `onReset` was told as well. */
  readonly reset: ResetReason | undefined;
}

export interface SubscribeOptions {
  /** Where to start: `now`, `start`, the last n, or after a saved position. Default `now`: messages stored from now on. */
  readonly from?: From;
  /** At the start, and each time the subscription stands again after a reconnect. */
  readonly onSubscribed?: (info: SubscribedInfo) => void;
  /** Continuity is lost, told before any later message. With iteration, `meta.reset` says it in its place. */
  readonly onReset?: (reset: ResetInfo) => void;
  /** The subscription has ended, and not by `unsubscribe()`. */
  readonly onEnd?: (error: LongwaveError) => void;
  /** Messages kept for an iteration that is behind; beyond it they are read again when it drains. Default 1,024. */
  readonly bufferLimit?: number;
}

export type Handler<Out> = (data: Out, meta: MessageMeta) => void;

/** `paused`: the iteration is behind; it reads on from the log when it drains. */
export type SubscriptionState = 'pending' | 'live' | 'paused' | 'ended';

export interface Subscription<Out> {
  readonly state: SubscriptionState;
  /**
   * After the last message or reset that the application was told of. To be saved and given to `from` later (G6). A reset
   * is told by `onReset`; without one, by `meta.reset` of the message behind it, and the position waits for that.
   */
  readonly position: Position | undefined;
  /** Resolves with the first position. Rejects when the subscription is refused or ended before. */
  readonly ready: Promise<Position>;
  unsubscribe(): void;
  /**
   * The messages, for a subscription without a handler. Leaving the loop unsubscribes. Throws inside
   * the loop what ended the subscription, after the messages before it.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message<Out>>;
}
