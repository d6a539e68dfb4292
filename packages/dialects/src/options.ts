import type { ConnectionInfo, MaybePromise } from '@longwave/core';
import { LongwaveError, type OptionRule, type RulesOf, checkOptions, option } from '@longwave/protocol';
import type { RateOptions } from './sockets/rate.js';

/** Options that both dialects have. */
export interface DialectOptions {
  /**
   * The channel of a document that a client calls so; undefined, or an error, refuses it. Default: the name itself. It is asked before
   * the client is authenticated: rights are those of the channel.
   */
  readonly document?: (name: string, info: ConnectionInfo) => MaybePromise<string | undefined>;
  /** Bytes of one message: a client sends what it did offline as one. Default 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Messages a second of one socket, on average; above it the socket is read from more slowly. Default 200. */
  readonly messagesPerSecond?: number;
  /** Bytes a second of one socket, likewise. Default 1 MiB. */
  readonly bytesPerSecond?: number;
}

/** Options as they count. */
export interface ResolvedOptions extends RateOptions {
  readonly maxMessageBytes: number;
  /** Bounds of what a socket may send before it is authenticated. */
  readonly earlyBytes: number;
  readonly earlyMessages: number;
  /** Rejects with `unknown-channel`. */
  channelOf(name: string, info: ConnectionInfo): Promise<string>;
}

/** The documents of all dialects of a server. */
export const libraryKey = Symbol('documents that clients of dialects have open');

const dialectRules: RulesOf<DialectOptions & { readonly path?: string }> = {
  path: option.text,
  document: option.callback,
  maxMessageBytes: option.wholeNumber(1),
  messagesPerSecond: option.wholeNumber(1),
  bytesPerSecond: option.wholeNumber(1),
};

export function resolveOptions(
  name: string,
  defaultPath: string,
  options: DialectOptions & { readonly path?: string },
  rules: Readonly<Record<string, OptionRule>> = {},
): ResolvedOptions & { readonly path: string } {
  checkOptions(name, options, { ...dialectRules, ...rules });
  const { document = (asked: string) => asked, maxMessageBytes = 16 * 1024 * 1024 } = options;
  return {
    path: options.path ?? defaultPath,
    maxMessageBytes,
    messagesPerSecond: options.messagesPerSecond ?? 200,
    bytesPerSecond: options.bytesPerSecond ?? 1024 * 1024,
    earlyBytes: 5 * 1024 * 1024,
    earlyMessages: 1000,
    async channelOf(asked, info) {
      const channel = await document(asked, info);
      if (typeof channel === 'string') return channel;
      throw new LongwaveError('unknown-channel', `There is no document '${asked.slice(0, 100)}'.`);
    },
  };
}
