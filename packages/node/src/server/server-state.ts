import type {
  ServerChangeOptions,
  Engine,
  LoadState,
  ServerDemandWatch,
  ServerMapHandler,
  ServerSubscription,
  ServerWatch,
  ServerWatchOptions,
} from '@longwave/core';
import {
  type ChangeKind,
  type Demand,
  type Entry,
  type Member,
  type Operation,
  type PatchOf,
  type Published,
  decodePayload,
  presencePrefix,
} from '@longwave/protocol';

/** Methods that channels of all modes offer to the server. */
export interface ServerChannelTraits<MemberOut = unknown> {
  /**
   * Calls `handler` with the demand for the channel on all nodes, now and after each change (DEM-1). Needs `demand:
   * true` in the contract. Ends by `unsubscribe()`, and with the server.
   */
  demand(handler: (demand: Demand) => void): ServerDemandWatch;
  /**
   * Returns the members on all nodes (PRES-1). Rejects with `unknown-channel` if the contract defines no presence.
   */
  members(): Promise<readonly Entry<Member<MemberOut>>[]>;
}

/**
 * A `map` as the server sees it. Changes reject with `unknown-channel`, `invalid-data`, `too-large`, `too-many` or
 * `conflict`.
 */
export interface ServerMap<In, Out, MemberOut = unknown> extends ServerChannelTraits<MemberOut> {
  /**
   * Puts the value of a key.
   * @example
   * ```ts
   * await server.channel('board/main').put('card-1', { title: 'Ship it' });
   * ```
   */
  put(key: string, value: In, options?: ServerChangeOptions): Promise<Published>;
  /** Puts many entries; resolves when the last is stored. */
  putAll(
    entries: Iterable<readonly [key: string, value: In]>,
    options?: Pick<ServerChangeOptions, 'user' | 'ttl'>,
  ): Promise<void>;
  /** Applies a JSON Merge Patch (RFC 7396) to the value of a key. */
  patch(key: string, patch: PatchOf<In, Out>, options?: ServerChangeOptions): Promise<Published>;
  /** Removes a key. */
  delete(key: string, options?: ServerChangeOptions): Promise<Published>;
  /** Reads one entry. */
  entry(key: string): Promise<Entry<Out> | undefined>;
  /** Reads all entries. */
  entries(): Promise<readonly Entry<Out>[]>;
  /**
   * Follows the map, whichever node changes it: calls `handler` with the entries, first as they are and then after each change.
   * `options` may ask for a part of it, as a client's view does (VIEW-1). The handler is awaited; changes meanwhile come together
   * in one call, each entry as it is then. An error is logged and ends nothing. While the store is away it waits; `onReset` tells
   * of continuity that was lost (SUB-4). No rights are asked. Ends by `unsubscribe()` and with the server. Throws
   * `unknown-channel`, `wrong-mode`, `invalid-data` for a view that is none, `closed`, and `TypeError`.
   *
   * @example
   * ```ts
   * const trucks = server.channel('vehicles').watch({ where: { kind: 'truck' } }, (entries, { added }) => {
   *   console.log(entries.size, added);
   * });
   * ```
   */
  watch(handler: ServerMapHandler<Out>): ServerWatch<Out>;
  watch(options?: ServerWatchOptions<Out>, handler?: ServerMapHandler<Out>): ServerWatch<Out>;
  /** The state is the application's: `load` is asked for it when the store has none (STATE-6). */
  own(load: LoadState): void;
}

/** Undefined: there is no value. A promise is awaited. */
export type ServerValueHandler<Out> = (value: Out | undefined, entry: Entry<Out> | undefined) => unknown;

/** A subscription of the application to a value. */
export interface ServerValueWatch<Out> extends ServerSubscription {
  /** The value as it is now. */
  readonly value: Out | undefined;
}

/** A `value` as the server sees it. */
export interface ServerValue<In, Out, MemberOut = unknown> extends ServerChannelTraits<MemberOut> {
  /** Sets the value. */
  set(value: In, options?: ServerChangeOptions): Promise<Published>;
  /** Applies a JSON Merge Patch (RFC 7396) to the value. */
  patch(patch: PatchOf<In, Out>, options?: ServerChangeOptions): Promise<Published>;
  /** Removes the value. */
  clear(options?: ServerChangeOptions): Promise<Published>;
  /** Reads the value with its version. */
  entry(): Promise<Entry<Out> | undefined>;
  /** Follows the value: calls `handler` with it, first as it is and then after each change. As `watch` of a map. */
  watch(handler: ServerValueHandler<Out>): ServerValueWatch<Out>;
  watch(
    options?: Omit<ServerWatchOptions, 'keys' | 'where' | 'area'>,
    handler?: ServerValueHandler<Out>,
  ): ServerValueWatch<Out>;
  /** The state is the application's: `load` is asked for it when the store has none (STATE-6). */
  own(load: LoadState): void;
}

/** The methods of all modes: one that does not fit the channel's mode rejects with `wrong-mode`. */
export type StateChannel = ServerChannelTraits &
  Omit<ServerMap<unknown, unknown>, 'patch' | 'entry' | 'watch'> &
  Pick<ServerValue<unknown, unknown>, 'set' | 'clear'> & {
    patch(
      ...args:
        | [key: string, patch: unknown, options?: ServerChangeOptions]
        | [patch: unknown, options?: ServerChangeOptions]
    ): Promise<Published>;
    entry(key?: string): Promise<Entry<unknown> | undefined>;
    watch(...args: WatchArguments): ServerWatch | ServerValueWatch<unknown>;
  };

/** A handler is that of a map or of a value: the mode of the channel says which. */
type WatchHandler = ServerMapHandler & ServerValueHandler<unknown>;
type WatchArguments = [handler: WatchHandler] | [options?: ServerWatchOptions, handler?: WatchHandler];

export function createStateChannel(engine: Engine, name: string, keyed: boolean): StateChannel {
  const change = (kind: ChangeKind, key: string | undefined, data: unknown, options?: ServerChangeOptions) =>
    engine.change(name, { kind, key, data }, options);
  const entries = async (channel: string, key?: string) => (await engine.entries(channel, key)).ops.map(toEntry);
  return {
    put: (key, value, options) => change('put', key, value, options),
    putAll: (pairs, options) => engine.putAll(name, pairs, options),
    patch: (...args) =>
      keyed
        ? change('patch', args[0] as string, args[1], args[2])
        : change('patch', undefined, args[0], args[1] as ServerChangeOptions | undefined),
    delete: (key, options) => change('delete', key, undefined, options),
    set: (value, options) => change('put', undefined, value, options),
    clear: (options) => change('delete', undefined, undefined, options),
    entry: async (key = '') => (await entries(name, key))[0],
    entries: () => entries(name),
    watch: (...[first, second]) => {
      const [options, handler] = typeof first === 'function' ? [{}, first] : [first ?? {}, second];
      return keyed ? engine.listening.watch(name, options, handler) : watchValue(engine, name, options, handler);
    },
    own: (load) => engine.own(name, load),
    demand: (handler) => engine.demand(name, handler),
    members: () =>
      // A name that is no text goes on as it is, and is refused as an invalid channel.
      entries(typeof name === 'string' ? presencePrefix + name : name) as Promise<readonly Entry<Member<unknown>>[]>,
  };
}

function watchValue(
  engine: Engine,
  name: string,
  options: ServerWatchOptions,
  handler: ServerValueHandler<unknown> | undefined,
): ServerValueWatch<unknown> {
  const tell: ServerMapHandler | undefined =
    typeof handler === 'function' ? (entries) => handler(entries.get(''), watch.entry('')) : handler;
  const watch = engine.listening.watch(name, options, tell);
  return {
    get state() {
      return watch.state;
    },
    get position() {
      return watch.position;
    },
    get value() {
      return watch.entries.get('');
    },
    ready: watch.ready,
    unsubscribe: watch.unsubscribe,
  };
}

function toEntry({ key = '', offset: version, payload, time, user }: Operation): Entry<unknown> {
  return { key, value: decodePayload(payload), version, time, user };
}
