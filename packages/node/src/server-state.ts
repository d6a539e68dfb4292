import type { Appended, ChangeOptions, Demand, LoadState } from '@longwave/core';

/** An entry as the store has it. */
export interface StoredEntry<Out> {
  readonly key: string;
  readonly value: Out;
  /** To be given to `expect`. */
  readonly version: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly user?: string | undefined;
}

/** What channels of all modes offer to the server. */
export interface ServerChannelTraits {
  /**
   * Calls `listener` with what is asked of the channel, over all nodes, now and whenever it changes (DEM-1). The contract has to
   * say `demand: true`. Returns how to stop.
   */
  demand(listener: (demand: Demand) => void): () => void;
}

/** A `map` as the server sees it. Changes reject with `unknown-channel`, `invalid-data`, `too-large`, `too-many` or `conflict`. */
export interface ServerMap<In, Out> extends ServerChannelTraits {
  put(key: string, value: In, options?: ChangeOptions): Promise<Appended>;
  /** One call for many entries; resolves when the last is stored. */
  putAll(entries: Iterable<readonly [key: string, value: In]>, options?: ChangeOptions): Promise<void>;
  /** A JSON Merge Patch (RFC 7396). */
  patch(key: string, patch: unknown, options?: ChangeOptions): Promise<Appended>;
  delete(key: string, options?: ChangeOptions): Promise<Appended>;
  entry(key: string): Promise<StoredEntry<Out> | undefined>;
  entries(): Promise<readonly StoredEntry<Out>[]>;
  /** The state is the application's: `load` is asked for it when the store has none (STATE-6). */
  own(load: LoadState): void;
}

/** A `value` as the server sees it. */
export interface ServerValue<In, Out> extends ServerChannelTraits {
  set(value: In, options?: ChangeOptions): Promise<Appended>;
  /** A JSON Merge Patch (RFC 7396). */
  patch(patch: unknown, options?: ChangeOptions): Promise<Appended>;
  clear(options?: ChangeOptions): Promise<Appended>;
  entry(): Promise<StoredEntry<Out> | undefined>;
  /** The state is the application's: `load` is asked for it when the store has none (STATE-6). */
  own(load: LoadState): void;
}
