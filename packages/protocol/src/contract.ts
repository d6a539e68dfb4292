import type { InputOf, OutputOf, Schema } from './schema.js';
import { type Duration, toMilliseconds } from './duration.js';
import { type ChannelName, isChannelName } from './pattern.js';

/** What a channel's log keeps. Whatever bound is reached first trims the oldest operations (LOG-2). */
export interface Retention {
  /** Operations. Default 1,000. */
  readonly count?: number;
  /** Bytes of payload. Default 8 MiB. */
  readonly bytes?: number;
  /** Age since publishing. Default one day. */
  readonly age?: Duration;
}

/** The resolved bounds: operations, bytes, milliseconds. */
export interface ResolvedRetention {
  readonly count: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** A channel that keeps an ordered log of messages. Made by {@link log}. */
export interface LogDefinition<S extends Schema = Schema> {
  readonly mode: 'log';
  readonly message: S | undefined;
  readonly retain: ResolvedRetention;
}

export type ChannelDefinition = LogDefinition;

/** Channel definitions by pattern: the contract that server and client share. */
export type Channels = Readonly<Record<string, ChannelDefinition>>;

export interface LogOptions<S extends Schema> {
  /** Checked on publish, on the server. Without it any JSON value or `Uint8Array` passes. */
  readonly message?: S;
  readonly retain?: Retention;
}

/** A channel that keeps an ordered log of messages and skips none for a reader that is behind. Throws `RangeError` on a bound that is not one. */
export function log<S extends Schema = Schema>(options: LogOptions<S> = {}): LogDefinition<S> {
  const { count = 1000, bytes = 8 * 1024 * 1024, age = '1d' } = options.retain ?? {};
  for (const [name, value] of Object.entries({ count, bytes })) {
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      throw new RangeError(`retain.${name} must be a whole number of at least 0, not ${value}.`);
    }
  }
  return { mode: 'log', message: options.message, retain: { count, bytes, ageMs: toMilliseconds(age) } };
}

/**
 * The contract of an application's channels. A pattern's `:name` segments are parameters. The
 * pattern `@me` defines the inbox of each user: `server.user(id).publish(...)` writes to it and only
 * that user reads it. Throws `RangeError` on a pattern that no channel name could match.
 */
export function defineChannels<const C extends Channels>(channels: C): C {
  for (const pattern of Object.keys(channels)) {
    if (!isChannelName(pattern)) throw new RangeError(`'${pattern}' is not a valid channel pattern.`);
  }
  return channels;
}

/** The reserved name of the connected user's own inbox (CH-4). */
export const inboxName = '@me';

/** The concrete names that a contract allows. */
export type NameOf<C extends Channels> = { [P in keyof C & string]: ChannelName<P> }[keyof C & string];

/** The pattern behind a concrete name. */
type PatternOf<C extends Channels, Name extends string> = {
  [P in keyof C & string]: Name extends ChannelName<P> ? P : never;
}[keyof C & string];

/** What may be published to the channel called `Name`. */
export type MessageInput<C extends Channels, Name extends string> =
  C[PatternOf<C, Name>] extends LogDefinition<infer S> ? InputOf<S> : never;

/** What subscribers of the channel called `Name` get. */
export type MessageOutput<C extends Channels, Name extends string> =
  C[PatternOf<C, Name>] extends LogDefinition<infer S> ? OutputOf<S> : never;
