import type {
  CallInput,
  CallOutput,
  Calls,
  Channels,
  Durability,
  From,
  LongwaveError,
  DefinitionOf,
  InputOf,
  LogDefinition,
  NameOf,
  OutputOf,
  Position,
  ResetReason,
  ResolvedPresence,
  StateDefinition,
} from '@longwave/protocol';
import type { ChannelTraits, MapChannel, Presence, ValueChannel } from './state-api.js';
import type { ConnectionState } from './connection-state.js';
import type { TransportReason } from './ladder.js';
import type { Message, MessageMeta, ResetInfo } from './message.js';

export interface RequestOptions {
  /** Milliseconds until it rejects with `timeout`. */
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

export interface Published {
  readonly position: Position;
  /** True when it had been stored before, at `position`. */
  readonly duplicate: boolean;
  readonly durability: Durability;
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
  /** Where to start. Default `now`. */
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

export interface Channel<In, Out> extends ChannelTraits {
  readonly name: string;
  /**
   * Resolves when the server has stored it; it is sent again over reconnects until then, and stored once
   * (PUB-1, PUB-2). Throws `TypeError` at once on data that is not JSON. Rejects with the server's code, or
   * `outbox-full`, `too-large`, `timeout`, `closed`.
   */
  publish(data: In, options?: PublishOptions): Promise<Published>;
  subscribe(handler: Handler<Out>): Subscription<Out>;
  subscribe(options?: SubscribeOptions, handler?: Handler<Out>): Subscription<Out>;
  /** Waits for a connection, for 30 s unless `timeoutMs` says otherwise. */
  history(options?: HistoryOptions): Promise<HistoryPage<Out>>;
  /** Messages from now on. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message<Out>>;
}

/** What `client.channel(name)` gives, by what the contract says of it. */
export type ChannelOf<C extends Channels, Name extends string> = string extends keyof C
  ? Channel<unknown, unknown> &
      MapChannel<unknown, unknown> &
      ValueChannel<unknown, unknown> &
      WithPresence<unknown, unknown>
  : ByMode<DefinitionOf<C, Name>> & ByPresence<DefinitionOf<C, Name>>;

type ByMode<D> =
  D extends LogDefinition<infer S, infer _>
    ? Channel<InputOf<S>, OutputOf<S>>
    : D extends StateDefinition<infer Mode, infer S, infer _>
      ? Mode extends 'value'
        ? ValueChannel<InputOf<S>, OutputOf<S>>
        : MapChannel<InputOf<S>, OutputOf<S>>
      : never;

type ByPresence<D> = D extends { readonly presence: infer P }
  ? P extends ResolvedPresence<infer S>
    ? WithPresence<InputOf<S>, OutputOf<S>>
    : unknown
  : unknown;

interface WithPresence<In, Out> {
  /** Who is there (PRES-1). */
  readonly presence: Presence<In, Out>;
}

type CallArguments<Input> = undefined extends Input
  ? [input?: Input, options?: RequestOptions]
  : [input: Input, options?: RequestOptions];

/** Which transport, and why that one (CLI-7, CLI-8). */
export interface TransportChoice {
  readonly name: string;
  readonly why: TransportReason;
}

export interface Client<C extends Channels = Channels, K extends Calls = Calls> {
  readonly state: ConnectionState;
  /** The transport in use, or the one that is tried next. `onState` tells when a connection changes over to another. */
  readonly transport: TransportChoice;
  /** Calls `listener` at each change. Returns how to stop. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Throws `unknown-channel` on a name that can be none (CH-1). */
  channel<Name extends NameOf<C>>(name: Name): ChannelOf<C, Name>;
  /**
   * Waits for a connection and its reply, for 30 s unless `timeoutMs` says otherwise. Never repeated:
   * rejects with `connection-lost` when the connection ends before the reply (CALL-2).
   */
  call<Method extends keyof K & string>(
    method: Method,
    ...args: CallArguments<CallInput<K, Method>>
  ): Promise<CallOutput<K, Method>>;
  /** Connects now: ends a wait, or replaces a standing connection. */
  reconnect(): void;
  /** Authenticates anew and has all rights re-checked (SES-6). Rejects with the server's code. */
  refresh(): Promise<void>;
  /** Ends everything; what is unsettled rejects with `closed` (CLI-6). */
  close(): void;
}
