import type {
  CallInput,
  CallOutput,
  Calls,
  Channels,
  DefinitionOf,
  InputOf,
  LogDefinition,
  NameOf,
  OutputOf,
  Published,
  Received,
  ResolvedPresence,
  StateDefinition,
} from '@longwave/protocol';
import type {
  Handler,
  HistoryOptions,
  HistoryPage,
  PublishOptions,
  RequestOptions,
  SubscribeOptions,
  Subscription,
} from './api.js';
import type { ConnectionState } from '../connection/connection-state.js';
import type { TransportReason } from '../connection/ladder.js';
import type { Message } from './message.js';
import type { ChannelTraits, MapChannel, Presence, ValueChannel } from './state-api.js';

export interface Channel<In, Out> extends ChannelTraits {
  readonly name: string;
  /**
   * Resolves when the server has stored it; it is sent again over reconnects until then, and stored once
   * (PUB-1, PUB-2). Throws `TypeError` at once on data that JSON cannot say, with their
   * place (PUB-9); a whole `ArrayBuffer` or view goes as bytes. Rejects with the server's code, or
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
    ? Channel<InputOf<S>, Received<OutputOf<S>>>
    : D extends StateDefinition<infer Mode, infer S, infer _>
      ? Mode extends 'value'
        ? ValueChannel<InputOf<S>, Received<OutputOf<S>>>
        : MapChannel<InputOf<S>, Received<OutputOf<S>>>
      : never;

type ByPresence<D> = D extends { readonly presence: infer P }
  ? P extends ResolvedPresence<infer S>
    ? WithPresence<InputOf<S>, Received<OutputOf<S>>>
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
  /**
   * Connects now, with what `token` gives then: ends a wait, also one for another token (CLI-9), or replaces a standing
   * connection. Throws `closed` after the end.
   */
  reconnect(): void;
  /** Authenticates anew and has all rights re-checked (SES-6). Rejects with the server's code. */
  refresh(): Promise<void>;
  /** Ends everything; what is unsettled rejects with `closed` (CLI-6). */
  close(): void;
}
