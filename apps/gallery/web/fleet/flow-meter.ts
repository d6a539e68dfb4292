/** Traffic over the last seconds, and since the page was opened. */
export interface Flow {
  readonly updatesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly totalBytes: number;
}

interface Counted {
  readonly updates: number;
  readonly bytes: number;
}

/** Longer than the longest pause between two updates of a view: a rate over less would jump. */
const windowMs = 20_000;

/** Rates of counters that only grow. */
export interface FlowMeter {
  /** `now` is in milliseconds, from anywhere. Undefined: it takes a second note. */
  note(now: number, counted: Counted): Flow | undefined;
}

export function createFlowMeter(): FlowMeter {
  let notes: { readonly now: number; readonly counted: Counted }[] = [];
  return {
    note: (now, counted) => {
      notes = [...notes.filter((note) => now - note.now <= windowMs), { now, counted }];
      const first = notes[0]!;
      if (first.now === now) return undefined;
      const perSecond = (name: keyof Counted): number =>
        ((counted[name] - first.counted[name]) * 1000) / (now - first.now);
      return {
        updatesPerSecond: perSecond('updates'),
        bytesPerSecond: perSecond('bytes'),
        totalBytes: counted.bytes,
      };
    },
  };
}
