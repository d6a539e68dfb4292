import { concat } from '../updates/byte-writer.js';
import { type Parts, inTurns } from '../updates/turns.js';
import type { Form, Frame } from '../wire/frame.js';

/** A socket, or a part of one, that has the document open. */
export interface Reader {
  readonly form: Form;
  /** False while the socket takes no more: what it misses meanwhile it is brought when it drains. */
  readonly writable: boolean;
  /** Number of the last update that it was sent. */
  cursor: number;
  /** `new`: it is not told of anybody yet. `stale`: it missed something. */
  awareness: 'new' | 'current' | 'stale';
  write(parts: Frame): void;
}

/** An update as readers are sent it. */
export interface Numbered {
  /** Counted on this node. */
  readonly number: number;
  readonly update: Uint8Array;
}

/** The updates of a document. */
export interface Updates {
  /** Number of the last one. */
  readonly number: number;
  after(number: number): readonly Numbered[];
}

/** Readers whose frames are the same. */
interface Group {
  readonly form: Form;
  readonly readers: Set<Reader>;
}

/** Bytes written to a reader that lags, before it is asked again whether it takes more. */
export const batchBytes = 64 * 1024;
/** Bytes written to all readers in one turn of the event loop: half a millisecond, for the system copies them. */
const turnBytes = 1024 * 1024;

/** Those who have a document open. There is no queue for any of them: each has a number, and is brought what is after it. */
export class Readers {
  readonly #updates: Updates;
  readonly #groups = new Map<string, Group>();
  /** Somebody may lack something. */
  #isDue = false;
  #isDelivering = false;

  constructor(updates: Updates) {
    this.#updates = updates;
  }

  add(reader: Reader): void {
    const { form } = reader;
    const group = this.#groups.get(form.key) ?? { form, readers: new Set() };
    group.readers.add(reader);
    this.#groups.set(form.key, group);
  }

  has(reader: Reader): boolean {
    return this.#groups.get(reader.form.key)?.readers.has(reader) === true;
  }

  remove(reader: Reader): void {
    const group = this.#groups.get(reader.form.key);
    if (!group?.readers.delete(reader) || group.readers.size > 0) return;
    this.#groups.delete(reader.form.key);
  }

  /** Calls `work` for each of them, with a frame that those share whose frames are the same. */
  each(makeFrame: (form: Form) => Frame, work: (reader: Reader, frame: Frame) => void): void {
    for (const { form, readers } of this.#groups.values()) {
      const frame = makeFrame(form);
      for (const reader of readers) work(reader, frame);
    }
  }

  /** Writes what is new to all of them, after all that comes by the log at once. */
  deliverSoon(): void {
    this.#isDue = true;
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    queueMicrotask(() => void this.#deliver());
  }

  /** Brings a reader as far as its socket takes it. Returns how many bytes were written. */
  bringUp(reader: Reader): number {
    let bytes = 0;
    for (const { number, update } of this.#updates.after(reader.cursor)) {
      if (!reader.writable) break;
      reader.cursor = number;
      reader.write(reader.form.update(update));
      bytes += update.length;
    }
    return bytes;
  }

  async #deliver(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      await inTurns(this.#deliverParts());
    }
    this.#isDelivering = false;
  }

  /** Encoded once for those of a group that stand at one number. Where it is much, those who are left have the next turn. */
  *#deliverParts(): Parts<void> {
    let room = turnBytes;
    for (const { form, readers } of this.#groups.values()) {
      let chunks = new Map<number, Frame>();
      for (const reader of readers) {
        if (room <= 0) {
          yield;
          room = turnBytes;
          chunks = new Map();
        }
        const { number } = this.#updates;
        if (!reader.writable || reader.cursor >= number) continue;
        const chunk = chunks.get(reader.cursor) ?? this.#chunkAfter(reader.cursor, form);
        if (!chunk) {
          room -= this.bringUp(reader);
          continue;
        }
        chunks.set(reader.cursor, chunk);
        reader.cursor = number;
        reader.write(chunk);
        room -= chunk[0]!.length;
      }
    }
  }

  /** Undefined: it is too much to be written without a look at the socket. */
  #chunkAfter(number: number, form: Form): readonly [Uint8Array] | undefined {
    const news = this.#updates.after(number);
    return bytesOf(news) > batchBytes ? undefined : [concat(news.flatMap(({ update }) => form.update(update)))];
  }
}

export function bytesOf(updates: readonly Numbered[]): number {
  return updates.reduce((bytes, { update }) => bytes + update.length, 0);
}
