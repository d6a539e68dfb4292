import { type Operation, isRemoval } from '@longwave/protocol';
import type { Bounds, ReadQuery, StoredPage } from '@longwave/core';
import type { RangeOptions } from 'lmdb';
import type { Databases } from './records/databases.js';
import { epochOfNew, forgottenIn } from './records/forgotten-channels.js';
import { type ClockRecord, type Head, type LogHead, type StoreRecord, decodeJson } from './records/head.js';
import { channelKey, countOf, countedKey, endOfChannel, expiryOf, namedKey } from './records/keys.js';
import { clockKey, storeKey } from './records/layout.js';
import { leaseTimeAt, maxIdleMs } from './records/lease-time.js';
import { readOperation, readTraits } from './records/stored-operation.js';

/**
 * Payload bytes of a page of a log, not counting one operation. A reader who wants more asks on. It holds 100 messages of the usual bound,
 * 64 KiB.
 */
const pageBytes = 8 * 1024 * 1024;
/** Payload bytes of one operation that ends its page, as a large document: the event loop stands still for each page. */
const largeBytes = 256 * 1024;

/** Reads what is on the disk, from the map of the file: no other thread is asked, and nothing waits for a writer. */
export class Reader {
  readonly #dbs: Databases;

  constructor(dbs: Databases) {
    this.#dbs = dbs;
  }

  /** From now on the state of this moment is read. */
  refresh(): this {
    this.#dbs.root.resetReadTxn();
    return this;
  }

  read(channel: string, query: ReadQuery, now: number): StoredPage & { readonly hasExpired: boolean } {
    const head = this.#head(channel);
    const bounds = this.#boundsOf(channel, head, now);
    return { ...bounds, ops: head ? this.#operations(head, bounds, query) : [] };
  }

  /** `hasExpired`: the floor is higher than it is stored, as operations are too old. */
  bounds(channel: string, now: number): Bounds & { readonly hasExpired: boolean } {
    return this.#boundsOf(channel, this.#head(channel), now);
  }

  get clock(): ClockRecord {
    return decodeJson<ClockRecord>(this.#dbs.meta.get(clockKey)!);
  }

  /** How many channels were forgotten. */
  get forgotten(): number {
    return forgottenIn(decodeJson<StoreRecord>(this.#dbs.meta.get(storeKey)!));
  }

  epochOf(channel: string): string {
    return this.#head(channel)?.epoch ?? epochOfNew(this.#dbs, channel);
  }

  /** Whether the writer has to look after the leases: one is over, or their clock was not looked at for long. */
  needsExpiry(steady: number): boolean {
    for (const key of this.#dbs.expiries.getKeys({ limit: 1 })) {
      const { clock } = this;
      return expiryOf(key) <= leaseTimeAt(clock, steady) || Math.abs(steady - clock.lookedAt) > maxIdleMs;
    }
    return false;
  }

  #head(channel: string): Head | undefined {
    const record = this.#dbs.channels.get(channelKey(channel));
    return record && decodeJson<Head>(record);
  }

  #boundsOf(channel: string, head: Head | undefined, now: number): Bounds & { readonly hasExpired: boolean } {
    if (!head) return { epoch: epochOfNew(this.#dbs, channel), floor: 0, top: 0, hasExpired: false };
    const { epoch, top } = head;
    const floor = head.kind === 'log' ? this.#unexpired(head, now) : head.floor;
    return { epoch, floor, top, hasExpired: floor > head.floor };
  }

  /** The floor of a log, once what is too old has been left out (LOG-2). */
  #unexpired({ number, floor, top, maxAgeMs }: LogHead, now: number): number {
    if (maxAgeMs === null) return floor;
    let last = floor;
    while (last < top) {
      const record = this.#dbs.operations.get(countedKey(number, last + 1));
      if (!record || readTraits(record).time >= now - maxAgeMs) break;
      last++;
    }
    return last;
  }

  #operations(head: Head, { floor, top }: Bounds, query: ReadQuery): readonly Operation[] {
    return head.kind === 'log' ? this.#log(head.number, floor, top, query) : this.#state(head.number, query);
  }

  #log(number: number, floor: number, top: number, { after, before, limit }: ReadQuery): readonly Operation[] {
    const end = Math.min(top, before === undefined ? top : before - 1);
    const first = after === undefined ? Math.max(floor + 1, end - limit + 1) : Math.max(floor, after) + 1;
    const last = Math.min(end, first + limit - 1);
    if (last < first) return [];
    return after === undefined ? this.#backward(number, first, last) : this.#forward(number, first, last);
  }

  #state(number: number, { after, key, limit }: ReadQuery): readonly Operation[] {
    if (key !== undefined) {
      const place = this.#dbs.entries.get(namedKey(number, key));
      const op = place && readOperation(this.#dbs.operations.get(place)!, countOf(place));
      return op && !isRemoval(op.kind) ? [op] : [];
    }
    const ops: Operation[] = [];
    const range = { start: countedKey(number, (after ?? 0) + 1), end: endOfChannel(number) };
    for (const entry of this.#dbs.operations.getRange(range)) {
      if (ops.length >= limit) break;
      const op = readOperation(entry.value, countOf(entry.key));
      if (after !== undefined || !isRemoval(op.kind)) ops.push(op);
    }
    return ops;
  }

  #forward(number: number, first: number, last: number): readonly Operation[] {
    return this.#page({ start: countedKey(number, first), end: countedKey(number, last + 1) });
  }

  #backward(number: number, first: number, last: number): readonly Operation[] {
    const range = { start: countedKey(number, last), end: countedKey(number, first - 1), reverse: true };
    return this.#page(range).toReversed();
  }

  /** As many as a page may have. */
  #page(range: RangeOptions): Operation[] {
    const ops: Operation[] = [];
    let bytes = 0;
    for (const { key, value } of this.#dbs.operations.getRange(range)) {
      bytes += value.length;
      if (bytes > pageBytes && ops.length > 0) break;
      ops.push(readOperation(value, countOf(key)));
      if (value.length > largeBytes) break;
    }
    return ops;
  }
}
