import type { StateBounds } from '@longwave/protocol';
import type { Clock, Logger, Store } from '../base/ports.js';
import { type MaybePromise, chain, guard } from '../base/maybe-promise.js';
import { isToldOf } from '../guards/fenced-store.js';

const key = '$nodes';
const bounds: StateBounds = { keys: 10_000, bytes: 16 * 1024 * 1024, removals: 1000 };
const sayMs = 5000;
/** A node that says nothing for so long is gone. */
const goneMs = 15_000;

/** Facts that a node publishes about itself. */
export interface NodeInfo {
  readonly node: string;
  /** For people: where it runs. */
  readonly label: string;
  /** Milliseconds since the Unix epoch, by its own clock. */
  readonly startedAt: number;
  readonly state: 'running' | 'draining';
  readonly connections: number;
  readonly subscriptions: number;
  readonly channels: number;
}

export interface NodeListOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly describe: () => NodeInfo;
}

/** Which nodes there are: each keeps an entry of its own in the store alive. */
export class NodeList {
  readonly #options: NodeListOptions;
  #saidAt = -Infinity;
  #failing = false;
  #hasLeft = false;

  constructor(options: NodeListOptions) {
    this.#options = options;
  }

  /** Called every second. */
  tick(): void {
    if (!this.#hasLeft && Math.abs(this.#options.clock.now() - this.#saidAt) >= sayMs) this.say();
  }

  say(): void {
    const { clock, describe } = this.#options;
    this.#saidAt = clock.now();
    const info = describe();
    this.#attempt(() =>
      this.#options.store.append(
        key,
        { key: info.node, payload: JSON.stringify(info), ttlMs: goneMs, holder: info.node },
        bounds,
      ),
    );
  }

  /** This node leaves of its own will. Where the others are not told they miss it after 15 s. */
  leave(): MaybePromise<void> {
    const { store, describe } = this.#options;
    this.#hasLeft = true;
    const remove = { key: describe().node, kind: 'delete', payload: '' } as const;
    return guard(
      () => chain(store.append(key, remove, bounds), () => undefined),
      () => undefined,
    );
  }

  /** Those that are there, this one among them. Rejects with what the store failed with. */
  async read(): Promise<readonly NodeInfo[]> {
    const { ops } = await this.#options.store.read(key, { limit: bounds.keys });
    return ops.map(({ payload }) => JSON.parse(payload as string) as NodeInfo);
  }

  #attempt(work: () => unknown): void {
    void guard(
      () => chain(work(), () => void (this.#failing = false)),
      (error) => {
        if (!this.#failing && !isToldOf(error))
          this.#options.logger.error('This node could not say that it is there.', error);
        this.#failing = true;
      },
    );
  }
}
