import type {
  CallInput,
  CallOutput,
  Calls,
  Channels,
  ClientCalls,
  ClientHandlers,
  DefinitionOf,
  HistoryOptions,
  HistoryPage,
  InputOf,
  LogDefinition,
  MessageOutputOf,
  Message,
  NameOf,
  OutputOf,
  Position,
  PublishOptions,
  Published,
  Received,
  RedactOptions,
  ResolvedPresence,
  RoomChannelDefinition,
  StateDefinition,
} from '@longwave/protocol';
import type { Handler, RequestOptions, SubscribeOptions, Subscription } from './api.js';
import type { Diagnostic } from '../base/ports.js';
import type { ConnectionState } from '../connection/connection-state.js';
import type { TransportReason } from '../connection/transport-fallback.js';
import type { ChannelTraits, MapChannel, Presence, ValueChannel } from './state-api.js';

/** A channel that keeps a log of messages. `In` is the type of data published, `Out` of data received. */
export interface Channel<In, Out> extends ChannelTraits {
  readonly name: string;
  /**
   * Publishes a message. Resolves when the server has stored it; until then the client sends it again after each
   * reconnect, and the server stores it once (PUB-1, PUB-2). `data` is JSON, or an `ArrayBuffer` or a view of one,
   * which is sent as bytes.
   *
   * Throws `TypeError` at once on data that JSON cannot express, and names their place (PUB-9). Rejects with the
   * server's code, or with `outbox-full`, `too-large`, `timeout` or `closed`.
   * @example
   * ```ts
   * const { position } = await client.channel('chat/lobby').publish({ text: 'hello' });
   * ```
   */
  publish(data: In, options?: PublishOptions & RequestOptions): Promise<Published>;
  /**
   * Subscribes to the messages, by default from now on; `from` begins in the past. Reconnects are resumed without loss,
   * or `onReset` is called. Without a handler, iterate over the subscription. Throws `TypeError` on an invalid option;
   * a refusal by the server rejects `ready` and is given to `onEnd`.
   * @example
   * ```ts
   * const subscription = client.channel('chat/lobby').subscribe({ from: { last: 20 } }, (message, meta) => {
   *   console.log(meta.user, message.text);
   * });
   * ```
   */
  subscribe(handler: Handler<Out>): Subscription<Out>;
  subscribe(options?: SubscribeOptions, handler?: Handler<Out>): Subscription<Out>;
  /**
   * Reads one page of the log: the newest messages, or those before or after an offset. Waits for a connection.
   * Rejects with `timeout` after `timeout`, 30 s by default, with `epoch-changed`, or with the server's code.
   * @example
   * ```ts
   * const newest = await channel.history({ limit: 50 });
   * await channel.history({ before: newest.first, epoch: newest.epoch });
   * ```
   */
  history(options?: HistoryOptions & RequestOptions): Promise<HistoryPage<Out>>;
  /**
   * Takes the data of a stored message for good; its place in the log stays (RED-1). Subscribers that have it are told by `onRedact`. Only in a log
   * that its contract calls `redactable`. A user may redact their own messages, and others' with a right to (RED-3). Sent again after
   * a reconnect like a publish. Resolves with the position of the redaction. Rejects with the server's code: `forbidden`, `trimmed`,
   * `epoch-changed`, `wrong-mode`.
   * @example
   * ```ts
   * const { position } = await channel.publish({ text: 'meant for somebody else' });
   * await channel.redact(position, { reason: 'sent by mistake' });
   * ```
   */
  redact(message: Position, options?: RedactOptions & RequestOptions): Promise<Published>;
  /** Iterates over the messages from now on. Leaving the loop unsubscribes. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message<Out>>;
}

/** The channel that `client.channel(name)` returns: its methods and types follow from the contract. */
export type ChannelOf<C extends Channels, Name extends string> = string extends keyof C
  ? Channel<unknown, unknown> &
      MapChannel<unknown, unknown> &
      ValueChannel<unknown, unknown> &
      WithPresence<unknown, unknown>
  : ByMode<DefinitionOf<C, Name>> & ByPresence<DefinitionOf<C, Name>>;

/** A room: `play` of `longwave/rooms` joins it. */
export interface RoomChannel {
  readonly name: string;
}

type ByMode<D> =
  D extends LogDefinition<infer S, infer _>
    ? Channel<InputOf<S>, MessageOutputOf<D>>
    : D extends StateDefinition<infer Mode, infer S, infer _>
      ? Mode extends 'value'
        ? ValueChannel<InputOf<S>, Received<OutputOf<S>>>
        : MapChannel<InputOf<S>, Received<OutputOf<S>>>
      : D extends RoomChannelDefinition
        ? RoomChannel
        : never;

type ByPresence<D> = D extends { readonly presence: infer P }
  ? P extends ResolvedPresence<infer S>
    ? WithPresence<InputOf<S>, Received<OutputOf<S>>>
    : unknown
  : unknown;

interface WithPresence<In, Out> {
  /** Members of the channel (PRES-1). */
  readonly presence: Presence<In, Out>;
}

type CallArguments<Input> = undefined extends Input
  ? [input?: Input, options?: RequestOptions]
  : [input: Input, options?: RequestOptions];

/** A transport, and the reason why it was chosen (CLI-7, CLI-8). */
export interface TransportChoice {
  readonly name: string;
  readonly why: TransportReason;
}

/**
 * A connection to a server that reconnects until `close()`. `C` and `K` are the types of the contract's channels and
 * calls, `H` that of the server's calls to its clients. Create one with `connect`.
 */
export interface Client<C extends Channels = Channels, K extends Calls = Calls, H extends ClientCalls = ClientCalls> {
  /** State of the connection now. */
  readonly state: ConnectionState;
  /**
   * The transport in use, or the one that is tried next. `onState` also tells when a connection changes to another
   * transport.
   */
  readonly transport: TransportChoice;
  /** Calls `listener` after each change of `state`. Returns a function that removes the listener. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /**
   * Calls `handler` with each thing that goes wrong and that no promise tells of: the server refused the client, `token` failed, a
   * frame was unreadable. Returns a function that removes the handler. Errors that the application's own handlers throw go to the
   * option `reportError`.
   * @example
   * ```ts
   * const stop = client.on('error', ({ kind, message, cause }) => logger.warn(kind, message, cause));
   * ```
   */
  on(event: 'error', handler: (error: Diagnostic) => void): () => void;
  /**
   * Returns the channel of that name; nothing is sent yet. Throws `unknown-channel` on a name that no channel can have
   * (CH-1).
   * @example
   * ```ts
   * const room = client.channel('chat/lobby');
   * ```
   */
  channel<Name extends NameOf<C>>(name: Name): ChannelOf<C, Name>;
  /**
   * Calls a function of the server and resolves with its result. Waits for a connection. The client never repeats a
   * call: it rejects with `connection-lost` when the connection ends before the reply (CALL-2), with `timeout` after
   * `timeout`, 30 s by default, or with the server's code.
   * @example
   * ```ts
   * const sum = await client.call('add', { a: 1, b: 2 });
   * ```
   */
  call<Method extends keyof K & string>(
    method: Method,
    ...args: CallArguments<CallInput<K, Method>>
  ): Promise<CallOutput<K, Method>>;
  /**
   * Answers the server's calls of these methods (CALL-3) until the function that it returns is called. A handler returns
   * its answer or a promise of it; a `LongwaveError` that it throws reaches the server with code and message, another error
   * goes to `reportError` and reaches the server as `internal`. A newer handler for a method answers in place of an older one. Throws
   * `TypeError` on a value that is no function.
   * @example
   * ```ts
   * const stop = client.handle({ confirm: ({ question }) => window.confirm(question) });
   * ```
   */
  handle(handlers: ClientHandlers<H>): () => void;
  /**
   * Connects now, with a token asked for anew. Ends a wait, also the wait for another token (CLI-9), or replaces an
   * open connection. Throws `closed` when the client is closed.
   */
  reconnect(): void;
  /**
   * Authenticates anew over the open connection; the server checks all rights again (SES-6). Rejects with the server's
   * code.
   */
  refresh(): Promise<void>;
  /** Closes the client for good. Promises that are not settled reject with `closed` (CLI-6). */
  close(): void;
}
