import type { VirtualClock } from '@longwave/testkit/virtual';
import { nextTurn } from './next-turn.js';

/** Events that one settling may take: where there are more, messages answer each other for ever. */
const maxEvents = 1_000_000;

/** Milliseconds of the host that work outside of the world is waited for. There is a bound, since the work may wait for the world itself. */
const maxOutsideMs = 500;

/** Kept here, so that fake timers of a test framework leave it alone. */
const hostTime = performance.now.bind(performance);

/**
 * Runs the events of a world, one piece of work after the other. An event that is due now runs by itself in a later turn of the event
 * loop, so that a test may await whatever takes no time; time passes only in `settle` and `advance`.
 */
export class Driver {
  readonly #clock: VirtualClock;
  #last: Promise<unknown> = Promise.resolve();
  #driving = false;
  #called = false;
  #failures: unknown[] = [];
  /** Work under way outside of the world: in threads, or over a network. */
  readonly #outside = new Set<Promise<unknown>>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    clock.onPlan = () => this.#callUp();
  }

  /** Something went wrong that nobody waits for: the next `settle` or `advance` throws it. */
  fail(error: unknown): void {
    this.#failures.push(error);
  }

  /** Has work that is done outside of the world be waited for, as that of `authenticate`: its promise goes on in a thread. */
  await(work: Promise<unknown>): void {
    const end = (): void => void this.#outside.delete(work);
    this.#outside.add(work);
    work.then(end, end);
  }

  /** Until nothing is under way. Rejects with what failed since the last time. */
  settle(): Promise<void> {
    return this.#drive(async () => {
      await this.#turn();
      for (let events = 0; this.#clock.underWay > 0 || this.#isDue; events++) {
        if (events === maxEvents) throw new Error(`The world does not settle: it goes on after ${maxEvents} events.`);
        this.#clock.step(Infinity);
        await this.#turn();
      }
    });
  }

  /** Until so much time has passed and nothing is due. Rejects with what failed since the last time. */
  advance(byMs: number): Promise<void> {
    return this.#drive(async () => {
      await this.#turn();
      const end = this.#clock.time + byMs;
      do {
        while (this.#clock.step(end)) await this.#turn();
        this.#clock.time = end;
        await this.#turn();
      } while (this.#isDue);
    });
  }

  /** Resolves when every promise that could go on has gone on. */
  async #turn(): Promise<void> {
    await nextTurn();
    if (this.#outside.size === 0) return;
    const end = hostTime() + maxOutsideMs;
    while (this.#outside.size > 0 && hostTime() < end) await nextTurn();
    // Work that takes longer is not waited for again.
    this.#outside.clear();
  }

  get #isDue(): boolean {
    return this.#clock.isDue(this.#clock.time);
  }

  async #drive(work: () => Promise<void>): Promise<void> {
    await this.#inOrder(work);
    const failures = this.#failures;
    this.#failures = [];
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, `${failures.length} things failed in the test world.`);
  }

  /** Has what is due run, unless that is being done anyway. */
  #callUp(): void {
    if (this.#driving || this.#called || !this.#isDue) return;
    this.#called = true;
    this.#inOrder(async () => {
      this.#called = false;
      await this.#turn();
      while (this.#clock.step(this.#clock.time)) await this.#turn();
    }).catch((error: unknown) => this.fail(error));
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      this.#driving = true;
      try {
        await work();
      } finally {
        this.#driving = false;
        // Something may have been planned after the work had looked for the last time.
        this.#callUp();
      }
    };
    const ran = this.#last.then(run);
    this.#last = ran.catch(() => undefined);
    return ran;
  }
}
