import { type IdleClock, SpareTime } from './spare-time.js';

/** The part of the host that the pacer uses. */
export interface Turns extends IdleClock {
  nextTurn(callback: () => void): void;
  /** Returns what cancels it. */
  after(callback: () => void, delayMs: number): () => void;
}

export interface Pacer {
  defer(callback: () => void): void;
  /** Ends the pause: what waits runs in the next turn. */
  hurry(): void;
}

/** A shorter flush is followed by no pause: few sockets are written to, or many while nothing else goes on. */
const freeMs = 1;
/** Bounds what a pause can add to the latency of a message or an acknowledgement. */
const maxPauseMs = 5;

/**
 * Runs each callback in the next turn of the event loop. After a callback that took long it leaves a pause of the same
 * length. A flush costs a write to each socket whether it carries one message or fifty. One that follows at once finds
 * little to carry, and the server takes its whole core whatever the load; in the pause messages gather, and the loop
 * has time for whatever else there is. Where the core would be idle all the same, there is no pause.
 */
export function createPacer(turns: Turns): Pacer {
  let restUntil = -Infinity;
  const spare = new SpareTime(turns);
  /** Callbacks that wait for the end of the pause, each with its cancellation. */
  const paused = new Map<() => void, () => void>();
  return {
    defer(callback) {
      const run = (): void => {
        paused.delete(run);
        const from = turns.now();
        callback();
        const until = turns.now();
        const tookMs = until - from;
        if (tookMs < freeMs) return;
        spare.onFlush();
        restUntil = until + Math.min(tookMs, maxPauseMs);
      };
      const restMs = restUntil - turns.now();
      if (restMs > 0 && !spare.isThere()) paused.set(run, turns.after(run, restMs));
      else turns.nextTurn(run);
    },
    hurry() {
      for (const [run, cancel] of paused) {
        cancel();
        turns.nextTurn(run);
      }
      paused.clear();
    },
  };
}
