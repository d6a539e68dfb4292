import { encodePayload, matchPattern } from '@longwave/protocol';
import type { Keep, Logger, Store } from '../../base/ports.js';
import { type MaybePromise, adopt, chain, isPromise, onFailure } from '../../base/maybe-promise.js';
import { fault } from '../../base/fault.js';
import { checkArguments } from '../server-arguments.js';
import type { LoadState, LoadedState } from './loaded-state.js';
import { isToldOf } from '../../guards/fenced-store.js';

interface Load {
  readonly epoch: string;
  /** A promise while it is under way. */
  done: MaybePromise<void>;
}

/** Loads that are remembered; of more, those of channels that are still empty may be asked for again. */
const maxLoads = 10_000;

/** Channels whose state is the application's (STATE-6). */
export class StateLoaders {
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #loaders: { readonly pattern: string; readonly load: LoadState }[] = [];
  /** Under way, or done in the log's epoch: loaded state may be empty, and is not asked for again. */
  readonly #loads = new Map<string, Load>();

  constructor(store: Store, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  add(pattern: string, load: LoadState): void {
    this.#loaders.push({ pattern, load });
  }

  /** Sees to it that an owned channel has been loaded. Throws or rejects with `unavailable` when it cannot be. */
  ensure(key: string, keep: Keep): MaybePromise<void> {
    if (this.#loaders.length === 0) return undefined;
    for (const { pattern, load } of this.#loaders) {
      const params = matchPattern(pattern, key);
      if (params) return this.#ensure(key, keep, () => load(key, params));
    }
  }

  #remember(key: string, load: Load): void {
    this.#loads.delete(key);
    this.#loads.set(key, load);
    if (this.#loads.size <= maxLoads) return;
    for (const [name, { done }] of this.#loads) {
      // Other callers wait for a load that is under way: keep it.
      if (isPromise(done)) continue;
      this.#loads.delete(name);
      return;
    }
  }

  #ensure(key: string, keep: Keep, load: () => MaybePromise<LoadedState>): MaybePromise<void> {
    return onFailure(
      () =>
        chain(this.#store.bounds(key), ({ epoch, top }) => {
          const last = this.#loads.get(key);
          if (last?.epoch === epoch) return last.done;
          const entry: Load = { epoch, done: undefined };
          if (top > 0) return;
          const done = chain(adopt(load()), (loaded) => {
            checkArguments.loaded(loaded);
            const { entries = [], value, at } = loaded;
            const pairs = value === undefined ? checkedPairs(entries) : ([['', value]] as const);
            const operation = { kind: 'load', payload: pairsJson(pairs), at } as const;
            return chain(this.#store.append(key, operation, keep), () => void (entry.done = undefined));
          });
          entry.done = done;
          this.#remember(key, entry);
          return done;
        }),
      (error) => {
        this.#loads.delete(key);
        if (!isToldOf(error)) this.#logger.error(`The state of ${key} could not be loaded.`, error);
        throw fault('unavailable', 1000);
      },
    );
  }
}

function checkedPairs(entries: NonNullable<LoadedState['entries']>): readonly (readonly [string, unknown])[] {
  const pairs = [...entries];
  for (const pair of pairs) {
    checkArguments.pair('own: the answer of load', pair);
    checkArguments.key('own: the answer of load', pair[0]);
  }
  return pairs;
}

/**
 * Refused as a whole where a value cannot be stored: a state of which a part was loaded would be taken for all of it.
 */
function pairsJson(pairs: readonly (readonly [string, unknown])[]): string {
  const texts = pairs.map(([key, value]) => {
    const json = encodePayload(value);
    if (typeof json !== 'string')
      throw new TypeError(`The loaded value of '${key}' is bytes: state that is loaded is JSON.`);
    return `[${JSON.stringify(key)},${json}]`;
  });
  return `[${texts.join()}]`;
}
