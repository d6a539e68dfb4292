import type {
  Engine,
  ServerPublishOptions,
  ServerRedactOptions,
  ServerMessageHandler,
  ServerSubscribeOptions,
  ServerSubscription,
} from '@longwave/core';
import {
  type Channels,
  type DefinitionOf,
  type HistoryOptions,
  type HistoryPage,
  type InputOf,
  type LogDefinition,
  type MapDefinition,
  type MessageOutputOf,
  type OutputOf,
  type Position,
  type Published,
  type Received,
  type ResolvedPresence,
  type ValueDefinition,
  decodePayload,
  hasData,
  toMessage,
} from '@longwave/protocol';
import { type ServerChannelTraits, type ServerMap, type ServerValue, createStateChannel } from './server-state.js';

/** A log as the server sees it. */
export interface ServerChannel<In, Out, MemberOut = unknown> extends ServerChannelTraits<MemberOut> {
  /**
   * Publishes a message. Resolves when the store has it. Rejects with `unknown-channel`, `invalid-data`, `too-large` or
   * `too-old`.
   * @example
   * ```ts
   * await server.channel('chat/lobby').publish({ text: 'hello' }, { user: 'ada' });
   * ```
   */
  publish(data: In, options?: ServerPublishOptions): Promise<Published>;
  /** Reads one page of the log, by default its newest messages (HIS-1). Rejects with `epoch-changed` in another epoch. */
  history(options?: HistoryOptions): Promise<HistoryPage<Out>>;
  /**
   * Takes the data of a stored message for good; its place in the log stays, and whoever has it is told (RED-1, RED-2). Without `epoch`
   * the log that there is now is meant. Only in a log that its contract calls `redactable`. Rejects with `wrong-mode`, `trimmed` or
   * `epoch-changed`.
   * @example
   * ```ts
   * const [newest] = (await server.channel('chat/lobby').history({ limit: 1 })).messages;
   * if (newest) await server.channel('chat/lobby').redact(newest.meta, { reason: 'spam', user: 'moderator' });
   * ```
   */
  redact(message: Partial<Position> & Pick<Position, 'offset'>, options?: ServerRedactOptions): Promise<Published>;
  /**
   * Calls `handler` for each message after it is stored, in the order of the log, whichever node it was published to: for a bot, an
   * index, a webhook. No rights are asked and no hooks are called. `from` and `onReset` mean what they mean to a client (SUB-1,
   * SUB-4). Each call is awaited before the next; an error is logged and ends nothing. A handler that is slow costs no memory:
   * the subscription reads on from the log. While the store is away it waits; then it goes on where it stood, or tells a reset.
   * Ends by `unsubscribe()` and with the server. Throws `unknown-channel`, `wrong-mode`, `closed`, and `TypeError` that names an
   * argument which cannot be.
   *
   * @example
   * ```ts
   * const bot = server.channel('chat/lobby').subscribe({ from: saved ?? 'start' }, async (text, { epoch, offset }) => {
   *   await index(text);
   *   await save({ epoch, offset });
   * });
   * ```
   */
  subscribe(handler: ServerMessageHandler<Out>): ServerSubscription;
  subscribe(options: ServerSubscribeOptions, handler: ServerMessageHandler<Out>): ServerSubscription;
}

/** The channel that `server.channel(name)` returns: its methods follow from the mode in the contract. */
export type ServerChannelOf<C extends Channels, Name extends string> = string extends keyof C
  ? ServerChannel<unknown, unknown> & ServerMap<unknown, unknown> & ServerValue<unknown, unknown>
  : ByMode<DefinitionOf<C, Name>, MemberOf<DefinitionOf<C, Name>>>;

type ByMode<D, MemberOut> =
  D extends LogDefinition<infer S, infer _>
    ? ServerChannel<InputOf<S>, MessageOutputOf<D>, MemberOut>
    : D extends MapDefinition<infer S, infer _>
      ? ServerMap<InputOf<S>, Received<OutputOf<S>>, MemberOut>
      : D extends ValueDefinition<infer S, infer _>
        ? ServerValue<InputOf<S>, Received<OutputOf<S>>, MemberOut>
        : never;

/** The data of the channel's members. */
type MemberOf<D> = D extends { readonly presence: ResolvedPresence<infer S> } ? Received<OutputOf<S>> : unknown;

/**
 * The types come from the contract. At run time there is one object, whose methods reject when they do not fit the
 * mode.
 */
export function createServerChannel<C extends Channels, Name extends string>(
  engine: Engine,
  name: Name,
): ServerChannelOf<C, Name> {
  const channel = {
    ...createStateChannel(engine, name, engine.modeOf(name)?.keyed ?? false),
    publish: (data: unknown, options?: ServerPublishOptions) => engine.publish(name, data, options),
    redact: (message: Partial<Position> & Pick<Position, 'offset'>, options?: ServerRedactOptions) =>
      engine.redactions.redact(name, message, options),
    subscribe: (...args: [ServerMessageHandler] | [ServerSubscribeOptions, ServerMessageHandler]) =>
      args.length === 1
        ? engine.listening.subscribe(name, {}, args[0])
        : engine.listening.subscribe(name, args[0], args[1]),
    async history(options?: HistoryOptions): Promise<HistoryPage<unknown>> {
      const { epoch, floor, top, ops } = await engine.history(name, options);
      const messages = ops.flatMap(({ payload, offset, ...op }) => {
        if (op.kind === 'redact') return [];
        const data = hasData(op.kind) ? decodePayload(payload) : undefined;
        return [toMessage(name, { epoch, offset }, { ...op, data }, true)];
      });
      const first = ops[0]?.offset ?? top + 1;
      return { messages, first, last: first + ops.length - 1, floor, top, epoch };
    },
  };
  return channel as unknown as ServerChannelOf<C, Name>;
}
