/** Turns a rate into how much is due, to the fraction. */
export interface Pace {
  /** Returns the number of updates due at `now` (milliseconds), at a rate a second, since the last call. */
  due(now: number, rate: number): number;
}

/** Time that is made up for at most after a busy moment. */
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
