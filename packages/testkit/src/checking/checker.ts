import type { VirtualClock } from '../virtual-clock.js';

/**
 * The names of the checks. G1 to G7 are the promises of the design; the others are what else must hold.
 *
 * - `order`: publishes of one client to one channel are stored in their order (PUB-6).
 * - `redaction`: data that was taken is given to somebody who reads later, or is still shown at the end (RED-1, RED-2).
 * - `needless`: a client repaired what was not broken, or gave a connection up that was alive.
 * - `liveness`: after the faults everybody is connected, up to date and answered.
 * - `leak`: something is left behind after closing.
 * - `port`: a port was used against its contract.
 * - `internal`: something failed inside that nobody had made fail.
 */
export type Invariant =
  | 'G1'
  | 'G2'
  | 'G3'
  | 'G5'
  | 'G6'
  | 'G7'
  | 'order'
  | 'history'
  | 'redaction'
  | 'needless'
  | 'liveness'
  | 'leak'
  | 'port'
  | 'internal';

export interface Violation {
  readonly invariant: Invariant;
  readonly message: string;
  /** The client or node and the channel that it is about. */
  readonly subject: string;
  /** Virtual milliseconds. */
  readonly at: number;
}

/** Collects violations, and what happened before them when somebody wants to read it. */
export class Checker {
  readonly violations: Violation[] = [];
  /** How often a client went from one transport to another. */
  switches = 0;
  readonly #clock: VirtualClock;
  readonly #trace: string[] | undefined;

  constructor(clock: VirtualClock, trace: string[] | undefined) {
    this.#clock = clock;
    this.#trace = trace;
  }

  violate(invariant: Invariant, subject: string, message: string): void {
    this.violations.push({ invariant, subject, message, at: this.#clock.time });
    this.trace(subject, () => `VIOLATION of ${invariant}: ${message}`);
  }

  expect(holds: boolean, invariant: Invariant, subject: string, message: () => string): boolean {
    if (!holds) this.violate(invariant, subject, message());
    return holds;
  }

  trace(subject: string, what: () => string): void {
    this.#trace?.push(`${this.#clock.time.toFixed(1).padStart(9)}  ${subject.padEnd(18)} ${what()}`);
  }
}
