import type {
  ChangeOptions,
  Count,
  Demand,
  Entry,
  LongwaveError,
  MapChange,
  Member,
  PatchOf,
  Position,
  Published,
  ResetInfo,
  ViewOf,
} from '@longwave/protocol';
import type { RequestOptions, SubscribedInfo, SubscriptionState } from './api.js';

/**
 * Options of a watch: the view of the state (VIEW-1), by default all of it, and callbacks. `Value` is the type of the
 * channel's values.
 */
export interface WatchOptions<Value = unknown> extends ViewOf<Value> {
  /** Called when the first state is there, and after each reconnect when the watch is live again. */
  readonly onSubscribed?: (info: SubscribedInfo) => void;
  /** Called when continuity is lost, before the state that replaces the old one. */
  readonly onReset?: (reset: ResetInfo) => void;
  /** Called once when the watch has ended other than by `unsubscribe()`. */
  readonly onEnd?: (error: LongwaveError) => void;
}

/**
 * A subscription to state. It is an external store as React's `useSyncExternalStore` takes it: its functions are bound,
 * and the snapshot is the same object until something changes.
 */
export interface Watch<Snapshot> {
  readonly state: Exclude<SubscriptionState, 'paused'>;
  /** Position of the state that is shown. */
  readonly position: Position | undefined;
  /** Resolves when the first state is there. Rejects when the watch is refused or ends before. */
  readonly ready: Promise<Position>;
  /**
   * Returns the state as it is now: the same object until it changes. Values that did not change are shared with the
   * one before.
   */
  readonly getSnapshot: () => Snapshot;
  /** Calls `listener` after each update. Returns a function that removes the listener. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Ends the watch: no callback follows. The last snapshot stays readable. */
  unsubscribe(): void;
}

/** A watch of a map, or of a view of one. */
export interface MapWatch<Value> extends Watch<ReadonlyMap<string, Value>> {
  /** Returns the entry with its version, time and user; undefined when it is not in the view. */
  entry(key: string): Entry<Value> | undefined;
  /** The view that is asked for now. */
  readonly view: ViewOf<Value>;
  /** Changes the view (VIEW-6). The server sends only the entries that this watch does not have yet. */
  setView(view: ViewOf<Value>): void;
  /** Adds keys to the `keys` of the view. */
  track(...keys: string[]): void;
  /** Removes keys from the `keys` of the view. */
  untrack(...keys: string[]): void;
}

/** A watch of a `value` channel. Its snapshot is undefined while there is no value. */
export type ValueWatch<Value> = Watch<Value | undefined>;

/**
 * A running watch of the demand for a channel (DEM-1). `ready` resolves once the demand is known, and rejects when the
 * server refuses to tell it.
 */
export type DemandWatch = Pick<Watch<unknown>, 'state' | 'ready' | 'unsubscribe'>;

/** Gets each update. `entries` is live and goes on changing: to keep a state, take `getSnapshot()`. */
export type MapHandler<Value> = (entries: ReadonlyMap<string, Value>, change: MapChange<Value>) => void;
/** Gets each update; `value` and `entry` are undefined when there is no value. */
export type ValueHandler<Value> = (value: Value | undefined, entry: Entry<Value> | undefined) => void;

/** Methods of channels of every mode. */
export interface ChannelTraits {
  /**
   * Calls `handler` with the demand for the channel, now and after each change (DEM-1), so that a publisher can stop
   * while nobody subscribes. Needs the right to publish, and `demand: true` in the contract. Ends by `unsubscribe()`; a
   * refusal by the server rejects `ready`.
   * @example
   * ```ts
   * client.channel('ticker/eur').demand(({ watchers }) => (watchers > 0 ? start() : stop()));
   * ```
   */
  demand(handler: (demand: Demand) => void): DemandWatch;
}

/**
 * A channel that keeps a map: the last value of each key. Changes resolve when the server has stored them; like
 * publishes they are sent again after a reconnect and stored once. They throw and reject as `publish` does, and with
 * `conflict`.
 */
export interface MapChannel<In, Out> extends ChannelTraits {
  readonly name: string;
  /**
   * Puts the value of a key in place of any earlier one.
   * @example
   * ```ts
   * await client.channel('board/main').put('card-1', { title: 'Ship it' }, { ttl: '1m' });
   * ```
   */
  put(key: string, value: In, options?: ChangeOptions & RequestOptions): Promise<Published>;
  /** Applies a JSON Merge Patch (RFC 7396) to the value of a key. */
  patch(key: string, patch: PatchOf<In, Out>, options?: ChangeOptions & RequestOptions): Promise<Published>;
  /** Removes a key. */
  delete(key: string, options?: ChangeOptions & RequestOptions): Promise<Published>;
  /**
   * Shows the map, or a view of it, and keeps it up to date: the entries now, then each change. Throws `TypeError` on
   * an invalid option or view; a refusal by the server rejects `ready` and is given to `onEnd`.
   * @example
   * ```ts
   * const watch = client.channel('board/main').watch((entries, change) => render(entries, change.added));
   * ```
   */
  watch(handler: MapHandler<Out>): MapWatch<Out>;
  watch(options?: WatchOptions<Out>, handler?: MapHandler<Out>): MapWatch<Out>;
}

/** A channel that keeps one value. Its changes behave as those of {@link MapChannel}. */
export interface ValueChannel<In, Out> extends ChannelTraits {
  readonly name: string;
  /**
   * Sets the value.
   * @example
   * ```ts
   * await client.channel('banner').set({ text: 'Back at noon' });
   * ```
   */
  set(value: In, options?: ChangeOptions & RequestOptions): Promise<Published>;
  /** Applies a JSON Merge Patch (RFC 7396) to the value. */
  patch(patch: PatchOf<In, Out>, options?: ChangeOptions & RequestOptions): Promise<Published>;
  /** Removes the value. */
  clear(options?: ChangeOptions & RequestOptions): Promise<Published>;
  /** Shows the value and keeps it up to date. Throws and rejects as `watch` of a map does. */
  watchValue(handler: ValueHandler<Out>): ValueWatch<Out>;
  watchValue(
    options?: Omit<WatchOptions, 'keys' | 'where' | 'area' | 'count'>,
    handler?: ValueHandler<Out>,
  ): ValueWatch<Out>;
}

/** Options of `presence.enter`. */
export interface EnterOptions {
  /** Marks the member as present but not looking. Default false. */
  readonly away?: boolean;
  /** Called once when the membership has ended other than by `leave()`. */
  readonly onEnd?: (error: LongwaveError) => void;
}

/** The members of a channel. */
export interface Presence<In, Out> {
  /**
   * Makes this client a member until `leave`, also after reconnects; called again, it changes the member's data.
   * Resolves with the member's key when the others can see it. Rejects with the server's code (PRES-1).
   * @example
   * ```ts
   * const key = await client.channel('chat/lobby').presence.enter({ name: 'Ada' });
   * ```
   */
  enter(data: In, options?: EnterOptions): Promise<string>;
  /** Ends the membership. */
  leave(): Promise<void>;
  /**
   * Watches the members by key. `entry(key)` has a member's user, which the server vouches for; `last` of a removal has
   * the data and the user of the member that left.
   */
  watch(handler: MapHandler<Member<Out>>): MapWatch<Member<Out>>;
  watch(options?: WatchOptions<Member<Out>>, handler?: MapHandler<Member<Out>>): MapWatch<Member<Out>>;
  /** Watches the number of members. The server sends one number, however many come and go. */
  count(handler?: ValueHandler<Count>): ValueWatch<Count>;
}
