import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { deserialize, serialize } from 'node:v8';

/** A file of records, of which each is there or not, whatever the process dies of. A record is a length in four bytes and its value. */
export class Journal<Entry> {
  readonly #file: string;
  #fd: number;
  #length = 0;

  private constructor(file: string) {
    this.#file = file;
    this.#fd = openSync(file, existsSync(file) ? 'r+' : 'w+', 0o600);
  }

  /** Opens the file, which is made where there is none. The last record is left out, and cut off, where only a part of it was written. */
  static open<Entry>(file: string): { readonly journal: Journal<Entry>; readonly entries: Entry[] } {
    const journal = new Journal<Entry>(file);
    const bytes = readFileSync(file);
    const entries: Entry[] = [];
    while (journal.#length + 4 <= bytes.length) {
      const end = journal.#length + 4 + bytes.readUInt32LE(journal.#length);
      if (end > bytes.length) break;
      entries.push(deserialize(bytes.subarray(journal.#length + 4, end)) as Entry);
      journal.#length = end;
    }
    ftruncateSync(journal.#fd, journal.#length);
    return { journal, entries };
  }

  /** Returns when the entry is on the disk. Throws when it could not be written: then nothing of it is there. */
  append(entry: Entry): void {
    const record = recordOf(entry);
    try {
      let written = 0;
      while (written < record.length) {
        written += writeSync(this.#fd, record, written, record.length - written, this.#length + written);
      }
      fdatasyncSync(this.#fd);
    } catch (error) {
      ftruncateSync(this.#fd, this.#length);
      throw error;
    }
    this.#length += record.length;
  }

  /** Puts one entry in the place of all, in one step: nothing is left of the others. */
  replace(entry: Entry): void {
    const [next, record] = [`${this.#file}.next`, recordOf(entry)];
    const fd = openSync(next, 'w+', 0o600);
    for (let written = 0; written < record.length;) written += writeSync(fd, record, written);
    fdatasyncSync(fd);
    renameSync(next, this.#file);
    closeSync(this.#fd);
    this.#fd = fd;
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
