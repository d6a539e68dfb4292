import { Pieces } from './pieces.js';
import type { Piece } from './record.js';

/** A compaction whose last piece has not come: writer, number of the last piece, and what has come. */
export type CompactingSnapshot = readonly [writer: string, number: number, piece: Uint8Array];

/**
 * The compaction that comes in pieces. There is one at a time: one that begins takes the place of another, which has no effect
 * then. So the pieces of a node that went away in the midst of one are dropped with the next.
 */
export class Compacting {
  #writer: string;
  #pieces: Pieces;

  constructor([writer, number, piece]: CompactingSnapshot = ['', 0, new Uint8Array()]) {
    this.#writer = writer;
    this.#pieces = new Pieces(number, piece);
  }

  snapshot(): CompactingSnapshot {
    return [this.#writer, this.#pieces.number, this.#pieces.joined];
  }

  /** Returns the record that the piece completes. */
  take(piece: Piece): Uint8Array | undefined {
    if (piece.writer !== this.#writer) {
      if (!piece.isFirst) return undefined;
      this.#writer = piece.writer;
      this.#pieces = new Pieces();
    }
    return this.#pieces.take(piece);
  }
}
