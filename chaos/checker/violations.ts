/** Violations that the checker can find, by name. */
export type ViolationKind =
  /** Acknowledged, and not in the log that its epoch went on to be. */
  | 'lost'
  /** Stored twice in one log, or delivered twice between two resets. */
  | 'duplicated'
  /** In another order than it was published in, or than others saw it in. */
  | 'reordered'
  /** Operations were passed over without a reset. */
  | 'silent-gap'
  /** A reset although everything was there, or one that skips more than is gone. */
  | 'needless-reset'
  /** A payload that nobody published there. */
  | 'corrupted'
  | 'wrong-channel'
  /** The ack names another place than that of the message. */
  | 'wrong-ack'
  /** The ack claims a level of durability that the store does not have. */
  | 'wrong-durability'
  /** Neither acknowledged nor refused in bounded time. */
  | 'unresolved'
  /** A message of a quiet channel that was noticed too late, with nothing wrong anywhere. */
  | 'late'
  /** Still not up to date when all faults were long over. */
  | 'stuck'
  /** Delivered after the right was withdrawn. */
  | 'unauthorized'
  /** Data of a message given to somebody who read after its redaction was acknowledged. */
  | 'unredacted'
  /** A channel with state that shows another state than was written. */
  | 'wrong-state';

export interface Violation {
  readonly kind: ViolationKind;
  /** The channel, and whose subscription. */
  readonly where: string;
  readonly message: string;
  /** Milliseconds of the clock that all processes share. */
  readonly at: number;
}

/** Kept in full of each kind; more are counted. */
const keptOfKind = 25;

/** All that was found, of which only so many are kept that a broken run fills no memory. */
export class Violations {
  readonly counts = new Map<ViolationKind, number>();
  readonly #kept: Violation[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now();
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get kept(): readonly Violation[] {
    return this.#kept;
  }

  report(kind: ViolationKind, where: string, message: string): void {
    this.add({ kind, where, message, at: this.#now() });
  }

  add(violation: Violation): void {
    const count = (this.counts.get(violation.kind) ?? 0) + 1;
    this.counts.set(violation.kind, count);
    if (count <= keptOfKind) this.#kept.push(violation);
  }

  /** Those of another process. */
  absorb(counts: ReadonlyMap<ViolationKind, number>, kept: readonly Violation[]): void {
    const before = new Map(this.counts);
    for (const violation of kept) this.add(violation);
    for (const [kind, count] of counts) this.counts.set(kind, (before.get(kind) ?? 0) + count);
  }
}
