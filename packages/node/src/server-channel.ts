import type { Appended, Engine, PublishOptions } from '@longwave/core';
import { decodePayload } from '@longwave/protocol';

export interface HistoryOptions {
  /** Operations with a lower offset. */
  readonly before?: number;
  /** Operations with a higher offset. */
  readonly after?: number;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
}

export interface StoredMessage<Out> {
  readonly data: Out;
  readonly offset: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly id?: string | undefined;
  readonly user?: string | undefined;
}

/** What is retained: offsets from `floor + 1` to `top`. */
export interface HistoryPage<Out> {
  readonly epoch: string;
  readonly floor: number;
  readonly top: number;
  readonly messages: readonly StoredMessage<Out>[];
}

export interface ServerChannel<In, Out> {
  /** Rejects with `unknown-channel`, `invalid-data`, `too-large` or `too-old`. */
  publish(data: In, options?: PublishOptions): Promise<Appended>;
  history(options?: HistoryOptions): Promise<HistoryPage<Out>>;
}

export interface ServerUser<In> {
  /** To the user's inbox (CH-4). Rejects with `unknown-channel` when the contract defines no `@me`. */
  publish(data: In, options?: PublishOptions): Promise<Appended>;
  /** Ends every connection of the user on this node. Returns how many there were. */
  disconnect(message?: string): number;
  /** Asks for the user's rights anew; subscriptions without them end with `revoked`. */
  recheck(): void;
}

export function createServerChannel<In, Out>(engine: Engine, name: string): ServerChannel<In, Out> {
  return {
    publish: (data, options) => engine.publish(name, data, options),
    async history(options) {
      const { epoch, floor, top, ops } = await engine.history(name, options);
      const messages = ops.map(({ payload, ...rest }) => ({ ...rest, data: decodePayload(payload) as Out }));
      return { epoch, floor, top, messages };
    },
  };
}

export function createServerUser<In>(engine: Engine, user: string): ServerUser<In> {
  return {
    publish: (data, options) => engine.publishToUser(user, data, options),
    disconnect: (message) => engine.disconnectUser(user, message),
    recheck: () => engine.recheckUser(user),
  };
}
