import { LongwaveError, type Operation } from '@longwave/protocol';
import type { Databases } from '../records/databases.js';
import { epochOfNew } from '../records/forgotten-channels.js';
import { type ClockRecord, type Head, decodeJson, encodeJson, newHead } from '../records/head.js';
import { type Batch, JobFailed } from './jobs.js';
import { JournalWriter } from './journal-writer.js';
import { channelKey } from '../records/keys.js';
import { LeaseTime } from '../records/lease-time.js';
import { clockKey } from '../records/layout.js';
import { ByteWriter } from '../records/bytes.js';
import { StoredWindows } from '../records/producer-windows.js';
import { OperationWriter } from '../records/stored-operation.js';

export interface TransactionLimits {
  readonly maxChannels: number;
  readonly maxProducers: number;
}

/** Most windows of producers, and heads, that are kept in memory between transactions. */
const keptWindows = 2048;
const keptHeads = 256;

/** Buffers that the transactions of a writer use one after the other. */
export class Buffers {
  readonly operation = new OperationWriter();
  readonly part = new ByteWriter(4096);
  readonly window = new ByteWriter(4096);
}

/** The memory of a transaction that changed something: true for the next one, unless somebody else has written in between. */
export interface Kept {
  readonly clock: ClockRecord;
  /** Heads of logs; those of states are read anew. */
  readonly heads: Map<string, Head>;
  readonly windows: StoredWindows;
}

/**
 * One write transaction, and what it has read: heads and windows are read once, changed in memory and written at its end. It
 * knows nothing from before it began but what is `kept`, as another process may have written since.
 */
export class Transaction {
  readonly dbs: Databases;
  readonly now: number;
  readonly limits: TransactionLimits;
  readonly clock: ClockRecord;
  readonly leases: LeaseTime;
  readonly windows: StoredWindows;
  readonly journal: JournalWriter;
  readonly writer: OperationWriter;
  readonly #buffers: Buffers;
  readonly #kept: Kept | undefined;
  readonly #heads = new Map<string, Head>();
  readonly #dirty = new Set<string>();
  /** Made in this transaction, and nothing was stored in them yet: what is refused makes no channel. */
  readonly #fresh = new Set<string>();
  /** Something is to be written. */
  isChanged = false;

  constructor(
    dbs: Databases,
    { now, steady }: Pick<Batch, 'now' | 'steady'>,
    limits: TransactionLimits,
    { buffers = new Buffers(), kept }: { readonly buffers?: Buffers; readonly kept?: Kept | undefined } = {},
  ) {
    this.dbs = dbs;
    this.now = now;
    this.limits = limits;
    this.#buffers = buffers;
    this.#kept = kept;
    this.writer = buffers.operation;
    this.clock = kept?.clock ?? decodeJson<ClockRecord>(dbs.meta.get(clockKey)!);
    this.leases = new LeaseTime(this.clock, steady);
    this.windows = kept?.windows ?? new StoredWindows(dbs, limits.maxProducers);
    this.journal = new JournalWriter(dbs, this.clock, steady, buffers.part);
  }

  head(channel: string): Head | undefined {
    const known = this.#heads.get(channel) ?? this.#takeKept(channel);
    if (known) return known;
    const record = this.dbs.channels.get(channelKey(channel));
    if (!record) return undefined;
    const head = decodeJson<Head>(record);
    this.#heads.set(channel, head);
    return head;
  }

  #takeKept(channel: string): Head | undefined {
    const head = this.#kept?.heads.get(channel);
    if (!head) return undefined;
    this.#kept!.heads.delete(channel);
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
    this.isChanged = true;
    this.#dirty.add(channel);
    if (this.#fresh.delete(channel)) this.clock.channels++;
  }

  /** Something was changed that is in no head. */
  change(): void {
    this.isChanged = true;
  }

  drop(channel: string): void {
    this.isChanged = true;
    this.clock.channels--;
    const head = this.head(channel);
    if (head) this.windows.drop(head.number);
    this.#heads.delete(channel);
    this.#dirty.delete(channel);
    this.dbs.channels.removeSync(channelKey(channel));
  }

  /** After `finish`: what the next transaction need not read. Undefined: nothing was changed, or it is too much. */
  keep(): Kept | undefined {
    if (!this.isChanged || this.windows.size > keptWindows) return undefined;
    const heads = this.#kept?.heads ?? new Map<string, Head>();
    for (const [channel, head] of this.#heads) {
      // As it was written: one that was only looked at may have been changed for nobody.
      if (head.kind === 'log' && this.#dirty.has(channel)) heads.set(channel, head);
      else this.windows.drop(head.number);
    }
    for (const [channel, { number }] of heads) {
      if (heads.size <= keptHeads) break;
      heads.delete(channel);
      this.windows.drop(number);
    }
    return { clock: this.clock, heads, windows: this.windows };
  }

  /** Hands the operation to those who watch, when the transaction is on the disk. `record` is what is stored of it. */
  announce(channel: string, op: Operation, record: Uint8Array): void {
    this.journal.add(channel, op.offset, record);
  }

  /** Writes what is in memory. The number of the commit in the journal, undefined when there is nothing to announce. */
  finish(): number | undefined {
    if (!this.isChanged) return undefined;
    this.windows.flush(this.#buffers.window);
    for (const channel of this.#dirty) {
      this.dbs.channels.putSync(channelKey(channel), encodeJson(this.#heads.get(channel)!));
    }
    const commit = this.journal.flush();
    this.dbs.meta.putSync(clockKey, encodeJson(this.clock));
    return commit;
  }
}
