import type { Published } from './forgotten-channels.js';

/** The contents of a channel in memory. */
export interface Kept {
  /** Nothing is lost when it is forgotten, but that the channel was once written to. */
  isEmptyAt(now: number): boolean;
  /** Bytes that it takes, roughly. */
  readonly heldBytes: number;
  /** Bytes that it can release. */
  readonly spareBytes: number;
  /** Lets go of the older half of that. */
  halve(): void;
  /** It is let go of for nothing else. */
  readonly isWhole?: boolean;
  /** Publishers of the channel. */
  published(): Iterable<Published>;
}

export interface Held<T extends Kept> {
  readonly kept: T;
  /** That the channel began in. */
  readonly epoch: string;
  usedAt: number;
}

/** Looked at for one that needs room: few, since whoever cannot be given any must not cost much. */
const looks = 64;
/** Milliseconds without a use after which a log that nobody watches may be forgotten for another. */
const unusedMs = 60_000;
/** The same for one that is empty, where there is room. */
const forgetMs = 3_600_000;
/** Channels that one sweep looks at, so that it holds nobody up. */
const sweepSize = 1000;

/** The channels of one kind, in a line: whatever is looked at goes to its end, so that none is left out. */
export class MemoryChannels<T extends Kept> {
  readonly #held = new Map<string, Held<T>>();
  /** Their owners can do without them. */
  readonly #expendable: boolean;
  readonly #isWatched: (channel: string) => boolean;
  readonly #onForgotten: (channel: string, kept: T) => void;

  constructor(
    expendable: boolean,
    isWatched: (channel: string) => boolean,
    onForgotten: (channel: string, kept: T) => void,
  ) {
    this.#expendable = expendable;
    this.#isWatched = isWatched;
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#held.size;
  }

  get(channel: string): Held<T> | undefined {
    return this.#held.get(channel);
  }

  add(channel: string, held: Held<T>): void {
    this.#held.set(channel, held);
  }

  entries(): Iterable<[string, Held<T>]> {
    return this.#held;
  }

  /**
   * Forgets one for another: an empty one, or else a log that was not used for a while. False: there is none at hand.
   */
  makePlace(now: number): boolean {
    let unused: string | undefined;
    for (const [channel, held] of this.#next(looks)) {
      if (this.#isWatched(channel)) continue;
      if (held.kept.isEmptyAt(now)) return this.#forget(channel, held);
      if (this.#expendable && !held.kept.isWhole && now - held.usedAt >= unusedMs) unused ??= channel;
    }
    return unused !== undefined && this.#forget(unused, this.#held.get(unused)!);
  }

  /** Returns the channel at hand that can release most. */
  largest(): T | undefined {
    let largest: T | undefined;
    for (const [, { kept }] of this.#next(looks)) {
      if (kept.spareBytes > (largest?.spareBytes ?? 0)) largest = kept;
    }
    return largest;
  }

  /** Called every second: forgets what is empty, and was not used for a while. */
  sweep(now: number): void {
    for (const [channel, held] of this.#next(sweepSize)) {
      if (held.kept.isEmptyAt(now) && now - held.usedAt >= forgetMs && !this.#isWatched(channel))
        this.#forget(channel, held);
    }
  }

  clear(): void {
    this.#held.clear();
  }

  *#next(count: number): Iterable<[string, Held<T>]> {
    for (let left = Math.min(count, this.#held.size); left > 0; left--) {
      const next = this.#held.entries().next().value!;
      this.#held.delete(next[0]);
      this.#held.set(...next);
      yield next;
    }
  }

  #forget(channel: string, held: Held<T>): true {
    this.#held.delete(channel);
    this.#onForgotten(channel, held.kept);
    return true;
  }
}
