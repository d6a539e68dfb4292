import { type Demand, type StateDefinition, decodePayload, demandPrefix, sumDemand } from '@longwave/protocol';
import type { Logger } from '../base/ports.js';
import type { Feed } from '../delivery/feed.js';
import type { Hub } from '../delivery/hub.js';
import type { Lease, Leases } from './leases.js';
import type { Publisher } from '../channels/publisher.js';
import type { Registry } from '../channels/registry.js';
import type { StateFeed } from '../delivery/state/state-feed.js';
import type { Timers } from '../base/timers.js';
import { chain, guard } from '../base/maybe-promise.js';
import { isToldOf } from '../guards/fenced-store.js';

/** Changes within this time are told together. */
const gatherMs = 50;
const maxKeys = 10_000;

export interface DemandOptions {
  readonly node: string;
  readonly leases: Leases;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly hub: Hub;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** A handler of the server that is told the demand for a channel on all nodes (DEM-1). Ends with the server. */
export interface ServerDemandWatch {
  /** Ends it: the handler is not called again. May be called more than once. */
  unsubscribe(): void;
}

/** Tells in `@demand/` what is asked of this node, and listens to what is asked of all. */
export class DemandBoard {
  readonly #options: DemandOptions;
  readonly #told = new Map<string, Lease>();
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

  /**
   * Calls `listener` now and at each change. Throws `RangeError` where nobody keeps what is asked.
   */
  watch(channel: string, listener: (demand: Demand) => void): ServerDemandWatch {
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
            const demand = sumDemand(told(feed));
            const text = JSON.stringify(demand);
            if (text === last) return;
            last = text;
            void guard(
              // An application's listener may be async.
              () => listener(demand),
              (error) => logger.error(`The listener to what is asked of ${channel} failed.`, error),
            );
          };
          feed.observers.add(tell);
          stop = () => {
            if (feed.observers.delete(tell)) feed.letGo();
          };
          tell();
        }),
      (error) => !isToldOf(error) && logger.error(`What is asked of ${channel} cannot be told.`, error),
    );
    return { unsubscribe: () => stop() };
  }

  #tell(feed: Feed): void {
    const { leases, node: key } = this.#options;
    const channel = demandPrefix + feed.key;
    const demand = demandOf(feed);
    leases.forget(this.#told.get(feed.key));
    if (demand.watchers === 0) {
      this.#told.delete(feed.key);
      leases.attempt(channel, () => leases.remove(channel, { key }));
    } else {
      const lease: Lease = { channel, entry: { key, payload: JSON.stringify(demand) } };
      this.#told.set(feed.key, lease);
      leases.attempt(channel, () => leases.hold(lease));
    }
  }
}

/** Demand for one node's feed. */
function demandOf({ asked }: Feed): Demand {
  const demand = sumDemand(
    [...asked.values()].map(({ view, count }) => ({
      watchers: count,
      keys: view?.keys && [...view.keys],
      rate: view?.intervalMs ? 1000 / view.intervalMs : undefined,
    })),
  );
  return demand.keys && demand.keys.length > maxKeys ? { ...demand, keys: undefined } : demand;
}

/** Demand that each node reports. */
function* told({ entries }: StateFeed): Iterable<Demand> {
  for (const { payload } of entries) yield decodePayload(payload) as Demand;
}
