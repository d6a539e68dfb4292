/** What the pacer needs of its host. */
export interface Turns {
  /** Milliseconds, of a clock that is never set back. */
  now(): number;
  nextTurn(callback: () => void): void;
  after(callback: () => void, delayMs: number): void;
}

/** What took less is followed by no pause: few sockets are written to, or many while nothing else goes on. */
const freeMs = 1;
/** Bounds what a pause can add to the latency of a message or an acknowledgement. */
const maxPauseMs = 10;

/**
 * Runs each callback in the next turn of the event loop, but behind one that took long it leaves a pause of the same length.
 * A flush costs a write to each socket whether it carries one message or fifty. One that follows at once finds little to
 * carry, and the server takes its whole core whatever the load; in the pause messages gather, and the loop has time for
 * whatever else there is. Idle, nothing waits.
 */
export function createPacer(turns: Turns): (callback: () => void) => void {
  let restUntil = -Infinity;
  return (callback) => {
    const run = (): void => {
      const from = turns.now();
      callback();
      const until = turns.now();
      const tookMs = until - from;
      if (tookMs >= freeMs) restUntil = until + Math.min(tookMs, maxPauseMs);
    };
    const restMs = restUntil - turns.now();
    if (restMs > 0) turns.after(run, restMs);
    else turns.nextTurn(run);
  };
}
