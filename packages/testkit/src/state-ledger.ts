import type { Operation } from '@longwave/protocol';

/** Every operation that channels with state were given, below everything that is tested. */
export class StateLedger {
  readonly #ops = new Map<string, Operation>();
  #count = 0;

  record(epoch: string, channel: string, op: Operation): void {
    this.#count++;
    this.#ops.set(`${epoch} ${channel} ${op.offset}`, op);
  }

  at(epoch: string, channel: string, offset: number): Operation | undefined {
    return this.#ops.get(`${epoch} ${channel} ${offset}`);
  }

  get count(): number {
    return this.#count;
  }
}
