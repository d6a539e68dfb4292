import { Buffer } from 'node:buffer';

interface Recent {
  readonly seq: number;
  readonly stamp: Buffer;
  readonly time: number;
}

/** Brings the messages after `after` up to `to`, as far as there are any: the time at which each was stored. */
export type ReadTimes = (after: number, to: number, take: (seq: number, time: number) => void) => Promise<void>;

/** Length of the stamp that tells one message of a journal from any other: its writer, and its number (`cutRecord`). */
const stampLength = 40;

/** The last messages that a stream delivered, to tell later whether it still has them. */
export class RecentMessages {
  readonly #size: number;
  #recent: Recent[] = [];
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(seq: number, message: Uint8Array, time: number): void {
    this.#recent[this.#next] = { seq, stamp: stampOf(message), time };
    this.#next = (this.#next + 1) % this.#size;
  }

  clear(): void {
    this.#recent = [];
    this.#next = 0;
  }

  /**
   * The last one that the stream still has, 0 for none; undefined when it has the last of all, or nothing was
   * delivered. `get` brings a message, undefined when it was removed in the course of things.
   */
  async findLost(get: (seq: number) => Promise<Uint8Array | 'removed' | 'missing'>): Promise<number | undefined> {
    const recent = this.#recent.toSorted((a, b) => a.seq - b.seq);
    const has = async ({ seq, stamp }: Recent): Promise<boolean> => {
      const message = await get(seq);
      return message === 'removed' || (message !== 'missing' && stampOf(message).equals(stamp));
    };
    const last = recent.at(-1);
    if (!last || (await has(last))) return undefined;
    // A stream loses its end: what comes before one that it has it has too.
    let [low, high] = [0, recent.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (await has(recent[middle]!)) low = middle + 1;
      else high = middle;
    }
    return recent[low - 1]?.seq ?? 0;
  }

  /**
   * The first message in the place of which the stream has another one, whatever it has after that. A server of a cluster
   * that crashed may have some in its midst that the others never had, and lead the others later.
   */
  async findReplaced(read: ReadTimes): Promise<number | undefined> {
    if (this.#recent.length === 0) return undefined;
    const times = new Map(this.#recent.map(({ seq, time }) => [seq, time]));
    const seqs = [...times.keys()];
    let replaced = Infinity;
    await read(Math.min(...seqs) - 1, Math.max(...seqs), (seq, time) => {
      if ((times.get(seq) ?? time) !== time) replaced = Math.min(replaced, seq);
    });
    return replaced === Infinity ? undefined : replaced;
  }
}

function stampOf(message: Uint8Array): Buffer {
  return Buffer.from(message.subarray(0, stampLength));
}
