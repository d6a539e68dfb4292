import { LongwaveError, type Operation } from '@longwave/protocol';
import type { Bounds, Compaction, Keep, NewOperation, ReadQuery, StoredPage } from '../base/ports.js';
import { type LogSnapshot, MemoryLog } from './memory-log.js';
import { MemoryState, type StateSnapshot } from './state/memory-state.js';

/**
 * A change of a channel, with all that decides it: it does the same whenever it is carried out. `leaseNow` is the time of a
 * `LeaseClock`.
 */
export type StoreCommand =
  | {
      readonly act: 'append';
      readonly channel: string;
      readonly operation: NewOperation;
      readonly keep: Keep;
      readonly now: number;
      readonly leaseNow: number;
    }
  | { readonly act: 'compact'; readonly channel: string; readonly compaction: Compaction }
  | {
      readonly act: 'expire';
      readonly channel: string;
      /** Keys, each with the generation of its lease. */
      readonly over: readonly (readonly [string, number])[];
      readonly now: number;
    };

/** All channels at one moment, to be written down. */
export interface ChannelsSnapshot {
  readonly epoch: string;
  readonly logs: readonly (readonly [string, LogSnapshot])[];
  readonly states: readonly (readonly [string, StateSnapshot])[];
}

/**
 * Channels in memory, as commands made them: for a store that writes its commands to a journal, and carries them out again when it is
 * opened. It announces nothing, and nothing in it looks at a clock.
 */
export class JournaledChannels {
  /** That all of its channels are in. */
  readonly epoch: string;
  readonly #maxProducers: number;
  readonly #channels = new Map<string, MemoryLog | MemoryState>();

  /** `maxProducers`: clients remembered for each channel. Default 10,000. */
  constructor(epoch: string, maxProducers = 10_000) {
    this.epoch = epoch;
    this.#maxProducers = maxProducers;
  }

  /** Leases begin anew at `leaseNow`: how long it is since they were set, nobody knows who only has the snapshot. */
  static restore(
    { epoch, logs, states }: ChannelsSnapshot,
    { leaseNow, maxProducers = 10_000 }: { readonly leaseNow: number; readonly maxProducers?: number },
  ): JournaledChannels {
    const made = new JournaledChannels(epoch, maxProducers);
    for (const [name, log] of logs) made.#channels.set(name, MemoryLog.restore(maxProducers, log));
    for (const [name, state] of states) made.#channels.set(name, MemoryState.restore(maxProducers, state, leaseNow));
    return made;
  }

  snapshot(): ChannelsSnapshot {
    const logs: [string, LogSnapshot][] = [];
    const states: [string, StateSnapshot][] = [];
    for (const [name, kept] of this.#channels) {
      if (kept instanceof MemoryLog) logs.push([name, kept.snapshot()]);
      else states.push([name, kept.snapshot()]);
    }
    return { epoch: this.epoch, logs, states };
  }

  get size(): number {
    return this.#channels.size;
  }

  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  /**
   * Carries a command out. Returns the operations that are to be announced, or the offset of the one that makes it a duplicate. Throws
   * what refuses an append, such as `conflict`.
   */
  apply(command: StoreCommand): readonly Operation[] | number {
    const { channel } = command;
    const kept = this.#channels.get(channel);
    switch (command.act) {
      case 'append':
        return this.#append(command);
      case 'compact':
        if (!(kept instanceof MemoryLog) || command.compaction.epoch !== this.epoch) return 0;
        return kept.compact(command.compaction) ? [] : 0;
      case 'expire':
        return kept instanceof MemoryState ? kept.end(command.over, command.now) : [];
    }
  }

  /** Carries a command out that stood in a journal: one that was refused is refused again. */
  repeat(command: StoreCommand): void {
    try {
      this.apply(command);
    } catch (error) {
      if (!(error instanceof LongwaveError)) throw error;
    }
  }

  /** The commands that end what is over. Each is to be carried out. */
  overdue(now: number, leaseNow: number): readonly StoreCommand[] {
    const commands: StoreCommand[] = [];
    for (const [channel, kept] of this.#channels) {
      const over = kept instanceof MemoryState ? kept.overdue(leaseNow) : [];
      if (over.length > 0) commands.push({ act: 'expire', channel, over, now });
    }
    return commands;
  }

  bounds(channel: string, now: number): Bounds {
    const kept = this.#channels.get(channel);
    kept?.isEmptyAt(now); // Lets go of what is too old.
    return { epoch: this.epoch, floor: kept?.floor ?? 0, top: kept?.top ?? 0 };
  }

  read(channel: string, query: ReadQuery, now: number): StoredPage {
    return { ...this.bounds(channel, now), ops: this.#channels.get(channel)?.read(query) ?? [] };
  }

  #append(command: Extract<StoreCommand, { act: 'append' }>): readonly Operation[] | number {
    const { channel, operation, keep, now, leaseNow } = command;
    const kept = this.#channels.get(channel);
    if ('keys' in keep) {
      const state = kept instanceof MemoryState ? kept : new MemoryState(this.#maxProducers, keep);
      this.#channels.set(channel, state);
      return state.append(operation, keep, now, leaseNow);
    }
    const log = kept instanceof MemoryLog ? kept : new MemoryLog(this.#maxProducers);
    this.#channels.set(channel, log);
    const stored = log.append(operation, keep, now, this.epoch);
    return typeof stored === 'number' ? stored : [stored];
  }
}
