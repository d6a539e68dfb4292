import type { Random } from './random.js';

export interface Scheduled {
  cancel(): void;
}

interface Event extends Scheduled {
  readonly at: number;
  /** Breaks ties. At random in the simulation: whoever relies on the order of equal times is found out. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** Virtual time: a heap of events, run one by one in the order of their times. */
export class VirtualClock {
  /** Milliseconds since the beginning, with fractions. */
  time = 0;
  /** Events run so far. */
  steps = 0;
  /** Tells two runs apart. */
  hash = 0;
  /** Called after each event that is planned, for someone who runs events as they come. */
  onPlan: (() => void) | undefined;
  readonly #ties: Pick<Random, 'next'>;
  readonly #heap: Event[] = [];
  #underWay = 0;

  /** Two events at one time run in the order of the numbers that `ties` gave them, the lower one first. */
  constructor(ties: Pick<Random, 'next'>) {
    this.#ties = ties;
  }

  /** The number of events to come that are no timers: messages on their way, and work of this turn. */
  get underWay(): number {
    return this.#underWay;
  }

  after(delayMs: number, run: () => void, timer = false): Scheduled {
    return this.at(this.time + Math.max(0, delayMs), run, timer);
  }

  at(time: number, run: () => void, timer = false): Scheduled {
    const event: Event = { at: time, order: this.#ties.next(), run, cancel: () => this.#leave(event, timer) };
    if (!timer) this.#underWay++;
    this.#push(event);
    this.onPlan?.();
    return event;
  }

  /** Whether there is an event until `endMs`. */
  isDue(endMs: number): boolean {
    for (let event = this.#heap[0]; event !== undefined && event.at <= endMs; event = this.#heap[0]) {
      if (event.run) return true;
      this.#pop();
    }
    return false;
  }

  /** Runs the next event, if there is one until `endMs`. */
  step(endMs: number): boolean {
    for (let event = this.#heap[0]; event !== undefined && event.at <= endMs; event = this.#heap[0]) {
      this.#pop();
      const { run } = event;
      if (!run) continue;
      this.time = event.at;
      this.steps++;
      this.note(event.at * 1000);
      event.cancel();
      run();
      return true;
    }
    return false;
  }

  /** Mixes a number into the hash of this run. */
  note(value: number): void {
    this.hash = (Math.imul(this.hash ^ (value | 0), 0x01000193) + 0x9e3779b9) | 0;
  }

  #leave(event: Event, timer: boolean): void {
    if (event.run && !timer) this.#underWay--;
    event.run = undefined;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
