import { Buffer } from 'node:buffer';
import type { Producer } from '@longwave/core';
import { ByteReader, ByteWriter } from './bytes.js';
import type { Databases } from './databases.js';
import type { Head } from './head.js';
import { countedKey, endOfChannel, namedKey } from './keys.js';

/** Publishes of one producer that are remembered. */
const windowSize = 512;

/** The last publishes of one producer, oldest first. */
interface Window {
  readonly producer: string;
  readonly channel: number;
  readonly seqs: number[];
  readonly offsets: number[];
  /** Highest sequence that fell out: at or below it nothing can be told. */
  floor: number;
  /** Highest sequence stored. */
  top: number;
  /** The count of its last use. */
  use: number;
}

/** The windows of all producers of all channels, as one transaction sees them (PUB-2). */
export class ProducerWindows {
  readonly #dbs: Databases;
  readonly #maxProducers: number;
  readonly #loaded = new Map<string, Window | undefined>();
  readonly #dirty = new Set<Window>();
  readonly #writer = new ByteWriter(4096);

  constructor(dbs: Databases, maxProducers: number) {
    this.#dbs = dbs;
    this.#maxProducers = maxProducers;
  }

  /** The offset it was stored at, `'new'`, or `'unknown'` when it can no longer be told (PUB-4). */
  find(head: Head, { id, seq }: Producer, retry: boolean): number | 'new' | 'unknown' {
    const window = this.#load(head.number, id);
    if (window && seq <= window.floor) return 'unknown';
    const at = window ? window.seqs.lastIndexOf(seq) : -1;
    if (at >= 0) return window!.offsets[at]!;
    // Also above all that the window holds: it may have been opened by a first sending that was long under way.
    return retry && seq <= head.forgottenSeq ? 'unknown' : 'new';
  }

  /** PUB-7: the publish that has to come before this one is not there. One below the floor will never be stored any more (PUB-8). */
  overtakes(head: Head, { id, after = 0 }: Producer): boolean {
    if (after === 0) return false;
    const window = this.#load(head.number, id);
    return !window || (after > window.floor && (after > window.top || window.seqs.lastIndexOf(after) < 0));
  }

  record(head: Head, { id, seq }: Producer, offset: number): void {
    const found = this.#load(head.number, id);
    const window = found ?? this.#create(head, id, seq);
    this.#use(head, window);
    window.seqs.push(seq);
    window.offsets.push(offset);
    window.top = Math.max(window.top, seq);
    if (window.seqs.length > windowSize) {
      window.floor = Math.max(window.floor, window.seqs.shift()!);
      window.offsets.shift();
    }
    this.#dirty.add(window);
    if (head.producers > this.#maxProducers) this.#forgetOldest(head);
  }

  flush(): void {
    for (const window of this.#dirty) {
      this.#dbs.producers.putSync(namedKey(window.channel, window.producer), this.#encode(window));
    }
    this.#dirty.clear();
  }

  #create(head: Head, producer: string, seq: number): Window {
    head.producers++;
    // What a producer that may have been forgotten published before can no longer be told.
    const floor = Math.min(seq - 1, head.forgottenSeq);
    const window = { producer, channel: head.number, seqs: [], offsets: [], floor, top: 0, use: 0 };
    this.#loaded.set(nameOf(head.number, producer), window);
    return window;
  }

  /** Moves it to the end of those that are remembered. */
  #use(head: Head, window: Window): void {
    if (window.use > 0) {
      if (window.use === head.uses) return;
      this.#dbs.uses.removeSync(countedKey(head.number, window.use));
    }
    window.use = ++head.uses;
    this.#dbs.uses.putSync(countedKey(head.number, window.use), Buffer.from(window.producer));
  }

  #forgetOldest(head: Head): void {
    const range = { start: countedKey(head.number, 0), end: endOfChannel(head.number), limit: 1 };
    for (const { key, value } of [...this.#dbs.uses.getRange(range)]) {
      const producer = value.toString('utf8');
      const window = this.#load(head.number, producer);
      this.#dbs.uses.removeSync(key);
      head.producers--;
      if (!window) continue;
      for (const seq of window.seqs) head.forgottenSeq = Math.max(head.forgottenSeq, seq);
      head.forgottenSeq = Math.max(head.forgottenSeq, window.floor);
      this.#dirty.delete(window);
      this.#loaded.set(nameOf(head.number, producer), undefined);
      this.#dbs.producers.removeSync(namedKey(head.number, producer));
    }
  }

  #load(channel: number, producer: string): Window | undefined {
    const name = nameOf(channel, producer);
    if (this.#loaded.has(name)) return this.#loaded.get(name);
    const record = this.#dbs.producers.get(namedKey(channel, producer));
    const window = record && decode(record, channel, producer);
    this.#loaded.set(name, window);
    return window;
  }

  /** Differences, as most are small: 512 publishes in a row take about 1 KiB. */
  #encode({ use, floor, top, seqs, offsets }: Window): Buffer {
    const writer = this.#writer.reset().uint(use).uint(floor).uint(top);
    let seq = 0;
    let offset = 0;
    for (let i = 0; i < seqs.length; i++) {
      writer.int(seqs[i]! - seq).int(offsets[i]! - offset);
      seq = seqs[i]!;
      offset = offsets[i]!;
    }
    return writer.view();
  }
}

function decode(record: Buffer, channel: number, producer: string): Window {
  const reader = new ByteReader(record);
  const [use, floor, top] = [reader.uint(), reader.uint(), reader.uint()];
  const seqs: number[] = [];
  const offsets: number[] = [];
  let seq = 0;
  let offset = 0;
  while (reader.at < reader.end) {
    seqs.push((seq += reader.int()));
    offsets.push((offset += reader.int()));
  }
  return { producer, channel, seqs, offsets, floor, top, use };
}

function nameOf(channel: number, producer: string): string {
  return `${channel}:${producer}`;
}
