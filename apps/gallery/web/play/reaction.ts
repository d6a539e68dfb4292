import { turnBetween } from './turn.js';

/** The last time that the player changed course: when the ship was seen to follow, and when the server's word on it was. */
export interface Reaction {
  /** Counted from 1. */
  readonly number: number;
  /** Milliseconds from the key, the finger or the mouse on. */
  readonly shipMs: number | undefined;
  readonly serverMs: number | undefined;
}

interface Course {
  readonly dx: number;
  readonly dy: number;
}

interface Heading {
  readonly angle: number;
}

/** In radians: a turn that is less is not measured, and a ship that is so near has made it. */
const [leastTurn, made] = [0.6, 0.3];
const longestMs = 3000;

/**
 * Measures how soon a change of course is seen: on the ship as it is drawn, and on the ship as the server tells of it. Prediction is
 * the difference of the two.
 */
export class ReactionMeter {
  last: Reaction | undefined;
  #course: Course = { dx: 0, dy: 0 };
  #since: { readonly at: number; readonly angle: number } | undefined;

  /** `drawn`: the own ship as it is painted in this frame. `told`: as the server's snapshots have it. */
  frame(course: Course, drawn: Heading, told: Heading, now: number): void {
    const hasChanged = Math.hypot(course.dx - this.#course.dx, course.dy - this.#course.dy) > 0.3;
    if (hasChanged) this.#course = { dx: course.dx, dy: course.dy };
    if (hasChanged && !this.#since && Math.hypot(course.dx, course.dy) > 0.3) {
      const angle = Math.atan2(course.dy, course.dx);
      // An earlier turn that is still under way to the server would be taken for this one.
      if (!isAt(drawn, angle, leastTurn) && !isAt(told, angle, leastTurn)) {
        this.#since = { at: now, angle };
        this.last = { number: (this.last?.number ?? 0) + 1, shipMs: undefined, serverMs: undefined };
      }
    }
    const { last } = this;
    if (!this.#since || !last) return;
    const { at, angle } = this.#since;
    const sinceMs = now - at;
    this.last = {
      number: last.number,
      shipMs: last.shipMs ?? (isAt(drawn, angle, made) ? sinceMs : undefined),
      serverMs: last.serverMs ?? (isAt(told, angle, made) ? sinceMs : undefined),
    };
    const isDone = this.last.shipMs !== undefined && this.last.serverMs !== undefined;
    if (isDone || sinceMs > longestMs) this.#since = undefined;
  }
}

function isAt(heading: Heading, angle: number, within: number): boolean {
  return Math.abs(turnBetween(heading.angle, angle)) < within;
}
