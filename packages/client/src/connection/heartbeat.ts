import type { Clock, Timer } from '../base/ports.js';

/** Milliseconds of silence allowed beyond the server's interval, and for the answer to a probe (HB-2). */
const graceMs = 5_000;
/** A timer this late means that the host slept: what was said meanwhile may still be on its way to us. */
const lateMs = 2_000;
const minIntervalMs = 1_000;
const maxIntervalMs = 10 * 60 * 1000;

export interface HeartbeatEvents {
  ping(): void;
  onSilence(silenceMs: number): void;
}

/** Finds connections that are dead without saying so. One timer, never moved on the path of a message. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #events: HeartbeatEvents;
  readonly #limitMs: number;
  #heardAt: number;
  #probedAt: number | undefined;
  #dueAt = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, intervalMs: number, events: HeartbeatEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#limitMs = Math.min(Math.max(intervalMs, minIntervalMs), maxIntervalMs) + graceMs;
    this.#heardAt = clock.now();
    this.#arm(this.#limitMs);
  }

  /** Anything came. It may have been on its way since before a probe: that is answered by `answered` alone. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** Something came that was said after the probe. */
  answered(): void {
    this.#probedAt = undefined;
  }

  /** Asks for a sign of life that must come in time. */
  probe(): void {
    if (this.#probedAt !== undefined) return;
    this.#probedAt = this.#clock.now();
    this.#arm(graceMs);
    this.#events.ping();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #arm(delayMs: number): void {
    this.#timer?.cancel();
    this.#dueAt = this.#clock.now() + delayMs;
    this.#timer = this.#clock.setTimer(() => this.#check(), delayMs);
  }

  #check(): void {
    const now = this.#clock.now();
    const late = Math.abs(now - this.#dueAt) > lateMs;
    // The clock went back: what was measured has no meaning.
    if (now < this.#heardAt) this.#heardAt = now;
    const silenceMs = now - this.#heardAt;
    if (this.#probedAt !== undefined) {
      // A client with much to send gets time to send it first.
      const waitMs = Math.max(this.#probedAt, this.#heardAt) + graceMs - now;
      if (waitMs > 0 && waitMs <= graceMs) return this.#arm(waitMs);
      if (!late) return this.#events.onSilence(silenceMs);
      this.#probedAt = undefined;
      return this.probe();
    }
    if (silenceMs < this.#limitMs) return this.#arm(this.#limitMs - silenceMs);
    if (late) return this.probe();
    this.#events.onSilence(silenceMs);
  }
}
