import type {
  Duration,
  From,
  LongwaveError,
  Message,
  MessageMeta,
  Position,
  Redaction,
  ResetInfo,
  ResetReason,
} from '@longwave/protocol';

/**
 * How long a request waits for its answer. A publish that is given up before it was sent is never sent. One that was sent may be
 * stored nevertheless: its fate is unknown.
 */
export interface RequestOptions {
  /** Time until the request rejects with `timeout`, such as `'5s'` or milliseconds; `Infinity` for never. */
  readonly timeout?: Duration;
  /** Gives the request up when it aborts: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Facts for `onSubscribed`: where the subscription stands, and how much it has to catch up. */
export interface SubscribedInfo {
  /** Where the subscription begins: messages after it come. */
  readonly position: Position;
  /** Operations between `position` and the end of the log: they come next. */
  readonly recovering: number;
  /** Set when the position asked for could not be continued. `onReset` was called as well. */
  readonly reset: ResetReason | undefined;
}

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** Where to start: `now`, `start`, the last n, or after a saved position. Default `now`: messages stored from now on. */
  readonly from?: From;
  /** Called at the start, and after each reconnect when the subscription is live again. */
  readonly onSubscribed?: (info: SubscribedInfo) => void;
  /**
   * Called when continuity is lost, before any later message (SUB-4). With iteration, `meta.reset` of the next message
   * tells it instead.
   */
  readonly onReset?: (reset: ResetInfo) => void;
  /**
   * Called when the data of an earlier message was taken, whether or not the subscription got that message (RED-2): a page that shows it
   * removes it. A message that is read after that has `meta.redacted` and no data.
   */
  readonly onRedact?: (redaction: Redaction) => void;
  /** Called once when the subscription has ended other than by `unsubscribe()`. */
  readonly onEnd?: (error: LongwaveError) => void;
  /**
   * Messages kept for an iteration that lags. Above it the client drops them and reads them from the log later. Default
   * 1,024.
   */
  readonly bufferLimit?: number;
}

/** Gets each message in the order of the log. An exception is reported (`reportError`) and ends nothing. */
export type Handler<Out> = (data: Out, meta: MessageMeta) => void;

/** `paused`: the iteration lags, and the client reads on from the log when its queue has drained. */
export type SubscriptionState = 'pending' | 'live' | 'paused' | 'ended';

/** A subscription to a log, until `unsubscribe()`. Without a handler it is iterated over. */
export interface Subscription<Out> {
  readonly state: SubscriptionState;
  /**
   * Position after the last message or reset that the application got: save it, and give it to `from` later (G6).
   * Without `onReset`, `meta.reset` of the next message tells a reset, and the position does not pass the reset before
   * that message.
   */
  readonly position: Position | undefined;
  /** Resolves with the first position. Rejects when the subscription is refused or ends before. */
  readonly ready: Promise<Position>;
  /** Ends the subscription: no callback follows. Harmless when repeated. */
  unsubscribe(): void;
  /**
   * Iterates over the messages of a subscription without a handler. Leaving the loop unsubscribes. When an error ends
   * the subscription, the loop gets the messages before it and then throws it.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message<Out>>;
}
