import { randomBytes } from 'node:crypto';
import {
  type Appended,
  type Bounds,
  type Clock,
  type Compaction,
  type Keep,
  LeaseClock,
  type LogSnapshot,
  MemoryLog,
  MemoryState,
  type NewOperation,
  type ReadQuery,
  type Relay,
  RelayListeners,
  type StateSnapshot,
  type Store,
  type StoredPage,
  type Watcher,
  requireRelayable,
} from '@longwave/core';
import { LongwaveError, type Operation } from '@longwave/protocol';
import { Journal } from './journal.js';

/** A line of the journal. The last three are commands, which do the same again when they are read again. */
type Line =
  | { kind: 'all'; epoch: string; logs: [string, LogSnapshot][]; states: [string, StateSnapshot][] }
  | { kind: 'append'; channel: string; operation: NewOperation; keep: Keep; now: number; elapsed: number }
  | { kind: 'compact'; channel: string; compaction: Compaction }
  | { kind: 'expire'; channel: string; over: readonly (readonly [string, number])[]; now: number };

export interface FileStoreOptions {
  readonly file: string;
  /** Default: the time of day. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Clients remembered for each channel. Default 10,000. */
  readonly maxProducers?: number;
  /** Channels that there may be. Default 10,000. */
  readonly maxChannels?: number;
}

/** Channels of one process, in its memory and in one file: an operation that was acknowledged is on the disk. */
export class FileStore implements Store {
  readonly durability = 'disk';
  readonly announcements = 'reliable';
  /** All engines that share the store are in this process. */
  readonly relay: Relay = {
    send: (topic, data) => {
      requireRelayable(data);
      queueMicrotask(() => this.#listeners.tell(topic, data));
    },
    listen: (topic, hear) => this.#listeners.add(topic, hear),
  };
  readonly #listeners = new RelayListeners();
  readonly #journal: Journal<Line>;
  readonly #channels = new Map<string, MemoryLog | MemoryState>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #leases: LeaseClock;
  readonly #maxProducers: number;
  readonly #maxChannels: number;
  #epoch = randomBytes(16).toString('base64url');

  constructor({ file, clock = Date, maxProducers = 10_000, maxChannels = 10_000 }: FileStoreOptions) {
    this.#clock = clock;
    this.#leases = new LeaseClock(clock);
    this.#maxProducers = maxProducers;
    this.#maxChannels = maxChannels;
    const { journal, entries } = Journal.open<Line>(file);
    this.#journal = journal;
    for (const line of entries) this.#repeat(line);
    // The commands are read again for the last time, and leases begin anew: nobody knows how long the process was gone.
    this.#writeAll();
    this.#repeat(this.#all());
  }

  append(channel: string, operation: NewOperation, keep: Keep): Appended {
    if (!this.#channels.has(channel) && this.#channels.size >= this.#maxChannels) throw new LongwaveError('too-many');
    const [now, elapsed] = [this.#clock.now(), this.#leases.now()];
    // Written before it is decided: a command that is refused is refused again when it is read.
    this.#journal.append({ kind: 'append', channel, operation, keep, now, elapsed });
    const stored = this.#apply(channel, operation, keep, now, elapsed);
    const epoch = this.#epoch;
    if (typeof stored === 'number') return { epoch, offset: stored, duplicate: true };
    if (operation.redacts) this.#writeAll(); // The data must not be read anywhere, and so not in the journal.
    this.#announce(channel, stored);
    return { epoch, offset: this.#channels.get(channel)!.top, duplicate: false };
  }

  compact(channel: string, compaction: Compaction): boolean {
    const kept = this.#channels.get(channel);
    if (!(kept instanceof MemoryLog) || compaction.epoch !== this.#epoch) return false;
    this.#journal.append({ kind: 'compact', channel, compaction });
    return kept.compact(compaction);
  }

  read(channel: string, query: ReadQuery): StoredPage {
    return { ...this.bounds(channel), ops: this.#channels.get(channel)?.read(query) ?? [] };
  }

  bounds(channel: string): Bounds {
    const kept = this.#channels.get(channel);
    kept?.isEmptyAt(this.#clock.now()); // Lets go of what is too old.
    return { epoch: this.#epoch, floor: kept?.floor ?? 0, top: kept?.top ?? 0 };
  }

  watch(channel: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(channel) ?? new Set();
    this.#watchers.set(channel, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(channel);
    };
  }

  expire(): void {
    for (const [channel, kept] of this.#channels) {
      const over = kept instanceof MemoryState ? kept.overdue(this.#leases.now()) : [];
      if (over.length === 0) continue;
      const line = { kind: 'expire', channel, over, now: this.#clock.now() } as const;
      this.#journal.append(line);
      this.#announce(channel, (kept as MemoryState).end(over, line.now));
    }
  }

  close(): void {
    this.#journal.close();
  }

  #apply(
    channel: string,
    operation: NewOperation,
    keep: Keep,
    now: number,
    elapsed: number,
  ): readonly Operation[] | number {
    let kept = this.#channels.get(channel);
    if (!kept) {
      kept = 'keys' in keep ? new MemoryState(this.#maxProducers, keep) : new MemoryLog(this.#maxProducers);
      this.#channels.set(channel, kept);
    }
    if ('keys' in keep) return (kept as MemoryState).append(operation, keep, now, elapsed);
    const stored = (kept as MemoryLog).append(operation, keep, now, this.#epoch);
    return typeof stored === 'number' ? stored : [stored];
  }

  #repeat(line: Line): void {
    if (line.kind === 'all') {
      this.#epoch = line.epoch;
      const elapsed = this.#leases.now();
      for (const [name, log] of line.logs) this.#channels.set(name, MemoryLog.restore(this.#maxProducers, log));
      for (const [name, state] of line.states) {
        this.#channels.set(name, MemoryState.restore(this.#maxProducers, state, elapsed));
      }
    } else if (line.kind === 'append') {
      try {
        this.#apply(line.channel, line.operation, line.keep, line.now, line.elapsed);
      } catch (error) {
        if (!(error instanceof LongwaveError)) throw error;
      }
    } else if (line.kind === 'compact') (this.#channels.get(line.channel) as MemoryLog).compact(line.compaction);
    else (this.#channels.get(line.channel) as MemoryState).end(line.over, line.now);
  }

  #all(): Line {
    const all = {
      kind: 'all' as const,
      epoch: this.#epoch,
      logs: [] as [string, LogSnapshot][],
      states: [] as [string, StateSnapshot][],
    };
    for (const [name, kept] of this.#channels) {
      if (kept instanceof MemoryLog) all.logs.push([name, kept.snapshot()]);
      else all.states.push([name, kept.snapshot()]);
    }
    return all;
  }

  #writeAll(): void {
    this.#journal.replace(this.#all());
  }

  #announce(channel: string, ops: readonly Operation[]): void {
    for (const watcher of this.#watchers.get(channel) ?? []) for (const op of ops) watcher.announce(this.#epoch, op);
  }
}
