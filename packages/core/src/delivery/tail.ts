import { type Operation, redactedOperation } from '@longwave/protocol';

/** The recent operations of a watched log: a contiguous run that ends at `top`. */
export class Tail {
  #ops: Operation[] = [];
  #start = 0;
  #bytes = 0;
  readonly #maxBytes: number;
  top: number;

  constructor(top: number, maxBytes: number) {
    this.top = top;
    this.#maxBytes = maxBytes;
  }

  /** Offsets above this one are at hand. */
  get floor(): number {
    return this.top - (this.#ops.length - this.#start);
  }

  push(op: Operation): void {
    this.#ops.push(op);
    this.top = op.offset;
    this.#bytes += bytesOf(op);
    while (this.#bytes > this.#maxBytes && this.#ops.length - this.#start > 1) {
      this.#bytes -= bytesOf(this.#ops[this.#start++]!);
    }
    if (this.#start > 64 && this.#start * 2 > this.#ops.length) {
      this.#ops = this.#ops.slice(this.#start);
      this.#start = 0;
    }
  }

  /** Lets go of the data of the operation at `offset` (RED-2). */
  redact(offset: number): void {
    const at = this.#start + offset - this.floor - 1;
    const op = this.#ops[at];
    if (!op || op.offset !== offset) return;
    const redacted = redactedOperation(op);
    this.#bytes += bytesOf(redacted) - bytesOf(op);
    this.#ops[at] = redacted;
  }

  /** Lets go of all up to `offset`. */
  dropTo(offset: number): void {
    const { floor } = this;
    const count = Math.min(offset, this.top) - floor;
    if (count <= 0) return;
    for (let i = 0; i < count; i++) this.#bytes -= bytesOf(this.#ops[this.#start + i]!);
    this.#ops = this.#ops.slice(this.#start + count);
    this.#start = 0;
  }

  /** Operations after `after`, at least one and at most `maxBytes` of them; undefined when they are not at hand. */
  read(after: number, maxBytes: number): readonly Operation[] | undefined {
    const floor = this.floor;
    if (after < floor || after >= this.top) return undefined;
    return takeBytes(this.#ops, this.#start + after - floor, maxBytes);
  }
}

/** The operations from index `from` on that fit in `maxBytes`, at least one. */
export function takeBytes(ops: readonly Operation[], from: number, maxBytes: number): readonly Operation[] {
  let end = from;
  let bytes = 0;
  while (end < ops.length) {
    bytes += bytesOf(ops[end]!);
    if (bytes > maxBytes && end > from) break;
    end++;
  }
  return from === 0 && end === ops.length ? ops.slice() : ops.slice(from, end);
}

/** About what an operation takes on the wire. */
export function bytesOf(op: Operation): number {
  return op.payload.length + 32;
}
