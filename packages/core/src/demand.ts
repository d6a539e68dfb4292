import { LongwaveError, type Operation, type StateDefinition, decodePayload, demandPrefix } from '@longwave/protocol';
import type { Clock, Logger } from './ports.js';
import type { Feed } from './feed.js';
import type { Hub } from './hub.js';
import type { Publisher } from './publisher.js';
import type { Registry } from './registry.js';
import type { Timers } from './timers.js';
import { chain, guard } from './maybe-promise.js';

/** What is asked of a channel by those who watch it (DEM-1). */
export interface Demand {
  /** Subscriptions. */
  readonly watchers: number;
  /** Keys that somebody watches by name; undefined when somebody watches without naming any. */
  readonly keys?: readonly string[] | undefined;
  /** The highest rate asked for, in updates a second; undefined: every one. */
  readonly rate?: number | undefined;
}

const leaseMs = 30_000;
const renewMs = 10_000;
/** What changes in so short a time is told at once. */
const gatherMs = 50;
const maxKeys = 10_000;

export interface DemandOptions {
  readonly node: string;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** Tells in `@demand/` what is asked of this node, and listens to what is asked of all. */
export class DemandBoard {
  readonly #options: DemandOptions;
  /** Told, and when. */
  readonly #told = new Map<string, number>();
  readonly #changed = new Map<string, Feed>();
  #gathering = false;

  constructor(options: DemandOptions) {
    this.#options = options;
  }

  /** Another view is asked of this feed, or one less. */
  onAsked(feed: Feed): void {
    if (!this.#options.registry.resolve(feed.key)?.definition.demand) return;
    this.#changed.set(feed.key, feed);
    if (this.#gathering) return;
    this.#gathering = true;
    this.#options.timers.after(gatherMs, () => {
      this.#gathering = false;
      const changed = [...this.#changed.values()];
      this.#changed.clear();
      for (const changedFeed of changed) this.#tell(changedFeed);
    });
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const [channel, toldAt] of this.#told) {
      if (Math.abs(now - toldAt) < renewMs) continue;
      this.#told.set(channel, now);
      this.#store(channel, { kind: 'touch', payload: '', ttlMs: leaseMs });
    }
  }

  /** Calls `listener` now and at each change. Returns how to stop. Rejects with what the store failed with. */
  listen(channel: string, listener: (demand: Demand) => void): () => void {
    const { hub, publisher, registry, logger } = this.#options;
    const key = demandPrefix + channel;
    const definition = registry.resolve(key)?.definition as StateDefinition | undefined;
    if (!definition) throw new RangeError(`The contract does not say 'demand: true' of '${channel}'.`);
    let stop = (): void => void (stopped = true);
    let stopped = false;
    void guard(
      () =>
        chain(hub.stateFeed(key, key, { mode: publisher.modeOf(definition), bounds: definition.bounds }), (feed) => {
          if (stopped) return feed.letGo();
          let last: string | undefined;
          const tell = (): void => {
            const demand = sumOf(feed.entries);
            const text = JSON.stringify(demand);
            if (text === last) return;
            last = text;
            listener(demand);
          };
          feed.observers.add(tell);
          stop = () => {
            if (feed.observers.delete(tell)) feed.letGo();
          };
          tell();
        }),
      (error) => logger.error(`What is asked of ${channel} cannot be told.`, error),
    );
    return () => stop();
  }

  #tell(feed: Feed): void {
    const { key: channel } = feed;
    const demand = demandOf(feed);
    if (demand.watchers === 0) {
      this.#told.delete(channel);
      this.#store(channel, { kind: 'delete', payload: '' });
    } else {
      this.#told.set(channel, this.#options.clock.now());
      this.#store(channel, { payload: JSON.stringify(demand), ttlMs: leaseMs, ifChanged: true });
    }
  }

  #store(
    channel: string,
    operation: Pick<Parameters<Publisher['store']>[1], 'kind' | 'payload' | 'ttlMs' | 'ifChanged'>,
  ): void {
    const { registry, publisher, node, logger } = this.#options;
    const name = demandPrefix + channel;
    const { bounds } = registry.resolve(name)!.definition as StateDefinition;
    void guard(
      () => chain(publisher.store(name, { ...operation, key: node, holder: node }, bounds), () => undefined),
      (error) => {
        // What the store failed with was told there.
        if (!(error instanceof LongwaveError)) logger.error(`What is asked of ${channel} was not told.`, error);
      },
    );
  }
}

/** What is asked of one node's feed. */
function demandOf({ asked }: Feed): Demand {
  let watchers = 0;
  let rate: number | undefined = 0;
  let keys: Set<string> | undefined = new Set();
  for (const { view, count } of asked.values()) {
    watchers += count;
    rate = maxRate(rate, view?.intervalMs ? 1000 / view.intervalMs : undefined);
    if (!view?.keys) keys = undefined;
    else for (const key of view.keys) keys?.add(key);
    if (keys && keys.size > maxKeys) keys = undefined;
  }
  return { watchers, keys: keys && [...keys].toSorted(), rate };
}

function sumOf(entries: Iterable<Operation>): Demand {
  let watchers = 0;
  let rate: number | undefined = 0;
  let keys: Set<string> | undefined = new Set();
  for (const { payload } of entries) {
    const demand = decodePayload(payload) as Demand;
    watchers += demand.watchers;
    rate = maxRate(rate, demand.rate);
    if (!demand.keys) keys = undefined;
    else for (const key of demand.keys) keys?.add(key);
  }
  return watchers === 0 ? { watchers, keys: [], rate: 0 } : { watchers, keys: keys && [...keys].toSorted(), rate };
}

/** Undefined is the highest: every update. */
function maxRate(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}
