import type { Wire } from '../base/ports.js';

interface Entry {
  readonly feed: object;
  readonly wire: Wire;
  readonly before: number;
  readonly after: number;
  readonly epoch: string;
  readonly chunk: Uint8Array;
}

/** The last chunks encoded for readers that catch up. Lives for the flushes of one recovery: the hub clears it. */
export class ChunkCache {
  readonly #entries: Entry[] = [];
  #next = 0;

  get(
    feed: { readonly epoch: string },
    wire: Wire,
    before: number,
    after: number,
    encode: () => Uint8Array,
  ): Uint8Array {
    for (const entry of this.#entries) {
      if (
        entry.before === before &&
        entry.after === after &&
        entry.feed === feed &&
        entry.wire === wire &&
        entry.epoch === feed.epoch
      ) {
        return entry.chunk;
      }
    }
    const chunk = encode();
    this.#entries[this.#next] = { feed, wire, before, after, epoch: feed.epoch, chunk };
    this.#next = (this.#next + 1) % 32;
    return chunk;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#next = 0;
  }
}
