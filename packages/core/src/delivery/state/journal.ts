import type { Operation } from '@longwave/protocol';
import { bytesOf } from '../tail.js';

/** A change of a state. */
export interface Change {
  readonly op: Operation;
  /** The operation before it on the same entry, if that is known. */
  readonly before: Operation | undefined;
  /** Where the entry was then. */
  readonly place: number;
}

/** The last changes of a state with what they took the place of, as far back as the tail goes. */
export class Journal {
  #changes: Change[] = [];
  #start = 0;
  #bytes = 0;
  readonly #maxBytes: number;
  readonly #first: number;

  /** `top`: the state's when it begins. */
  constructor(top: number, maxBytes: number) {
    this.#first = top;
    this.#maxBytes = maxBytes;
  }

  get top(): number {
    return this.#changes.at(-1)?.op.offset ?? this.#first;
  }

  /** Whether it has all changes after an offset. */
  reaches(offset: number): boolean {
    return offset >= this.top - (this.#changes.length - this.#start);
  }

  /** Counts the changes after an offset that it reaches. */
  behind(offset: number): number {
    return Math.max(0, this.top - offset);
  }

  push(change: Change): void {
    this.#changes.push(change);
    this.#bytes += bytesOf(change.op);
    while (this.#bytes > this.#maxBytes && this.#changes.length - this.#start > 1) {
      this.#bytes -= bytesOf(this.#changes[this.#start]!.op);
      this.#start++;
    }
    if (this.#start > 64 && this.#start * 2 > this.#changes.length) {
      this.#changes = this.#changes.slice(this.#start);
      this.#start = 0;
    }
  }

  /** Yields the changes after an offset that it reaches, in order. */
  *after(offset: number): Iterable<Change> {
    for (let i = this.#changes.length - this.behind(offset); i < this.#changes.length; i++) yield this.#changes[i]!;
  }
}
