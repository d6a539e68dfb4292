import type { Producer } from '../base/ports.js';

/** Publishes of one producer that are remembered (PUB-8). */
const windowSize = 512;
/** Producers of one user that are remembered, but for small stores (PUB-11). */
export const producersOfOneUser = 64;
/** So that one append does not pay for a bound that was lowered. */
const forgottenAtOnce = 2;

/** The last publishes of one producer, oldest first. */
export interface ProducerWindow {
  /** Undefined: an anonymous client. */
  readonly user: string | undefined;
  /** Unique among those of the user. */
  readonly id: string;
  readonly seqs: number[];
  readonly offsets: number[];
  /** Highest sequence that fell out: at or below it nothing can be told. */
  floor: number;
  /** Highest sequence stored. */
  top: number;
  /** Rises with each use, over all windows of the channel. */
  use: number;
}

/** The memory of a user in a channel: it exists as long as it has a window. */
export interface ProducerScope {
  readonly user: string;
  /** Number of its windows. */
  size: number;
  /** Highest sequence of its producers that were forgotten: above it nothing of the user was. */
  floor: number;
}

/** Numbers of a channel, which the decision changes. */
export interface WindowCounts {
  /** All windows. */
  producers: number;
  /** Highest sequence of the users that were forgotten as a whole. */
  forgottenSeq: number;
  /** Highest sequence of the anonymous clients that were forgotten. */
  anonymousFloor: number;
}

/** Where the windows of one channel are kept. */
export interface WindowTable<S extends ProducerScope = ProducerScope> {
  readonly counts: WindowCounts;
  window(user: string | undefined, id: string): ProducerWindow | undefined;
  scope(user: string): S | undefined;
  newScope(user: string, floor: number): S;
  add(window: ProducerWindow, scope: S | undefined): void;
  remove(window: ProducerWindow, scope: S | undefined): void;
  /**
   * It becomes the one that was used last, and is to be written with what changed in it. `growth`: it has so many
   * sequences more.
   */
  use(window: ProducerWindow, growth: number): void;
  /** The scope's floor or size changed: it becomes the last of its size. Without a window it is removed. */
  place(scope: S): void;
  /** The window whose use is the longest ago: of the anonymous ones, if there are any. */
  oldest(): ProducerWindow | undefined;
  /** The same among those of a user. */
  oldestOf(scope: S): ProducerWindow | undefined;
  /** The scope with the most windows, of several the one that has had so many for the longest time. */
  heaviest(): S | undefined;
}

/**
 * Decides which producers of a channel are remembered, and what can be told of each (PUB-2, PUB-4, PUB-7, PUB-8,
 * PUB-11). No user is forgotten for what another sends while it has fewer windows than some other: where all are taken,
 * anonymous clients give way, after these the user who has most. Forgetting a window of a user affects no other user,
 * until the user is forgotten as a whole.
 */
export class ProducerWindows<S extends ProducerScope = ProducerScope> {
  readonly #table: WindowTable<S>;
  readonly #maxProducers: number;
  readonly #share: number;

  constructor(table: WindowTable<S>, maxProducers: number) {
    this.#table = table;
    this.#maxProducers = maxProducers;
    this.#share = shareOf(maxProducers);
  }

  /** The offset it was stored at, `'new'`, or `'unknown'` when it can no longer be told. */
  find(user: string | undefined, { id, seq }: Producer, retry: boolean): number | 'new' | 'unknown' {
    const window = this.#table.window(user, id);
    if (window && seq <= window.floor) return 'unknown';
    // Nearly all are above the top: of these no window has to be gone through.
    const at = window && seq <= window.top ? window.seqs.lastIndexOf(seq) : -1;
    if (at >= 0) return window!.offsets[at]!;
    // The check also holds above all that the window contains: a first sending that was long under way may have opened
    // the window after the retries of later publishes were stored and forgotten.
    return retry && seq <= this.#floorOf(user) ? 'unknown' : 'new';
  }

  /**
   * PUB-7: the publish that has to come before this one is not there. One below the floor will never be stored any more
   * (PUB-8).
   */
  overtakes(user: string | undefined, { id, after = 0 }: Producer): boolean {
    if (after === 0) return false;
    const window = this.#table.window(user, id);
    return !window || (after > window.floor && (after > window.top || window.seqs.lastIndexOf(after) < 0));
  }

  record(user: string | undefined, producer: Producer, offset: number): void {
    const found = this.#table.window(user, producer.id);
    const window = found ?? this.#open(user, producer);
    window.seqs.push(producer.seq);
    window.offsets.push(offset);
    window.top = Math.max(window.top, producer.seq);
    const isFull = window.seqs.length > windowSize;
    if (isFull) {
      window.floor = Math.max(window.floor, window.seqs.shift()!);
      window.offsets.shift();
    }
    this.#table.use(window, isFull ? 0 : 1);
    if (!found) this.#makeRoom(user);
  }

  /** Forgets half of the windows, by the same rules as where all places are taken. */
  halve(): void {
    for (let left = Math.ceil(this.#table.counts.producers / 2); left > 0; left--) this.#forget(this.#dispensable());
  }

  #floorOf(user: string | undefined): number {
    const { counts } = this.#table;
    if (user === undefined) return counts.anonymousFloor;
    return this.#table.scope(user)?.floor ?? counts.forgottenSeq;
  }

  #open(user: string | undefined, { id, seq }: Producer): ProducerWindow {
    const { counts } = this.#table;
    // Publishes by a producer that may have been forgotten cannot be recognized any more.
    const floor = Math.min(seq - 1, this.#floorOf(user));
    const window: ProducerWindow = { user, id, seqs: [], offsets: [], floor, top: 0, use: 0 };
    const scope =
      user === undefined ? undefined : (this.#table.scope(user) ?? this.#table.newScope(user, counts.forgottenSeq));
    counts.producers++;
    this.#table.add(window, scope);
    if (scope) {
      scope.size++;
      this.#table.place(scope);
    }
    return window;
  }

  #makeRoom(user: string | undefined): void {
    const scope = user === undefined ? undefined : this.#table.scope(user);
    if (scope && scope.size > this.#share) this.#forget(this.#table.oldestOf(scope));
    for (let i = 0; i < forgottenAtOnce && this.#table.counts.producers > this.#maxProducers; i++) {
      this.#forget(this.#dispensable());
    }
  }

  #dispensable(): ProducerWindow | undefined {
    const oldest = this.#table.oldest();
    if (oldest?.user === undefined) return oldest;
    const heaviest = this.#table.heaviest();
    return heaviest && heaviest.size > 1 ? this.#table.oldestOf(heaviest) : oldest;
  }

  #forget(window: ProducerWindow | undefined): void {
    if (!window) return;
    const { counts } = this.#table;
    const { user } = window;
    const scope = user === undefined ? undefined : this.#table.scope(user);
    const highest = Math.max(window.floor, window.top);
    counts.producers--;
    this.#table.remove(window, scope);
    if (!scope) {
      counts.anonymousFloor = Math.max(counts.anonymousFloor, highest);
      return;
    }
    scope.floor = Math.max(scope.floor, highest);
    scope.size--;
    if (scope.size === 0) counts.forgottenSeq = Math.max(counts.forgottenSeq, scope.floor);
    this.#table.place(scope);
  }
}

/** How many producers of one user are remembered: never more than half of all. */
function shareOf(maxProducers: number): number {
  return Math.max(1, Math.min(producersOfOneUser, Math.floor(maxProducers / 2)));
}
