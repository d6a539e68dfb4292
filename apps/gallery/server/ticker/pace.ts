/** Turns a rate into how much is due, to the fraction. */
export interface Pace {
  /** What is due at `now` (milliseconds), at so many a second since it was asked last. */
  due(now: number, rate: number): number;
}

/** What a busy moment missed is made up for, but not more than this. */
const longestMs = 250;

export function createPace(startsAt: number): Pace {
  let askedAt = startsAt;
  let owed = 0;
  return {
    due: (now, rate) => {
      owed += (Math.min(longestMs, Math.max(0, now - askedAt)) * rate) / 1000;
      askedAt = now;
      const due = Math.floor(owed);
      owed -= due;
      return due;
    },
  };
}
