/** Counts about the order of a lane's messages. All but `received` must stay 0. */
export interface SequenceCounts {
  readonly received: number;
  /** Numbers that were passed over and have not come since. */
  readonly lost: number;
  readonly repeated: number;
  /** Messages that came after a higher number. */
  readonly reordered: number;
}

export interface Sequence {
  readonly counts: SequenceCounts;
  note(seq: number): void;
}

/** Checks numbers that should come one after the other, from whichever comes first. */
export function createSequence(): Sequence {
  const missing = new Set<number>();
  let last: number | undefined;
  let received = 0;
  let repeated = 0;
  let reordered = 0;

  return {
    get counts() {
      return { received, lost: missing.size, repeated, reordered };
    },
    note: (seq) => {
      received++;
      if (last === undefined || seq > last) {
        for (let skipped = (last ?? seq - 1) + 1; skipped < seq; skipped++) missing.add(skipped);
        last = seq;
      } else if (missing.delete(seq)) reordered++;
      else repeated++;
    },
  };
}
