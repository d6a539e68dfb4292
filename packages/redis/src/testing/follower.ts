import { type Operation, breakOf } from '@longwave/protocol';
import type { Bounds, Store } from '@longwave/core';
import { retrying } from './retrying.js';

/** A lost announcement is noticed within 2 s (G5), as `npm run chaos` measures it; here a busy machine is no failure. */
const detectionMs = 20_000;

/** Follows a log as a node does: by announcements, and by reading where one is missing. */
export class Follower {
  readonly ops: Operation[] = [];
  epoch = '';
  /** Bounds that were told by `learn`. */
  readonly learned: Bounds[] = [];
  /** The epoch of each announcement. */
  readonly announced: string[] = [];
  readonly #store: Store;
  readonly #channel: string;
  readonly #changes: (() => void)[] = [];
  #heardOf = 0;
  #isReading = false;
  #stop: (() => void) | undefined;

  private constructor(store: Store, channel: string) {
    this.#store = store;
    this.#channel = channel;
  }

  static async of(store: Store, channel: string): Promise<Follower> {
    const follower = new Follower(store, channel);
    follower.#stop = await retrying(() =>
      store.watch(channel, {
        announce: (epoch, op) => follower.#announce(epoch, op),
        learn: (bounds) => follower.#learn(bounds),
      }),
    );
    const { epoch } = await retrying(() => store.bounds(channel));
    follower.epoch ||= epoch;
    return follower;
  }

  get top(): number {
    return this.ops.at(-1)?.offset ?? 0;
  }

  stop(): void {
    this.#stop?.();
  }

  /** Resolves when it is so, by what was announced and learned; rejects when that takes longer than it may. */
  async until(isSo: () => boolean): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`Not noticed within ${detectionMs} ms; top is ${this.top}.`)),
        detectionMs,
      );
    });
    try {
      while (!isSo()) await Promise.race([new Promise<void>((resolve) => this.#changes.push(resolve)), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #announce(epoch: string, op: Operation): void {
    this.announced.push(`${epoch} ${op.offset}`);
    if (epoch === this.epoch && op.offset === this.top + 1) {
      this.ops.push(op);
      this.#changed();
    } else this.#learn({ epoch, floor: 0, top: op.offset }, false);
  }

  #learn(bounds: Bounds, told = true): void {
    if (told) this.learned.push(bounds);
    if (bounds.epoch !== this.epoch) {
      const shared = this.ops.filter(({ offset }) => !breakOf({ epoch: this.epoch, offset }, { epoch: bounds.epoch }));
      this.ops.splice(0, this.ops.length, ...shared);
      this.epoch = bounds.epoch;
      this.#heardOf = 0;
    }
    this.#heardOf = Math.max(this.#heardOf, bounds.top);
    this.#changed();
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.top < this.#heardOf) {
        const { ops } = await this.#store.read(this.#channel, { after: this.top, limit: 100 });
        for (const op of ops) if (op.offset === this.top + 1) this.ops.push(op);
        this.#changed();
        if (ops.length === 0) break;
      }
    } catch {
      // As a node does: again with what is heard of next.
      setTimeout(() => void this.#catchUp(), 100);
    } finally {
      this.#isReading = false;
    }
  }

  #changed(): void {
    for (const changed of this.#changes.splice(0)) changed();
  }
}
