import type { Carried, Received } from './sayable.js';
import type { InputOf, OutputOf, Schema } from './schema.js';
import {
  checkBounds,
  checkDefinitions,
  logRules,
  mapRules,
  presenceRules,
  signalRules,
  valueRules,
} from './contract-rules.js';
import { type RulesOf, checkOptions } from '../values/check-options.js';
import { type Duration, toMilliseconds } from '../values/duration.js';
import { isSchema } from './is-schema.js';
import type { ChannelName } from './pattern.js';

/** Bounds of a channel's log. The bound that is reached first trims the oldest operations (LOG-2). */
export interface Retention {
  /** Most operations. Default 1,000. */
  readonly maxCount?: number;
  /** Most bytes of payload. Default 8 MiB. */
  readonly maxBytes?: number;
  /** Greatest age of an operation. Default one day. */
  readonly age?: Duration;
}

/** The resolved bounds: operations, bytes, milliseconds. */
export interface ResolvedRetention {
  readonly count: number;
  readonly bytes: number;
  readonly ageMs: number;
  /** Nothing is trimmed: an operation that would take the log above `bytes` is refused with `too-large` (DOC-2). */
  readonly whole?: true;
}

/** Data of a channel's members, and the time that a member may be off the network without leaving (PRES-2). */
export interface PresenceOptions<S extends Schema = Schema> {
  /** Schema of a member's data, checked on the server. Without it any JSON value passes. */
  readonly member?: S;
  /** Time without a connection after which a member has left. Default 10 s. */
  readonly grace?: Duration;
}

export interface ResolvedPresence<S extends Schema = Schema> {
  readonly member: S | undefined;
  readonly graceMs: number;
}

/** Presence as a contract gives it; undefined: the channel has no members. */
type PresenceOption = Schema | PresenceOptions | undefined;
/** `infer` makes the compiler find `P` from the option alone, not from the expected type of the definition. */
type MemberSchema<P extends PresenceOption> = P extends infer S extends Schema
  ? S
  : P extends PresenceOptions<infer S>
    ? S
    : undefined;

type CarriedMember<P extends PresenceOption> = MemberSchema<P> extends infer S extends Schema ? Carried<S> : unknown;

/** Options of channels of every mode. */
interface ChannelOptions<P extends PresenceOption> {
  /** Gives the channel members (PRES-1): a schema of their data, or {@link PresenceOptions}. Default: no members. */
  readonly presence?: P & CarriedMember<P>;
  /** Lets publishers watch the demand for the channel (DEM-1). Default false. */
  readonly demand?: boolean;
}

interface ChannelTraits<P extends Schema | undefined> {
  readonly presence: P extends Schema ? ResolvedPresence<P> : undefined;
  readonly demand: boolean;
}

/** A channel that keeps an ordered log of messages. Made by {@link log}, {@link signal} or {@link doc}. */
export interface LogDefinition<
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
  Redactable extends boolean = boolean,
> extends ChannelTraits<P> {
  /** `doc`: its messages are the updates of a document. */
  readonly mode: 'log' | 'doc';
  readonly message: S | undefined;
  readonly retain: ResolvedRetention;
  /** The data of a stored message can be taken (RED-1). */
  readonly redactable: Redactable;
}

/** Bounds of a channel's state. */
export interface StateBounds {
  /** Most entries. One more is refused with `too-many`. */
  readonly keys: number;
  /** Most bytes of all values and keys. Above it a put is refused with `too-large`. */
  readonly bytes: number;
  /** Removals remembered, so that a subscriber that was away learns of each by its key (STATE-4). */
  readonly removals: number;
}

/** A channel that keeps state: entries by key, or one value. Made by {@link map} or {@link value}. */
export interface StateDefinition<
  Mode extends string = string,
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
> extends ChannelTraits<P> {
  readonly mode: Mode;
  readonly value: S | undefined;
  readonly bounds: StateBounds;
}

/** A channel that keeps entries by key. Made by {@link map}. */
export type MapDefinition<
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
> = StateDefinition<'map', S, P>;
/** A channel that keeps one value. Made by {@link value}. */
export type ValueDefinition<
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
> = StateDefinition<'value', S, P>;

/** A channel whose state one server steps at a fixed rate, and whose members play in it. Made by `room` of `longwave/rooms`. */
export interface RoomChannelDefinition {
  readonly mode: 'room';
  /** Members of the channel are the players. */
  readonly presence: ResolvedPresence;
  readonly demand: boolean;
}

/** Definition of a channel of any mode. */
export type ChannelDefinition = LogDefinition | StateDefinition | RoomChannelDefinition;

/** Channel definitions by pattern: the contract that server and client share. */
export type Channels = Readonly<Record<string, ChannelDefinition>>;

/** Options of {@link log}. */
export interface LogOptions<
  S extends Schema,
  P extends PresenceOption = undefined,
  Redactable extends boolean = boolean,
> extends ChannelOptions<P> {
  /** Schema of a message, checked on the server. Without it any JSON value or `Uint8Array` passes. */
  readonly message?: S & Carried<S>;
  /** Bounds of the log. Default: 1,000 messages, 8 MiB, one day. */
  readonly retain?: Retention;
  /**
   * Lets the data of a stored message be taken for good (RED-1): by `redact` of the server, of the HTTP API and of a client with the
   * right `redact`. The data of a message may be undefined then, in its type too. Default false.
   */
  readonly redactable?: Redactable;
}

/** Options of {@link map}. */
export interface MapOptions<S extends Schema, P extends PresenceOption = undefined> extends ChannelOptions<P> {
  /**
   * Schema of each entry, checked on the server; for a patch the result is checked. Without it any JSON value passes.
   */
  readonly value?: S & Carried<S>;
  /** Most entries. Default 10,000. */
  readonly maxKeys?: number;
  /** Most bytes of all values and keys. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Most removals remembered. Default: a quarter of `maxKeys`, at least 100. */
  readonly removals?: number;
}

/** Options of {@link value}. */
export interface ValueOptions<S extends Schema, P extends PresenceOption = undefined> extends ChannelOptions<P> {
  /**
   * Schema of the value, checked on the server; for a patch the result is checked. Without it any JSON value passes.
   */
  readonly value?: S & Carried<S>;
  /** Most bytes of the value. Default 1 MiB. */
  readonly maxBytes?: number;
}

/**
 * Defines a channel that keeps an ordered log of messages. A subscriber that lags gets every message that the log
 * retains. Throws `TypeError` on an unknown or invalid option, `RangeError` on a bound out of range.
 * @example
 * ```ts
 * const channels = defineChannels({ 'chat/:room': log({ message: chatMessage, retain: { maxCount: 500, age: '7d' } }) });
 * ```
 */
export function log<
  S extends Schema = Schema,
  P extends PresenceOption = undefined,
  Redactable extends boolean = false,
>(options: LogOptions<S, P, Redactable> = {}): LogDefinition<S, MemberSchema<P>, Redactable> {
  checkOptions('log', options, logRules satisfies RulesOf<LogOptions<S, P, Redactable>>);
  return logOf('log', options);
}

/**
 * Defines a `log` for events that matter only now, such as typing or reactions: it keeps 100 messages, for 10 seconds.
 * Throws as {@link log}.
 * @example
 * ```ts
 * const channels = defineChannels({ 'typing/:room': signal({ message: z.boolean() }) });
 * ```
 */
export function signal<S extends Schema = Schema>(
  options: { readonly message?: S & Carried<S> } = {},
): LogDefinition<S, Schema | undefined, false> {
  checkOptions('signal', options, signalRules);
  return logOf('signal', { ...options, retain: { maxCount: 100, maxBytes: 64 * 1024, age: '10s' } });
}

function logOf<S extends Schema, P extends PresenceOption, Redactable extends boolean>(
  of: string,
  { message, retain = {}, redactable, ...traits }: LogOptions<S, P, Redactable>,
): LogDefinition<S, MemberSchema<P>, Redactable> {
  const { maxCount = 1000, maxBytes = 8 * 1024 * 1024, age = '1d' } = retain;
  checkBounds(`${of}: retain.`, { maxCount, maxBytes });
  const ageMs = toMilliseconds(age, `${of}: retain.age`);
  return {
    ...{ mode: 'log', message, retain: { count: maxCount, bytes: maxBytes, ageMs } },
    // It is false exactly where the option is not given.
    redactable: (redactable ?? false) as Redactable,
    ...traitsOf(of, traits),
  };
}

/**
 * Defines a channel that keeps entries by key. A new subscriber gets all of them, then each change; one that lags gets
 * the last value of each entry. Throws as {@link log}.
 * @example
 * ```ts
 * const channels = defineChannels({ 'board/:id': map({ value: card, maxKeys: 500 }) });
 * ```
 */
export function map<S extends Schema = Schema, P extends PresenceOption = undefined>(
  options: MapOptions<S, P> = {},
): MapDefinition<S, MemberSchema<P>> {
  checkOptions('map', options, mapRules satisfies RulesOf<MapOptions<S, P>>);
  const { maxKeys = 10_000, maxBytes = 16 * 1024 * 1024 } = options;
  const { removals = Math.max(100, Math.ceil(maxKeys / 4)) } = options;
  checkBounds('map: ', { maxKeys, maxBytes, removals });
  return {
    mode: 'map',
    value: options.value,
    bounds: { keys: maxKeys, bytes: maxBytes, removals },
    ...traitsOf('map', options),
  };
}

/**
 * Defines a channel that keeps one value. A new subscriber gets it, then each change; one that lags gets the last
 * value. Throws as {@link log}.
 * @example
 * ```ts
 * const channels = defineChannels({ banner: value({ value: bannerText }) });
 * ```
 */
export function value<S extends Schema = Schema, P extends PresenceOption = undefined>(
  options: ValueOptions<S, P> = {},
): ValueDefinition<S, MemberSchema<P>> {
  checkOptions('value', options, valueRules satisfies RulesOf<ValueOptions<S, P>>);
  const { maxBytes = 1024 * 1024 } = options;
  checkBounds('value: ', { maxBytes });
  return {
    mode: 'value',
    value: options.value,
    bounds: { keys: 1, bytes: maxBytes, removals: 1 },
    ...traitsOf('value', options),
  };
}

function traitsOf<P extends PresenceOption>(of: string, options: ChannelOptions<P>): ChannelTraits<MemberSchema<P>> {
  const { presence, demand = false } = options;
  // There is a presence exactly when the option is given.
  const resolved = presence && resolvePresence(`${of}: presence`, presence);
  return { presence: resolved as ChannelTraits<MemberSchema<P>>['presence'], demand };
}

function resolvePresence(of: string, presence: Schema | PresenceOptions): ResolvedPresence {
  if (isSchema(presence)) return { member: presence, graceMs: toMilliseconds('10s') };
  checkOptions(of, presence, presenceRules satisfies RulesOf<PresenceOptions>);
  const { member, grace = '10s' } = presence;
  return { member, graceMs: toMilliseconds(grace, `${of}.grace`) };
}

/** Tells whether a channel keeps a log of messages, those of a document included. The others keep state. */
export function isLog(definition: ChannelDefinition): definition is LogDefinition {
  return definition.mode === 'log' || definition.mode === 'doc';
}

/** Tells whether a channel is a room. */
export function isRoom(definition: ChannelDefinition): definition is RoomChannelDefinition {
  return definition.mode === 'room';
}

/**
 * Defines the contract of an application's channels. In a pattern, segments such as `:name` are parameters. The pattern
 * `@me` defines the inbox of each user: `server.user(id).publish(...)` writes to it, and only that user reads it
 * (CH-4). Throws `RangeError` on a pattern that no channel name could match, `TypeError` on a value that is no
 * definition.
 * @example
 * ```ts
 * export const channels = defineChannels({
 *   'chat/:room': log({ message: chatMessage }),
 *   'board/:id': map({ value: card }),
 *   banner: value(),
 * });
 * ```
 */
export function defineChannels<const C extends Channels>(channels: C): C {
  checkDefinitions(channels);
  return channels;
}

/** The reserved name of the connected user's own inbox (CH-4). */
export const inboxName = '@me';

/** Prefix: with it a channel's name is that of the map of its members (PRES-1). */
export const presencePrefix = '@presence/';

/** Prefix: with it a channel's name is that of the map of the demand for it (DEM-1). */
export const demandPrefix = '@demand/';

/** The concrete names that a contract allows. */
export type NameOf<C extends Channels> = { [P in keyof C & string]: ChannelName<P> }[keyof C & string];

/** Definition of the channel with a concrete name. */
export type DefinitionOf<C extends Channels, Name extends string> = {
  [P in keyof C & string]: Name extends ChannelName<P> ? C[P] : never;
}[keyof C & string];

/** Type of data that may be published to the channel called `Name`. */
export type MessageInput<C extends Channels, Name extends string> =
  DefinitionOf<C, Name> extends LogDefinition<infer S, infer _> ? InputOf<S> : never;

/** Type of data that subscribers of the channel called `Name` get. */
export type MessageOutput<C extends Channels, Name extends string> = MessageOutputOf<DefinitionOf<C, Name>>;

/** Type of data that subscribers of a log get: undefined stands for data that was taken. */
export type MessageOutputOf<D> =
  D extends LogDefinition<infer S, infer _>
    ? Received<OutputOf<S>> | (D extends { readonly redactable: true } ? undefined : never)
    : never;
