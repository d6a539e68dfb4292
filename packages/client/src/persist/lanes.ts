import { hostClock } from '../defaults/clock.js';
import { createRandomId } from '../defaults/identity.js';
import type { OutboxLocks } from './outbox-storage.js';

/** A lane of a page that is about to go is free within this time. One that stays longer belongs to a page that lives. */
const settleMs = 500;

/**
 * Decides which page sends which publishes. The publishes of each page are a lane, and a page holds the lock of its own lane for as
 * long as it lives. A page that gets the lock of another lane knows that its page is gone, and is the only one that does.
 */
export class Lanes {
  readonly own = createRandomId();
  /** Resolves when the lock of the own lane is held. */
  readonly held: Promise<void>;
  readonly #locks: OutboxLocks;
  readonly #prefix: string;
  readonly #waiting = new AbortController();
  /** Work in lanes that were taken over. */
  readonly #work = new Set<Promise<unknown>>();
  #letGo: () => void = () => undefined;

  constructor(locks: OutboxLocks, name: string) {
    this.#locks = locks;
    this.#prefix = `longwave-outbox:${name}:`;
    const over = new Promise<void>((resolve) => {
      this.#letGo = resolve;
    });
    this.held = new Promise((resolve, reject) => {
      this.#locks
        .request(this.#prefix + this.own, {}, () => {
          resolve();
          return over;
        })
        .catch(reject);
    });
    this.held.catch(() => undefined);
  }

  /**
   * Has each lane that `find` names taken over by `take` when its page is gone, at any time until `close`. Resolves when `take` has
   * resolved for each lane that is free within `settleMs`.
   */
  async open(
    find: () => Promise<readonly string[]>,
    take: (lane: string) => Promise<{ done: Promise<unknown> }>,
  ): Promise<void> {
    const lanes = new Set(await find());
    lanes.delete(this.own);
    await Promise.all([...lanes].map((lane) => this.#takeOver(lane, take)));
  }

  /** The own lane is not let go before `work` is done. */
  during<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const end = (): void => void this.#work.delete(work);
    work.then(end, end);
    return work;
  }

  /** Waits for no lane any more, and lets go of the own one when the work in the others is done. */
  async close(): Promise<void> {
    this.#waiting.abort();
    await Promise.allSettled(this.#work);
    this.#letGo();
  }

  #takeOver(lane: string, take: (lane: string) => Promise<{ done: Promise<unknown> }>): Promise<void> {
    const { signal } = this.#waiting;
    return new Promise((resolve) => {
      const timer = hostClock.setTimer(resolve, settleMs);
      const hold = async (): Promise<void> => {
        timer.cancel();
        const { done } = await take(lane);
        resolve();
        await this.during(done);
      };
      // Aborted by `close`, or refused by the host: then another page takes it.
      this.#locks.request(this.#prefix + lane, { signal }, hold).catch(() => resolve());
    });
  }
}
