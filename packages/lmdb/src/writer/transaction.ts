import { LongwaveError, type Operation } from '@longwave/protocol';
import type { Databases } from '../records/databases.js';
import { epochOfNew } from '../records/forgotten-channels.js';
import { type ClockRecord, type Head, decodeJson, encodeJson, newHead } from '../records/head.js';
import { type Batch, JobFailed } from './jobs.js';
import { JournalWriter } from './journal-writer.js';
import { channelKey } from '../records/keys.js';
import { LeaseTime } from '../records/lease-time.js';
import { clockKey } from '../records/layout.js';
import { StoredWindows } from '../records/producer-windows.js';
import { OperationWriter } from '../records/stored-operation.js';

export interface TransactionLimits {
  readonly maxChannels: number;
  readonly maxProducers: number;
}

/**
 * One write transaction, and what it has read: heads and windows are read once, changed in memory and written at its end. It
 * knows nothing from before it began, as another process may have written since.
 */
export class Transaction {
  readonly dbs: Databases;
  readonly now: number;
  readonly limits: TransactionLimits;
  readonly clock: ClockRecord;
  readonly leases: LeaseTime;
  readonly windows: StoredWindows;
  readonly journal: JournalWriter;
  readonly writer = new OperationWriter();
  readonly #heads = new Map<string, Head>();
  readonly #dirty = new Set<string>();
  /** Made in this transaction, and nothing was stored in them yet: what is refused makes no channel. */
  readonly #fresh = new Set<string>();
  #isChanged = false;

  constructor(dbs: Databases, { now, steady }: Pick<Batch, 'now' | 'steady'>, limits: TransactionLimits) {
    this.dbs = dbs;
    this.now = now;
    this.limits = limits;
    this.clock = decodeJson<ClockRecord>(dbs.meta.get(clockKey)!);
    this.leases = new LeaseTime(this.clock, steady);
    this.windows = new StoredWindows(dbs, limits.maxProducers);
    this.journal = new JournalWriter(dbs, this.clock, steady);
  }

  head(channel: string): Head | undefined {
    const known = this.#heads.get(channel);
    if (known) return known;
    const record = this.dbs.channels.get(channelKey(channel));
    if (!record) return undefined;
    const head = decodeJson<Head>(record);
    this.#heads.set(channel, head);
    return head;
  }

  /** The head of a channel of this kind, made where there is none. Throws `too-many`, or `JobFailed` for one of the other kind. */
  open<K extends Head['kind']>(channel: string, kind: K): Extract<Head, { kind: K }> {
    const head = this.head(channel) ?? this.#create(channel, kind);
    if (head.kind !== kind) {
      throw new JobFailed(
        `The channel ${channel} holds ${head.kind === 'log' ? 'a log' : 'state'} in this store and is now declared as ` +
          `${kind === 'log' ? 'a log' : 'state'}. Give it another name, or begin with a new store.`,
      );
    }
    return head as Extract<Head, { kind: K }>;
  }

  #create(channel: string, kind: Head['kind']): Head {
    if (this.clock.channels + this.#fresh.size >= this.limits.maxChannels) {
      throw new LongwaveError('too-many', 'The store holds as many channels as it may.');
    }
    const head = newHead(kind, ++this.clock.lastChannel, epochOfNew(this.dbs, channel));
    this.#heads.set(channel, head);
    this.#fresh.add(channel);
    return head;
  }

  /** The head was changed and is to be written. */
  touch(channel: string, head: Head): void {
    this.update(channel);
    head.writtenAt = this.now;
  }

  /** The head was changed without anything that counts as use of the channel. */
  update(channel: string): void {
    this.#isChanged = true;
    this.#dirty.add(channel);
    if (this.#fresh.delete(channel)) this.clock.channels++;
  }

  /** Something was changed that is in no head. */
  change(): void {
    this.#isChanged = true;
  }

  drop(channel: string): void {
    this.#isChanged = true;
    this.clock.channels--;
    this.#heads.delete(channel);
    this.#dirty.delete(channel);
    this.dbs.channels.removeSync(channelKey(channel));
  }

  /** Hands the operation to those who watch, when the transaction is on the disk. `record` is what is stored of it. */
  announce(channel: string, op: Operation, record: Uint8Array): void {
    this.journal.add(channel, op.offset, record);
  }

  /** Writes what is in memory. The number of the commit in the journal, undefined when there is nothing to announce. */
  finish(): number | undefined {
    if (!this.#isChanged) return undefined;
    this.windows.flush();
    for (const channel of this.#dirty) {
      this.dbs.channels.putSync(channelKey(channel), encodeJson(this.#heads.get(channel)!));
    }
    const commit = this.journal.flush();
    this.dbs.meta.putSync(clockKey, encodeJson(this.clock));
    return commit;
  }
}
