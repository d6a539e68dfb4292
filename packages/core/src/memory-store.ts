import { LongwaveError, type ResolvedRetention } from '@longwave/protocol';
import type { Announce, Appended, Bounds, Clock, MakeId, NewOperation, ReadQuery, Store, StoredPage } from './ports.js';
import { MemoryLog } from './memory-log.js';

export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  /** Producers remembered for each channel (PUB-2). Default 10,000. */
  readonly maxProducers?: number;
  /** Channels that may hold a log, so that who may open rooms cannot fill the memory. One more is refused with `too-many`. Default 100,000. */
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
  readonly #maxProducers: number;
  readonly #maxLogs: number;
  readonly #logs = new Map<string, MemoryLog>();
  readonly #watchers = new Map<string, Set<Announce>>();

  constructor({ clock, makeId, maxProducers = 10_000, maxLogs = 100_000 }: MemoryStoreOptions) {
    this.epoch = makeId();
    this.#clock = clock;
    this.#maxProducers = maxProducers;
    this.#maxLogs = maxLogs;
  }

  append(channel: string, operation: NewOperation, retain: ResolvedRetention): Appended {
    const log = this.#logs.get(channel) ?? this.#create(channel);
    const op = log.append(operation, retain, this.#clock.now());
    if (typeof op === 'number') return { epoch: this.epoch, offset: op, duplicate: true };
    for (const announce of this.#watchers.get(channel) ?? []) announce(this.epoch, op);
    return { epoch: this.epoch, offset: op.offset, duplicate: false };
  }

  #create(channel: string): MemoryLog {
    if (this.#logs.size >= this.#maxLogs)
      throw new LongwaveError('too-many', 'The store holds as many channels as it may.');
    const log = new MemoryLog(this.#maxProducers);
    this.#logs.set(channel, log);
    return log;
  }

  read(channel: string, query: ReadQuery): StoredPage {
    const bounds = this.bounds(channel);
    return { ...bounds, ops: this.#logs.get(channel)?.read(query) ?? [] };
  }

  bounds(channel: string): Bounds {
    const log = this.#logs.get(channel);
    log?.trimExpired(this.#clock.now());
    return { epoch: this.epoch, floor: log?.floor ?? 0, top: log?.top ?? 0 };
  }

  watch(channel: string, announce: Announce): () => void {
    let watchers = this.#watchers.get(channel);
    if (!watchers) this.#watchers.set(channel, (watchers = new Set()));
    watchers.add(announce);
    return () => {
      watchers.delete(announce);
      if (watchers.size === 0) this.#watchers.delete(channel);
    };
  }

  close(): void {
    this.#logs.clear();
    this.#watchers.clear();
  }
}
