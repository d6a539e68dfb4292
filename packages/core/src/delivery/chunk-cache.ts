import type { Payload } from '@longwave/protocol';
import type { Chunk, Wire } from '../base/ports.js';

/** The operations of a chunk. */
interface Span {
  readonly before: number;
  readonly after: number;
  /** Given for a document: another may have taken the place of the first one, at its offset (DOC-1). */
  readonly first?: Payload | undefined;
}

interface Entry extends Span {
  readonly feed: object;
  readonly wire: Wire;
  readonly epoch: string;
  readonly chunk: Chunk;
}

/** The last chunks encoded for readers that catch up. Lives for the flushes of one recovery: the hub clears it. */
export class ChunkCache {
  readonly #entries: Entry[] = [];
  #next = 0;

  get(feed: { readonly epoch: string }, wire: Wire, span: Span, encode: () => Chunk): Chunk {
    for (const entry of this.#entries) {
      if (
        entry.before === span.before &&
        entry.after === span.after &&
        entry.feed === feed &&
        entry.wire === wire &&
        entry.epoch === feed.epoch &&
        entry.first === span.first
      ) {
        return entry.chunk;
      }
    }
    const chunk = encode();
    this.#entries[this.#next] = { feed, wire, ...span, epoch: feed.epoch, chunk };
    this.#next = (this.#next + 1) % 32;
    return chunk;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#next = 0;
  }
}
