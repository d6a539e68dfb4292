import { appendFileSync, closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

/** A file of records, of which each is there or not, whatever the process dies of: a length in four bytes, and a value. */
export class Journal<Entry> {
  readonly #file: string;
  #fd: number;
  #length = 0;

  /** Opens the file, which is made where there is none. */
  constructor(file: string) {
    this.#file = file;
    this.#fd = openSync(file, 'a', 0o600);
  }

  /** To be read before anything is appended. The last record is left out, and cut off, where only a part of it was written. */
  *read(): Iterable<Entry> {
    const bytes = readFileSync(this.#file);
    while (bytes.length >= this.#length + 4) {
      const [start, end] = [this.#length + 4, this.#length + 4 + bytes.readUInt32LE(this.#length)];
      if (end > bytes.length) break;
      yield deserialize(bytes.subarray(start, end)) as Entry;
      this.#length = end;
    }
    ftruncateSync(this.#fd, this.#length);
  }

  /** Returns when the entry is on the disk. Throws when it could not be written: then nothing of it is there. */
  append(entry: Entry): void {
    const record = recordOf(entry);
    try {
      appendFileSync(this.#fd, record, { flush: true });
    } catch (error) {
      ftruncateSync(this.#fd, this.#length);
      throw error;
    }
    this.#length += record.length;
  }

  /** Puts one entry in the place of all, in one step: nothing is left of the others. */
  replace(entry: Entry): void {
    const record = recordOf(entry);
    writeFileSync(`${this.#file}.next`, record, { mode: 0o600, flush: true });
    renameSync(`${this.#file}.next`, this.#file);
    closeSync(this.#fd);
    this.#fd = openSync(this.#file, 'a');
    this.#length = record.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function recordOf(entry: unknown): Buffer {
  const value = serialize(entry);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return Buffer.concat([length, value]);
}
