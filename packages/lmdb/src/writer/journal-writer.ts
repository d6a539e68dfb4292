import { Buffer } from 'node:buffer';
import { ByteReader, ByteWriter } from '../records/bytes.js';
import type { Databases } from '../records/databases.js';
import type { ClockRecord } from '../records/head.js';
import { commitOf, partKey } from '../records/keys.js';

/** So long the journal holds a commit at least, unless it is large: who watches reads it within 2 s. */
const keptMs = 10_000;
const maxJournalBytes = 32 * 1024 * 1024;
/**
 * A part fits into a page of LMDB, so that the journal leaves no holes of odd sizes. Larger operations have a part of
 * their own.
 */
const partBytes = 1900;
/** Time between two looks for what is too old, unless the journal is too large. */
const trimEveryMs = 250;
/** Parts that are removed at most then, besides as many as the commit adds. */
const removedAtOnce = 1000;

/**
 * The operations stored lately, commit by commit, in one order for all processes: watchers read it from their places. A
 * part is when it was written, and for each operation channel, offset and record.
 */
export class JournalWriter {
  readonly #dbs: Databases;
  readonly #clock: ClockRecord;
  readonly #now: number;
  readonly #part: ByteWriter;
  readonly #commit: number;
  readonly #redacted = new Map<string, Uint8Array>();
  #parts = 0;
  #isEmpty = true;

  /** `part` is a buffer that nobody else uses meanwhile. */
  constructor(dbs: Databases, clock: ClockRecord, now: number, part: ByteWriter) {
    this.#part = part;
    this.#dbs = dbs;
    this.#clock = clock;
    this.#now = now;
    this.#commit = clock.commit + 1;
  }

  add(channel: string, offset: number, record: Uint8Array): void {
    if (!this.#isEmpty && this.#part.length + record.length + channel.length + 20 > partBytes) this.#write();
    if (this.#isEmpty) this.#part.reset().uint(Math.max(0, this.#now));
    this.#isEmpty = false;
    this.#part.text(channel).uint(offset).bytes(record);
  }

  /** The operation has this record from now on, in what was written before as well. */
  redact(channel: string, offset: number, record: Uint8Array): void {
    this.#redacted.set(`${offset} ${channel}`, Buffer.from(record));
  }

  /** The number of this commit, undefined when it announces nothing. */
  flush(): number | undefined {
    if (!this.#isEmpty) this.#write();
    if (this.#redacted.size > 0) this.#replaceRedacted();
    if (this.#isTimeToTrim()) this.#trim();
    if (this.#parts === 0) return undefined;
    this.#clock.commit = this.#commit;
    return this.#commit;
  }

  #write(): void {
    const value = this.#part.view();
    this.#dbs.journal.putSync(partKey(this.#commit, this.#parts++), value);
    this.#clock.journalBytes += value.length;
    this.#isEmpty = true;
  }

  /** Once a commit, however many were redacted: it looks through all of the journal. */
  #replaceRedacted(): void {
    const changed: (readonly [key: Buffer, part: Buffer])[] = [];
    for (const { key, value } of this.#dbs.journal.getRange({})) {
      const part = this.#withoutRedacted(value);
      if (!part) continue;
      changed.push([Buffer.from(key), part]);
      this.#clock.journalBytes += part.length - value.length;
    }
    for (const [key, part] of changed) this.#dbs.journal.putSync(key, part);
  }

  /** Undefined: it has none of them. */
  #withoutRedacted(value: Buffer): Buffer | undefined {
    const reader = new ByteReader(value);
    const part = new ByteWriter(value.length).uint(reader.uint());
    let isChanged = false;
    while (reader.at < reader.end) {
      const channel = reader.text();
      const offset = reader.uint();
      const record = reader.bytes();
      const redacted = this.#redacted.get(`${offset} ${channel}`);
      part
        .text(channel)
        .uint(offset)
        .bytes(redacted ?? record);
      isChanged ||= redacted !== undefined;
    }
    return isChanged ? part.copy() : undefined;
  }

  #isTimeToTrim(): boolean {
    const { journalBytes, trimmedAt } = this.#clock;
    // The clock begins anew with the machine.
    return journalBytes > maxJournalBytes || trimmedAt === undefined || Math.abs(this.#now - trimmedAt) >= trimEveryMs;
  }

  #trim(): void {
    this.#clock.trimmedAt = this.#now;
    const limit = removedAtOnce + this.#parts;
    const removed: Buffer[] = [];
    let { journalBytes } = this.#clock;
    // Lazily: most commits find that even the oldest part is young.
    for (const { key, value } of this.#dbs.journal.getRange({
      start: partKey(0, 0),
      end: partKey(this.#commit, 0),
      limit,
    })) {
      if (journalBytes <= maxJournalBytes && timeOf(value) >= this.#now - keptMs) break;
      journalBytes -= value.length;
      removed.push(key);
    }
    for (const key of removed) {
      this.#dbs.journal.removeSync(key);
      this.#clock.journalFloor = commitOf(key);
    }
    this.#clock.journalBytes = journalBytes;
  }
}

function timeOf(part: Uint8Array): number {
  let time = 0;
  let factor = 1;
  for (const byte of part) {
    time += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
    factor *= 0x80;
  }
  return time;
}
