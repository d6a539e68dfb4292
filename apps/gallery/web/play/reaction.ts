/** The last time that the player changed course: when the ship was seen to follow, and when the server's word on it was. */
export interface Reaction {
  /** Counted from 1. */
  readonly number: number;
  /** Milliseconds from the key, the finger or the mouse on. */
  readonly shipMs: number | undefined;
  readonly serverMs: number | undefined;
}

interface Motion {
  readonly vx: number;
  readonly vy: number;
}

/** A turn that is less is none. */
const leastTurn = 0.5;
/** So much has to be seen of it, in units a second. */
const leastChange = 25;
const longestMs = 3000;

/**
 * Measures how soon a change of course is seen: on the ship as it is drawn, and on the ship as the server tells of it. Prediction is
 * what lies between the two.
 */
export class ReactionMeter {
  last: Reaction | undefined;
  #course = { dx: 0, dy: 0 };
  #since: { readonly at: number; readonly drawn: Motion; readonly told: Motion } | undefined;

  /** `drawn`: the own ship as it is painted in this frame. `told`: as the server's snapshots have it. */
  frame(course: { readonly dx: number; readonly dy: number }, drawn: Motion, told: Motion, now: number): void {
    const isTurn = Math.hypot(course.dx - this.#course.dx, course.dy - this.#course.dy) >= leastTurn;
    if (isTurn && !this.#since) {
      this.#since = { at: now, drawn: motionOf(drawn), told: motionOf(told) };
      this.last = { number: (this.last?.number ?? 0) + 1, shipMs: undefined, serverMs: undefined };
    }
    if (isTurn) this.#course = { dx: course.dx, dy: course.dy };
    const { last } = this;
    if (!this.#since || !last) return;
    const sinceMs = now - this.#since.at;
    this.last = {
      number: last.number,
      shipMs: last.shipMs ?? (hasChanged(this.#since.drawn, drawn) ? sinceMs : undefined),
      serverMs: last.serverMs ?? (hasChanged(this.#since.told, told) ? sinceMs : undefined),
    };
    const isDone = this.last.shipMs !== undefined && this.last.serverMs !== undefined;
    if (isDone || sinceMs > longestMs) this.#since = undefined;
  }
}

/** A copy: what is drawn is the same object in each frame. */
function motionOf({ vx, vy }: Motion): Motion {
  return { vx, vy };
}

function hasChanged(before: Motion, after: Motion): boolean {
  return Math.hypot(after.vx - before.vx, after.vy - before.vy) >= leastChange;
}
