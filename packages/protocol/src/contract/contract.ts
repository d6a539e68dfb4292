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
import { type Duration, toMilliseconds } from './duration.js';
import { isSchema } from './is-schema.js';
import type { ChannelName } from './pattern.js';

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

/** What members say of themselves, and how long one may be away from the network without leaving (PRES-2). */
export interface PresenceOptions<S extends Schema = Schema> {
  readonly member?: S;
  /** Default 10 s. */
  readonly grace?: Duration;
}

export interface ResolvedPresence<S extends Schema = Schema> {
  readonly member: S | undefined;
  readonly graceMs: number;
}

/** How a contract says that a channel has members; undefined: it has none. */
type PresenceOption = Schema | PresenceOptions | undefined;
/** `infer`, so that `P` is told by the option alone: what is expected of the definition says less. */
type MemberSchema<P extends PresenceOption> = P extends infer S extends Schema
  ? S
  : P extends PresenceOptions<infer S>
    ? S
    : undefined;

type CarriedMember<P extends PresenceOption> = MemberSchema<P> extends infer S extends Schema ? Carried<S> : unknown;

/** What channels of every mode can have. */
interface ChannelOptions<P extends PresenceOption> {
  /** The channel has members: a schema of what they say of themselves, or that and more (PRES-1). Default: none. */
  readonly presence?: P & CarriedMember<P>;
  /** Publishers can ask who watches (DEM-1). Default false. */
  readonly demand?: boolean;
}

interface ChannelTraits<P extends Schema | undefined> {
  readonly presence: P extends Schema ? ResolvedPresence<P> : undefined;
  readonly demand: boolean;
}

/** A channel that keeps an ordered log of messages. Made by {@link log} or {@link signal}. */
export interface LogDefinition<
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
> extends ChannelTraits<P> {
  readonly mode: 'log';
  readonly message: S | undefined;
  readonly retain: ResolvedRetention;
}

/** Bounds of a channel's state. */
export interface StateBounds {
  /** Entries. One more is refused with `too-many`. */
  readonly keys: number;
  /** Bytes of all values and keys. Beyond it, a put is refused with `too-large`. */
  readonly bytes: number;
  /** Removals remembered, so that who was away learns of them by name (STATE-4). */
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

export type MapDefinition<
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
> = StateDefinition<'map', S, P>;
export type ValueDefinition<
  S extends Schema = Schema,
  P extends Schema | undefined = Schema | undefined,
> = StateDefinition<'value', S, P>;

export type ChannelDefinition = LogDefinition | StateDefinition;

/** Channel definitions by pattern: the contract that server and client share. */
export type Channels = Readonly<Record<string, ChannelDefinition>>;

export interface LogOptions<S extends Schema, P extends PresenceOption = undefined> extends ChannelOptions<P> {
  /** Checked on publish, on the server. Without it any JSON value or `Uint8Array` passes. */
  readonly message?: S & Carried<S>;
  readonly retain?: Retention;
}

export interface MapOptions<S extends Schema, P extends PresenceOption = undefined> extends ChannelOptions<P> {
  /** Of each entry; checked on the server, of a patch what it leads to. Without it any JSON value passes. */
  readonly value?: S & Carried<S>;
  /** Entries. Default 10,000. */
  readonly keys?: number;
  /** Of all values and keys. Default 16 MiB. */
  readonly bytes?: number;
  /** Removals remembered. Default: a quarter of `keys`, at least 100. */
  readonly removals?: number;
}

export interface ValueOptions<S extends Schema, P extends PresenceOption = undefined> extends ChannelOptions<P> {
  /** Checked on the server, of a patch what it leads to. Without it any JSON value passes. */
  readonly value?: S & Carried<S>;
  /** Default 1 MiB. */
  readonly bytes?: number;
}

/**
 * A channel that keeps an ordered log of messages and skips none for a reader that is behind. Throws `TypeError` on an option that is
 * none, `RangeError` on a bound that cannot be.
 */
export function log<S extends Schema = Schema, P extends PresenceOption = undefined>(
  options: LogOptions<S, P> = {},
): LogDefinition<S, MemberSchema<P>> {
  checkOptions('log', options, logRules satisfies RulesOf<LogOptions<S, P>>);
  return logOf('log', options);
}

/** A `log` for what matters only now, such as typing or reactions: it keeps 100 messages, for 10 seconds. Throws as {@link log}. */
export function signal<S extends Schema = Schema>(
  options: { readonly message?: S & Carried<S> } = {},
): LogDefinition<S> {
  checkOptions('signal', options, signalRules);
  return logOf('signal', { ...options, retain: { count: 100, bytes: 64 * 1024, age: '10s' } });
}

function logOf<S extends Schema, P extends PresenceOption>(
  of: string,
  { message, retain = {}, ...traits }: LogOptions<S, P>,
): LogDefinition<S, MemberSchema<P>> {
  const { count = 1000, bytes = 8 * 1024 * 1024, age = '1d' } = retain;
  checkBounds(`${of}: retain.`, { count, bytes });
  const ageMs = toMilliseconds(age, `${of}: retain.age`);
  return { mode: 'log', message, retain: { count, bytes, ageMs }, ...traitsOf(of, traits) };
}

/**
 * A channel of entries by key: a newcomer gets all of them, then changes; who is behind gets the last of each. Throws as {@link log}.
 */
export function map<S extends Schema = Schema, P extends PresenceOption = undefined>(
  options: MapOptions<S, P> = {},
): MapDefinition<S, MemberSchema<P>> {
  checkOptions('map', options, mapRules satisfies RulesOf<MapOptions<S, P>>);
  const { keys = 10_000, bytes = 16 * 1024 * 1024 } = options;
  const { removals = Math.max(100, Math.ceil(keys / 4)) } = options;
  checkBounds('map: ', { keys, bytes, removals });
  return { mode: 'map', value: options.value, bounds: { keys, bytes, removals }, ...traitsOf('map', options) };
}

/** A channel of one value: a newcomer gets it, then changes; who is behind gets the last. Throws as {@link log}. */
export function value<S extends Schema = Schema, P extends PresenceOption = undefined>(
  options: ValueOptions<S, P> = {},
): ValueDefinition<S, MemberSchema<P>> {
  checkOptions('value', options, valueRules satisfies RulesOf<ValueOptions<S, P>>);
  const { bytes = 1024 * 1024 } = options;
  checkBounds('value: ', { bytes });
  return {
    mode: 'value',
    value: options.value,
    bounds: { keys: 1, bytes, removals: 1 },
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

/** Whether a channel keeps a log of messages: the others keep state. */
export function isLog(definition: ChannelDefinition): definition is LogDefinition {
  return definition.mode === 'log';
}

/**
 * The contract of an application's channels. A pattern's `:name` segments are parameters. The
 * pattern `@me` defines the inbox of each user: `server.user(id).publish(...)` writes to it and only
 * that user reads it. Throws `RangeError` on a pattern that no channel name could match, `TypeError` on what is no definition.
 */
export function defineChannels<const C extends Channels>(channels: C): C {
  checkDefinitions(channels);
  return channels;
}

/** The reserved name of the connected user's own inbox (CH-4). */
export const inboxName = '@me';

/** In front of a channel's name: the map of its members (PRES-1). */
export const presencePrefix = '@presence/';

/** In front of a channel's name: the map of what is asked of it (DEM-1). */
export const demandPrefix = '@demand/';

/** The concrete names that a contract allows. */
export type NameOf<C extends Channels> = { [P in keyof C & string]: ChannelName<P> }[keyof C & string];

/** The definition behind a concrete name. */
export type DefinitionOf<C extends Channels, Name extends string> = {
  [P in keyof C & string]: Name extends ChannelName<P> ? C[P] : never;
}[keyof C & string];

/** What may be published to the channel called `Name`. */
export type MessageInput<C extends Channels, Name extends string> =
  DefinitionOf<C, Name> extends LogDefinition<infer S, infer _> ? InputOf<S> : never;

/** What subscribers of the channel called `Name` get. */
export type MessageOutput<C extends Channels, Name extends string> =
  DefinitionOf<C, Name> extends LogDefinition<infer S, infer _> ? Received<OutputOf<S>> : never;
