import type { CancelTimer, Clock } from './ports.js';
import { TokenBucket } from './token-bucket.js';

/** What a connection asked to be sent at most (VIEW-8): beyond it the link counts as full until the time has passed. */
export class Budget {
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  readonly #onRoom: () => void;
  #cancel: CancelTimer | undefined;

  constructor(bytesPerSecond: number, clock: Clock, onRoom: () => void) {
    this.#clock = clock;
    // A fifth of a second at a time: what waits is merged meanwhile.
    this.#bucket = new TokenBucket({ perSecond: bytesPerSecond, burst: bytesPerSecond / 5 }, clock.now());
    this.#onRoom = onRoom;
  }

  get spent(): boolean {
    return this.#cancel !== undefined;
  }

  spend(bytes: number): void {
    const waitMs = this.#bucket.take(bytes, this.#clock.now());
    if (waitMs === 0 || this.#cancel) return;
    this.#cancel = this.#clock.setTimer(() => {
      this.#cancel = undefined;
      this.#onRoom();
    }, waitMs);
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
