import type { MakeId } from './ports.js';

/** Channels that share what is known of those forgotten: more cost memory, fewer have channels reset that nobody wrote to. */
const buckets = 1 << 17;

/**
 * What is left of channels that were forgotten: the epoch that each of them begins in when it is written to again. A position
 * from before is of another epoch then, and never taken for one that can be continued (G3). Bounded, whatever is forgotten: a
 * channel may share its epoch with others, which then begin in that one, too.
 */
export class ForgottenChannels {
  readonly #makeId: MakeId;
  readonly #epochs = new Map<number, string>();

  constructor(makeId: MakeId) {
    this.#makeId = makeId;
  }

  add(channel: string): void {
    this.#epochs.set(bucketOf(channel), this.#makeId());
  }

  /** Undefined: it was never forgotten. */
  epochOf(channel: string): string | undefined {
    return this.#epochs.size === 0 ? undefined : this.#epochs.get(bucketOf(channel));
  }
}

/** FNV-1a. */
function bucketOf(channel: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < channel.length; i++) hash = Math.imul(hash ^ channel.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 17)) & (buckets - 1);
}
