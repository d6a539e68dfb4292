import { randomBytes } from 'node:crypto';
import {
  type Appended,
  type Bounds,
  type ChannelsSnapshot,
  type Clock,
  type Compaction,
  JournaledChannels,
  type Keep,
  LeaseClock,
  MemoryRelay,
  type NewOperation,
  type ReadQuery,
  type Store,
  type StoreCommand,
  type StoredPage,
  type Watcher,
} from '@longwave/core';
import { LongwaveError, type Operation } from '@longwave/protocol';
import { Journal } from './journal.js';

/** Default of `clock`: the time of day. `maxProducers`: clients remembered for each channel. */
export interface FileStoreOptions {
  readonly file: string;
  readonly clock?: Pick<Clock, 'now'>;
  readonly maxProducers?: number;
  readonly maxChannels?: number;
}

/** Channels of one process, in its memory and in one file: an operation that was acknowledged is on the disk. */
export class FileStore implements Store {
  readonly durability = 'disk';
  readonly announcements = 'reliable';
  readonly relay = new MemoryRelay();
  readonly #journal: Journal<StoreCommand | ChannelsSnapshot>;
  readonly #channels: JournaledChannels;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #leases: LeaseClock;
  readonly #maxChannels: number;

  constructor({ file, clock = Date, maxProducers = 10_000, maxChannels = 10_000 }: FileStoreOptions) {
    this.#clock = clock;
    this.#leases = new LeaseClock(clock);
    this.#maxChannels = maxChannels;
    this.#journal = new Journal(file);
    let channels = new JournaledChannels(randomBytes(16).toString('base64url'), maxProducers);
    const restore = (snapshot: ChannelsSnapshot): JournaledChannels =>
      JournaledChannels.restore(snapshot, { leaseNow: this.#leases.now(), maxProducers });
    for (const entry of this.#journal.read()) {
      if ('act' in entry) channels.repeat(entry);
      else channels = restore(entry);
    }
    // Leases begin anew: nobody knows how long the process was gone.
    this.#channels = restore(channels.snapshot());
    this.#journal.replace(this.#channels.snapshot());
  }

  append(channel: string, operation: NewOperation, keep: Keep): Appended {
    if (!this.#channels.has(channel) && this.#channels.size >= this.#maxChannels) throw new LongwaveError('too-many');
    const [now, leaseNow] = [this.#clock.now(), this.#leases.now()];
    const ops = this.#do({ act: 'append', channel, operation, keep, now, leaseNow });
    const { epoch, top } = this.bounds(channel);
    if (typeof ops === 'number') return { epoch, offset: ops, duplicate: true };
    // The data must not be read anywhere, and so not in the journal.
    if (operation.redacts) this.#journal.replace(this.#channels.snapshot());
    this.#announce(channel, ops);
    return { epoch, offset: top, duplicate: false };
  }

  compact(channel: string, compaction: Compaction): boolean {
    return this.#do({ act: 'compact', channel, compaction }) !== 0;
  }

  read(channel: string, query: ReadQuery): StoredPage {
    return this.#channels.read(channel, query, this.#clock.now());
  }

  bounds(channel: string): Bounds {
    return this.#channels.bounds(channel, this.#clock.now());
  }

  watch(channel: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(channel) ?? new Set();
    this.#watchers.set(channel, watchers.add(watcher));
    return () => watchers.delete(watcher) && watchers.size === 0 && this.#watchers.delete(channel);
  }

  expire(): void {
    for (const command of this.#channels.overdue(this.#clock.now(), this.#leases.now())) {
      this.#announce(command.channel, this.#do(command) as readonly Operation[]);
    }
  }

  close(): void {
    this.#journal.close();
  }

  /** Written before it is decided: a command that is refused is refused again when it is read. */
  #do(command: StoreCommand): readonly Operation[] | number {
    this.#journal.append(command);
    return this.#channels.apply(command);
  }

  #announce(channel: string, ops: readonly Operation[]): void {
    const { epoch } = this.#channels;
    for (const watcher of this.#watchers.get(channel) ?? []) for (const op of ops) watcher.announce(epoch, op);
  }
}
