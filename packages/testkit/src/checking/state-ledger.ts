import type { Operation } from '@longwave/protocol';
import type { VirtualClock } from '../virtual-clock.js';

/** Every operation that channels with state were given, below everything that is tested. */
export class StateLedger {
  readonly #clock: VirtualClock;
  readonly #ops = new Map<string, { readonly op: Operation; readonly at: number }>();
  #count = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  record(epoch: string, channel: string, op: Operation): void {
    this.#count++;
    this.#ops.set(`${epoch} ${channel} ${op.offset}`, { op, at: this.#clock.time });
  }

  /** The operation, and when it was stored. */
  at(epoch: string, channel: string, offset: number): { readonly op: Operation; readonly at: number } | undefined {
    return this.#ops.get(`${epoch} ${channel} ${offset}`);
  }

  get count(): number {
    return this.#count;
  }
}
