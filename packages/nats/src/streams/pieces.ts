import { Buffer } from 'node:buffer';
import type { Piece } from './record.js';

/** A record in pieces may be as large as the state of a channel. */
const maxRecordBytes = 64 * 1024 * 1024;

/** The pieces of one writer's records, one after the other. */
export class Pieces {
  #number: number;
  /** Pieces of a record whose last piece has not come. */
  #pieces: Uint8Array[];

  constructor(number = 0, piece: Uint8Array = new Uint8Array()) {
    this.#number = number;
    this.#pieces = piece.length > 0 ? [piece] : [];
  }

  /** The number of the last piece. */
  get number(): number {
    return this.#number;
  }

  /** The record, as far as it has come. */
  get joined(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  /** Returns the record that the piece completes. One that is a copy, or follows none, has no effect. */
  take({ number, isFirst, isLast, body }: Piece): Uint8Array | undefined {
    if (number <= this.#number) return undefined;
    const follows = !isFirst && this.#pieces.length > 0 && number === this.#number + 1;
    this.#number = number;
    if (!follows) this.#pieces = [];
    if (!follows && !isFirst) return undefined;
    this.#pieces.push(body);
    const length = this.#pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length > maxRecordBytes) this.#pieces = [];
    if (!isLast || this.#pieces.length === 0) return undefined;
    const record = this.#pieces.length === 1 ? body : this.joined;
    this.#pieces = [];
    return record;
  }
}
