import { continueEpoch } from '@longwave/protocol';
import type { Appended, Bounds, Keep, NewOperation, ReadQuery, Store, StoredPage, Watcher } from '../base/ports.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import { MemoryStore } from '../store/memory-store.js';

/** A store of one channel that can lose the end of it, and then goes on in an epoch that says so. */
export class FailoverStore implements Store {
  readonly durability = 'replicated';
  readonly announcements = 'reliable';
  readonly #keep: Keep;
  #inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'unused' });
  #watchers = new Set<Watcher>();
  #appended: NewOperation[] = [];
  #failovers = 0;
  #answers: (() => void)[] = [];
  /** When asked for pages; or as it was then but told at `answer`, `stale`; or as it is by then, `late`. */
  answers: 'at once' | 'stale' | 'late' = 'at once';
  epoch = 'first';

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  append(channel: string, operation: NewOperation, keep = this.#keep): Appended {
    const { offset, duplicate } = this.#inner.append(channel, operation, keep);
    if (!duplicate) {
      this.#appended.push(operation);
      const [op] = this.#inner.read(channel, { after: offset - 1, limit: 1 }).ops;
      for (const watcher of this.#watchers) watcher.announce(this.epoch, op!);
    }
    return { epoch: this.epoch, offset, duplicate };
  }

  /** Keeps the first `kept` operations. Watchers hear of it by the next announcement, or by `tell`. */
  failOver(channel: string, kept: number): void {
    this.#inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'unused' });
    this.#appended = this.#appended.slice(0, kept);
    for (const operation of this.#appended) this.#inner.append(channel, operation, this.#keep);
    this.epoch = continueEpoch(this.epoch, this.#appended.length, `f${++this.#failovers}`);
  }

  /** Nobody hears of what is appended meanwhile. */
  missed(work: () => void): void {
    const watchers = this.#watchers;
    this.#watchers = new Set();
    work();
    this.#watchers = watchers;
  }

  tell(channel: string): void {
    for (const watcher of this.#watchers) watcher.learn(this.bounds(channel));
  }

  read(channel: string, query: ReadQuery): MaybePromise<StoredPage> {
    const page = this.pageOf(channel, query);
    if (this.answers === 'at once') return page;
    const isLate = this.answers === 'late';
    return new Promise((resolve) => this.#answers.push(() => resolve(isLate ? this.pageOf(channel, query) : page)));
  }

  pageOf(channel: string, query: ReadQuery): StoredPage {
    return { ...this.#inner.read(channel, query), epoch: this.epoch };
  }

  /** Answers what was asked so far. */
  async answer(): Promise<void> {
    for (const answer of this.#answers.splice(0)) answer();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  bounds(channel: string): Bounds {
    return { ...this.#inner.bounds(channel), epoch: this.epoch };
  }

  watch(_channel: string, watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  expire(): void {}

  close(): void {}
}
