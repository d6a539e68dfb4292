import { LongwaveError, type Operation, type StateBounds } from '@longwave/protocol';
import type {
  Appended,
  Bounds,
  Clock,
  Keep,
  MakeId,
  NewOperation,
  ReadQuery,
  Store,
  StoredPage,
  Watcher,
} from './ports.js';
import { MemoryLog } from './memory-log.js';
import { LeaseClock } from './state/lease-clock.js';
import { MemoryState } from './state/memory-state.js';

export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  /** Producers remembered for each channel (PUB-2). Default 10,000. */
  readonly maxProducers?: number;
  /** Channels that may be held, so that who may open rooms cannot fill the memory. One more is refused with `too-many`. Default 100,000. */
  readonly maxLogs?: number;
}

/**
 * Logs in this process's memory: everything answers at once, and nothing survives the process. All
 * logs share one epoch, made with the store, so that a client can tell that the log it knew is gone.
 */
export class MemoryStore implements Store {
  readonly durability = 'memory';
  readonly announcements = 'reliable';
  readonly epoch: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #leaseClock: LeaseClock;
  readonly #maxProducers: number;
  readonly #maxLogs: number;
  readonly #logs = new Map<string, MemoryLog>();
  readonly #states = new Map<string, MemoryState>();
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor({ clock, makeId, maxProducers = 10_000, maxLogs = 100_000 }: MemoryStoreOptions) {
    this.epoch = makeId();
    this.#clock = clock;
    this.#leaseClock = new LeaseClock(clock);
    this.#maxProducers = maxProducers;
    this.#maxLogs = maxLogs;
  }

  append(channel: string, operation: NewOperation, keep: Keep): Appended {
    const { epoch } = this;
    if ('keys' in keep) return this.#appendToState(channel, operation, keep);
    const log = this.#logs.get(channel) ?? this.#create(this.#logs, channel, new MemoryLog(this.#maxProducers));
    const op = log.append(operation, keep, this.#clock.now());
    if (typeof op === 'number') return { epoch, offset: op, duplicate: true };
    this.#announce(channel, [op]);
    return { epoch, offset: op.offset, duplicate: false };
  }

  #appendToState(channel: string, operation: NewOperation, bounds: StateBounds): Appended {
    const { epoch } = this;
    const state =
      this.#states.get(channel) ?? this.#create(this.#states, channel, new MemoryState(this.#maxProducers, bounds));
    const ops = state.append(operation, bounds, this.#clock.now(), this.#leaseClock.now());
    if (typeof ops === 'number') return { epoch, offset: ops, duplicate: true };
    this.#announce(channel, ops);
    return { epoch, offset: state.top, duplicate: false };
  }

  #create<T>(channels: Map<string, T>, channel: string, created: T): T {
    if (this.#logs.size + this.#states.size >= this.#maxLogs)
      throw new LongwaveError('too-many', 'The store holds as many channels as it may.');
    channels.set(channel, created);
    return created;
  }

  #announce(channel: string, ops: readonly Operation[]): void {
    for (const watcher of this.#watchers.get(channel) ?? []) for (const op of ops) watcher.announce(this.epoch, op);
  }

  read(channel: string, query: ReadQuery): StoredPage {
    const bounds = this.bounds(channel);
    return { ...bounds, ops: (this.#states.get(channel) ?? this.#logs.get(channel))?.read(query) ?? [] };
  }

  bounds(channel: string): Bounds {
    this.#logs.get(channel)?.trimExpired(this.#clock.now());
    const kept = this.#states.get(channel) ?? this.#logs.get(channel);
    return { epoch: this.epoch, floor: kept?.floor ?? 0, top: kept?.top ?? 0 };
  }

  watch(channel: string, watcher: Watcher): () => void {
    let watchers = this.#watchers.get(channel);
    if (!watchers) this.#watchers.set(channel, (watchers = new Set()));
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(channel);
    };
  }

  expire(): void {
    const now = this.#clock.now();
    const elapsed = this.#leaseClock.now();
    for (const [channel, state] of this.#states) this.#announce(channel, state.expire(now, elapsed));
  }

  close(): void {
    this.#logs.clear();
    this.#states.clear();
    this.#watchers.clear();
  }
}
