import {
  LongwaveError,
  type Operation,
  type Payload,
  type ResolvedRetention,
  type StateBounds,
} from '@longwave/protocol';
import type {
  Appended,
  Bounds,
  Clock,
  Compaction,
  Keep,
  MakeId,
  NewOperation,
  ReadQuery,
  Store,
  StoredPage,
  Watcher,
} from '../base/ports.js';
import { ForgottenChannels } from './forgotten-channels.js';
import { type Held, type Kept, MemoryChannels } from './memory-channels.js';
import { MemoryLog } from './memory-log.js';
import { MemoryRelay } from './memory-relay.js';
import { type Meter, heldBytesOf, operationBytes } from './meter.js';
import { LeaseClock } from './state/lease-clock.js';
import { MemoryState } from './state/memory-state.js';

export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  /**
   * Clients whose publishes are remembered in each channel, at most 64 and at most half of them of one user (PUB-2,
   * PUB-11). Default 10,000.
   */
  readonly maxProducers?: number;
  /**
   * Logs that may be held, and as many channels with state, so that who may open rooms cannot fill the memory. For one
   * more, a channel is forgotten that is empty and not watched, or else a log that nobody watched or used for a minute:
   * who comes back to it is reset with `epoch-changed`. Where there is none, it is refused with `too-many`. Those that
   * Longwave keeps itself, such as `@presence/`, are counted by themselves. Default 100,000.
   */
  readonly maxLogs?: number;
  /**
   * Bytes that all channels may take together, roughly, with what is known of their publishers; a text that is not
   * Latin-1 counts two bytes a unit. Beyond it large logs keep less, their oldest operations go first (LOG-3); where
   * there are only states, what makes them grow is refused with `too-large`. Default 256 MiB: give the process twice as
   * much heap.
   */
  readonly maxBytes?: number;
}

/** The outcome of an append: the stored operation, or the offset of the one that makes it a duplicate. */
interface Stored {
  readonly epoch: string;
  readonly ops: readonly Operation[] | number;
  readonly top: number;
}

interface Watched {
  /** Where the channel began, or will begin if it was not written to yet: while it is watched it is not forgotten. */
  readonly epoch: string;
  readonly watchers: Set<Watcher>;
}

/** Is told whether something may have been stored in the channel before it was forgotten. */
type Make<T> = (mayHave: (entry: NewOperation) => boolean) => T;

/** Channels of Longwave's own, and inboxes: no client names them (CH-1, CH-4). */
function isInternal(channel: string): boolean {
  return channel.startsWith('@') || channel.startsWith('$');
}

/**
 * Logs, or channels with state: those of users, and those of Longwave's own, so that neither takes the other's place.
 */
class Kind<T extends Kept> {
  readonly users: MemoryChannels<T>;
  readonly internal: MemoryChannels<T>;

  constructor(make: () => MemoryChannels<T>) {
    this.users = make();
    this.internal = make();
  }

  of(channel: string): MemoryChannels<T> {
    return isInternal(channel) ? this.internal : this.users;
  }

  get(channel: string): Held<T> | undefined {
    return this.of(channel).get(channel);
  }
}

/**
 * Logs in this process's memory: everything answers at once, and nothing survives the process. All logs begin in one
 * epoch, made with the store, so that a client can tell that the log it knew is gone; those that were forgotten begin
 * in another.
 */
export class MemoryStore implements Store {
  readonly durability = 'memory';
  readonly announcements = 'reliable';
  readonly epoch: string;
  readonly relay = new MemoryRelay();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #leaseClock: LeaseClock;
  readonly #maxProducers: number;
  readonly #maxLogs: number;
  readonly #maxBytes: number;
  readonly #logs: Kind<MemoryLog>;
  readonly #states: Kind<MemoryState>;
  readonly #watched = new Map<string, Watched>();
  readonly #forgotten: ForgottenChannels;
  readonly #meter: Meter = { bytes: 0 };

  constructor(options: MemoryStoreOptions) {
    const { clock, makeId, maxProducers = 10_000, maxLogs = 100_000, maxBytes = 256 * 1024 * 1024 } = options;
    this.epoch = makeId();
    this.#clock = clock;
    this.#leaseClock = new LeaseClock(clock);
    this.#maxProducers = maxProducers;
    this.#maxLogs = maxLogs;
    this.#maxBytes = maxBytes;
    this.#forgotten = new ForgottenChannels(makeId);
    const line = <T extends Kept>(expendable: boolean): MemoryChannels<T> =>
      new MemoryChannels(
        expendable,
        (channel) => this.#watched.has(channel),
        (channel, kept) => {
          this.#meter.bytes -= kept.heldBytes;
          this.#forgotten.add(channel, kept.published());
        },
      );
    this.#logs = new Kind(() => line(true));
    this.#states = new Kind(() => line(false));
  }

  append(channel: string, operation: NewOperation, keep: Keep): Appended {
    const now = this.#clock.now();
    // It may have to make room, which a removal does by itself.
    const grows = operation.kind !== 'delete' && operation.kind !== 'touch';
    if (grows) this.#makeRoom(operation.payload);
    const { epoch, ops, top } =
      'keys' in keep ? this.#change(channel, operation, keep, now) : this.#write(channel, operation, keep, now);
    if (typeof ops === 'number') return { epoch, offset: ops, duplicate: true };
    this.#announce(channel, epoch, ops);
    return { epoch, offset: top, duplicate: false };
  }

  compact(channel: string, { epoch, offset, payload }: Compaction): boolean {
    const held = this.#logs.get(channel);
    return held?.epoch === epoch && held.kept.compact({ offset, payload });
  }

  #write(channel: string, operation: NewOperation, keep: ResolvedRetention, now: number): Stored {
    const held =
      this.#logs.get(channel) ??
      this.#create(this.#logs, channel, now, (mayHave) => new MemoryLog(this.#maxProducers, this.#meter, mayHave));
    held.usedAt = now;
    const op = held.kept.append(operation, keep, now, held.epoch);
    return { epoch: held.epoch, ops: typeof op === 'number' ? op : [op], top: held.kept.top };
  }

  #change(channel: string, operation: NewOperation, bounds: StateBounds, now: number): Stored {
    const held =
      this.#states.get(channel) ??
      this.#create(
        this.#states,
        channel,
        now,
        (mayHave) => new MemoryState(this.#maxProducers, bounds, 0, this.#meter, mayHave),
      );
    held.usedAt = now;
    const ops = held.kept.append(operation, bounds, now, this.#leaseClock.now());
    return { epoch: held.epoch, ops, top: held.kept.top };
  }

  #create<T extends Kept>(kind: Kind<T>, channel: string, now: number, make: Make<T>): Held<T> {
    const channels = kind.of(channel);
    if (channels.size >= this.#maxLogs && !channels.makePlace(now))
      throw new LongwaveError('too-many', 'The store holds as many channels as it may.');
    const kept = make((entry) => this.#forgotten.mayHave(channel, entry));
    const held: Held<T> = { kept, epoch: this.#epochOf(channel), usedAt: now };
    channels.add(channel, held);
    return held;
  }

  /**
   * LOG-3. Logs of users first: what Longwave keeps itself, and inboxes, go last. For states, the memory of their
   * publishers goes.
   */
  #makeRoom(payload: Payload): void {
    // Seldom is there so little room that the payload has to be looked at.
    if (this.#meter.bytes + 2 * payload.length + operationBytes <= this.#maxBytes) return;
    const bytes = heldBytesOf(payload) + operationBytes;
    while (this.#meter.bytes + bytes > this.#maxBytes) {
      const largest =
        this.#logs.users.largest() ??
        this.#logs.internal.largest() ??
        this.#states.users.largest() ??
        this.#states.internal.largest();
      const before = this.#meter.bytes;
      largest?.halve();
      if (this.#meter.bytes < before) continue;
      throw new LongwaveError('too-large', `The store holds ${this.#maxBytes} bytes of entries, and no more.`);
    }
  }

  /** Epoch of a channel that is not held. */
  #epochOf(channel: string): string {
    return this.#watched.get(channel)?.epoch ?? this.#forgotten.epochOf(channel) ?? this.epoch;
  }

  #announce(channel: string, epoch: string, ops: readonly Operation[]): void {
    const watched = this.#watched.get(channel);
    if (watched) for (const watcher of watched.watchers) for (const op of ops) watcher.announce(epoch, op);
  }

  read(channel: string, query: ReadQuery): StoredPage {
    const bounds = this.bounds(channel);
    return { ...bounds, ops: this.#held(channel)?.kept.read(query) ?? [] };
  }

  bounds(channel: string): Bounds {
    const held = this.#held(channel);
    if (!held) return { epoch: this.#epochOf(channel), floor: 0, top: 0 };
    const { kept, epoch } = held;
    held.usedAt = this.#clock.now();
    kept.isEmptyAt(held.usedAt);
    return { epoch, floor: kept.floor, top: kept.top };
  }

  #held(channel: string): Held<MemoryLog | MemoryState> | undefined {
    return this.#states.get(channel) ?? this.#logs.get(channel);
  }

  watch(channel: string, watcher: Watcher): () => void {
    let watched = this.#watched.get(channel);
    if (!watched) {
      const epoch = this.#held(channel)?.epoch ?? this.#epochOf(channel);
      this.#watched.set(channel, (watched = { epoch, watchers: new Set() }));
    }
    const { watchers } = watched;
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watched.delete(channel);
    };
  }

  expire(): void {
    const now = this.#clock.now();
    const elapsed = this.#leaseClock.now();
    for (const { users, internal } of [this.#logs, this.#states]) {
      users.sweep(now);
      internal.sweep(now);
    }
    for (const states of [this.#states.users, this.#states.internal]) {
      for (const [channel, { kept, epoch }] of states.entries()) {
        this.#announce(channel, epoch, kept.expire(now, elapsed));
      }
    }
  }

  close(): void {
    for (const { users, internal } of [this.#logs, this.#states]) {
      users.clear();
      internal.clear();
    }
    this.#watched.clear();
  }
}
