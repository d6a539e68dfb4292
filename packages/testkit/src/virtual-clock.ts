import type { Random } from './random.js';

export interface Scheduled {
  cancel(): void;
}

interface Event extends Scheduled {
  readonly at: number;
  /** Breaks ties at random: whoever relies on the order of equal times is found out. */
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
  readonly #random: Random;
  readonly #heap: Event[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  after(delayMs: number, run: () => void): Scheduled {
    return this.at(this.time + Math.max(0, delayMs), run);
  }

  at(time: number, run: () => void): Scheduled {
    const event: Event = { at: time, order: this.#random.next(), run, cancel: () => (event.run = undefined) };
    this.#push(event);
    return event;
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
      event.run = undefined;
      run();
      return true;
    }
    return false;
  }

  /** Mixes a number into the hash of this run. */
  note(value: number): void {
    this.hash = (Math.imul(this.hash ^ (value | 0), 0x01000193) + 0x9e3779b9) | 0;
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
