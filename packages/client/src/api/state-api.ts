import type { Count, Demand, LongwaveError, Position, Published, View } from '@longwave/protocol';
import type { PublishOptions, SubscribedInfo, SubscriptionState } from './api.js';
import type { ResetInfo } from './message.js';

/** What is known of an entry besides its value. */
export interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  /** The offset of the change that made it what it is: to be given to `expect`. */
  readonly version: number;
  /** When that was stored: milliseconds since the Unix epoch. */
  readonly time: number;
  /** The authenticated user whose change it was. */
  readonly user: string | undefined;
}

export interface ChangeOptions extends PublishOptions {
  /** The version the entry must have, 0 for none. Rejects with `conflict` when it has another (MAP-3). */
  readonly expect?: number;
  /** The entry expires so many milliseconds after its last change (MAP-4). */
  readonly ttlMs?: number;
}

export interface Removal<Value = unknown> {
  readonly key: string;
  /** The entry as it was shown last: of a member, who it was. Its `user` is the one who put it, not the one who removed it. */
  readonly last: Entry<Value>;
  /** `leave`: it is no longer in the view; others may still see it. */
  readonly why: 'delete' | 'expire' | 'leave';
}

/** What one update did. The lists name an entry once. */
export interface MapChange<Value = unknown> {
  /** Keys that came in: new, or new in the view. */
  readonly added: readonly string[];
  /** Keys that were there before and have another value. */
  readonly updated: readonly string[];
  readonly removed: readonly Removal<Value>[];
  /** The first state of the subscription. */
  readonly initial: boolean;
  /** Continuity was lost before it: what lies between may not have been a change the others saw (SUB-4). */
  readonly reset: ResetInfo | undefined;
}

/** A JSON Merge Patch (RFC 7396): members replace those of the value, null removes. */
export type Patch<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]?: Patch<Value[Name]> | null }
    : Value;

/**
 * What may be patched: the schema checks what comes of a patch and of the value as it is stored. So where it does not take
 * what it makes, nothing may.
 */
type PatchOf<In, Out> = [Out] extends [In] ? Patch<In> : never;

/** How a state is watched: what of it (a view, VIEW-1), and whom to tell. */
export interface WatchOptions extends View {
  /** When the first state is there, and each time the subscription stands again after a reconnect. */
  readonly onSubscribed?: (info: SubscribedInfo) => void;
  /** Continuity is lost, told before the state that comes in its place. */
  readonly onReset?: (reset: ResetInfo) => void;
  /** The subscription has ended, and not by `unsubscribe()`. */
  readonly onEnd?: (error: LongwaveError) => void;
}

/** A subscription to state. It is an external store as React's `useSyncExternalStore` takes it: bound functions, one snapshot until something changes. */
export interface Watch<Snapshot> {
  readonly state: Exclude<SubscriptionState, 'paused'>;
  readonly position: Position | undefined;
  /** Resolves when the first state is there. Rejects when the subscription is refused or ended before. */
  readonly ready: Promise<Position>;
  /** The state as it is now: the same object until it changes, sharing with the one before every value that did not. */
  readonly getSnapshot: () => Snapshot;
  /** Calls `listener` after each update. Returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
  unsubscribe(): void;
}

export interface MapWatch<Value> extends Watch<ReadonlyMap<string, Value>> {
  entry(key: string): Entry<Value> | undefined;
  /** What is asked for now. */
  readonly view: View;
  /** Asks for something else from now on (VIEW-6): only what it has not yet is sent. */
  setView(view: View): void;
  /** Adds to `keys`. */
  track(...keys: string[]): void;
  /** Takes from `keys`. */
  untrack(...keys: string[]): void;
}

/** Undefined: there is no value. */
export type ValueWatch<Value> = Watch<Value | undefined>;

/** `entries` is live: it goes on changing. Whoever keeps it takes `getSnapshot()`. */
export type MapHandler<Value> = (entries: ReadonlyMap<string, Value>, change: MapChange<Value>) => void;
export type ValueHandler<Value> = (value: Value | undefined, entry: Entry<Value> | undefined) => void;

/** What channels of every mode offer. */
export interface ChannelTraits {
  /**
   * Calls `handler` with what is asked of the channel, now and at each change (DEM-1): for those who publish to it. Needs the right
   * to publish, and `demand: true` in the contract.
   */
  demand(handler: (demand: Demand) => void): Watch<unknown>;
}

/** Changes resolve when the server has stored them, as a publish does; they are retried and deduplicated likewise. */
export interface MapChannel<In, Out> extends ChannelTraits {
  readonly name: string;
  put(key: string, value: In, options?: ChangeOptions): Promise<Published>;
  patch(key: string, patch: PatchOf<In, Out>, options?: ChangeOptions): Promise<Published>;
  delete(key: string, options?: ChangeOptions): Promise<Published>;
  watch(handler: MapHandler<Out>): MapWatch<Out>;
  watch(options?: WatchOptions, handler?: MapHandler<Out>): MapWatch<Out>;
}

export interface ValueChannel<In, Out> extends ChannelTraits {
  readonly name: string;
  set(value: In, options?: ChangeOptions): Promise<Published>;
  patch(patch: PatchOf<In, Out>, options?: ChangeOptions): Promise<Published>;
  clear(options?: ChangeOptions): Promise<Published>;
  watchValue(handler: ValueHandler<Out>): ValueWatch<Out>;
  watchValue(
    options?: Omit<WatchOptions, 'keys' | 'where' | 'area' | 'count'>,
    handler?: ValueHandler<Out>,
  ): ValueWatch<Out>;
}

/** One connection of somebody to a channel (PRES-1). */
export interface Member<Data> {
  /** What they say of themselves. */
  readonly data: Data;
  /** They are there, but do not look. */
  readonly away: boolean;
}

export interface EnterOptions {
  /** Default false. */
  readonly away?: boolean;
  /** The membership has ended, and not by `leave()`. */
  readonly onEnd?: (error: LongwaveError) => void;
}

export interface Presence<In, Out> {
  /**
   * Makes this client a member until `leave`, over reconnects, or changes what it says of itself. Resolves with its key among
   * the members, when they can see it. Rejects with the server's code.
   */
  enter(data: In, options?: EnterOptions): Promise<string>;
  leave(): Promise<void>;
  /**
   * Members by key. Their user is in `entry(key)`: the server vouches for it. `last` of a removal tells who left: what they said of
   * themselves and their user.
   */
  watch(handler: MapHandler<Member<Out>>): MapWatch<Member<Out>>;
  watch(options?: WatchOptions, handler?: MapHandler<Member<Out>>): MapWatch<Member<Out>>;
  /** How many there are: one number, however many come and go. */
  count(handler?: ValueHandler<Count>): ValueWatch<Count>;
}
