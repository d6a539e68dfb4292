import type { Clock as ServerClock } from '@longwave/core';
import type { Clock as ClientClock } from '@longwave/client';
import type { Random } from '../random.js';
import type { VirtualClock } from '../virtual-clock.js';

/** The time that every wall clock shows at virtual time 0. */
const epochMs = Date.UTC(2026, 0, 1);

/** How exact a machine is. */
export interface Pace {
  /** How far its wall clock may be from the true time, before or after it. */
  readonly skewMs: number;
  /** How much later than they should timers may fire. */
  readonly latenessMs: number;
  /** From what came in to the end of this turn of its event loop. */
  readonly turnMs: number;
  /** Until a paused connection is read on. */
  readonly resumeMs: number;
}

/** As machines are. */
const ordinary: Pace = { skewMs: 5000, latenessMs: 2, turnMs: 0.3, resumeMs: 0.1 };

/** As they are nowhere: nothing takes time by itself. */
export const exact: Pace = { skewMs: 0, latenessMs: 0, turnMs: 0, resumeMs: 0 };

/**
 * One machine: its wall clock, which may jump while timers run on, and its processor, which may
 * stand still (SIGSTOP, a laptop's lid) or be gone.
 */
export class Host {
  readonly name: string;
  readonly clock: VirtualClock;
  /** Its time as the ports of the engine and of the client want it. */
  readonly serverClock: ServerClock = {
    now: () => this.now(),
    setTimer: (callback, delayMs) => this.setTimer(callback, delayMs),
    // A turn takes a moment: what arrives within it is flushed together.
    defer: (callback) => void this.clock.after(this.pace.turnMs, () => this.run(callback)),
  };
  readonly clientClock: ClientClock = {
    now: () => this.now(),
    setTimer: (callback, delayMs) => ({ cancel: this.setTimer(callback, delayMs) }),
  };
  /** When something last happened to it that excuses delays; Infinity while it lasts. */
  troubledAt = -Infinity;
  /** Timers that are still to fire. */
  timers = 0;
  readonly #random: Random;
  readonly pace: Pace;
  #skewMs: number;
  #state: 'running' | 'suspended' | 'waking' | 'stopped' = 'running';
  #held: (() => void)[] = [];

  constructor(name: string, clock: VirtualClock, random: Random, pace = ordinary) {
    this.name = name;
    this.clock = clock;
    this.#random = random;
    this.pace = pace;
    this.#skewMs = random.between(-pace.skewMs, pace.skewMs);
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  get stopped(): boolean {
    return this.#state === 'stopped';
  }

  now(): number {
    return Math.floor(epochMs + this.clock.time + this.#skewMs);
  }

  jump(byMs: number): void {
    this.#skewMs += byMs;
    this.troubledAt = Math.max(this.troubledAt, this.clock.time);
  }

  /** Runs `work` now, or when the machine runs again, or never. */
  run(work: () => void): void {
    if (this.#state === 'running') work();
    else if (this.#state !== 'stopped') this.#held.push(work);
  }

  /** Timers fire a little late, as they do. */
  setTimer(callback: () => void, delayMs: number): () => void {
    let pending = true;
    this.timers++;
    const cancel = (): void => {
      if (!pending) return;
      pending = false;
      this.timers--;
      scheduled.cancel();
    };
    const fire = (): void => {
      if (!pending) return;
      cancel();
      callback();
    };
    const delay = delayMs + this.#random.next() * this.pace.latenessMs;
    const scheduled = this.clock.after(delay, () => this.run(fire), true);
    return cancel;
  }

  suspend(): void {
    if (this.#state !== 'running') return;
    this.#state = 'suspended';
    this.troubledAt = Infinity;
  }

  resume(): void {
    if (this.#state !== 'suspended') return;
    this.#state = 'waking';
    this.#wake();
  }

  /** Events that were held back come one by one, before anything new. */
  #wake(): void {
    if (this.#state !== 'waking') return;
    const work = this.#held.shift();
    if (work) {
      this.clock.after(1e-3, () => this.#wake());
      work();
    } else {
      this.#state = 'running';
      this.troubledAt = this.clock.time;
    }
  }

  /** Power off: nothing that was begun here goes on. */
  stop(): void {
    this.#state = 'stopped';
    this.#held = [];
    this.troubledAt = Infinity;
  }
}
