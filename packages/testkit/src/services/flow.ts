import type { Socket } from 'node:net';

/** Conditions for the bytes that go one way over a link. Shared by its connections, and changed while they are open. */
export interface Conditions {
  /** Nothing passes, and nobody is told. */
  frozen: boolean;
  /** Milliseconds that each byte is on its way. */
  latencyMs: number;
  /** Bytes that are written at a time, each in a turn of its own. Infinity: as they come. */
  sliceBytes: number;
  /** Bytes a second of one connection. Infinity: no bound. */
  bytesPerSecond: number;
}

export function fairWeather(): Conditions {
  return { frozen: false, latencyMs: 0, sliceBytes: Infinity, bytesPerSecond: Infinity };
}

/** Bytes held here before the sender has to wait. */
const heldLimit = 256 * 1024;

interface Held {
  readonly chunk: Buffer;
  readonly dueAt: number;
}

/** One way of one connection. */
export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #conditions: Conditions;
  #held: Held[] = [];
  #heldBytes = 0;
  #ended = false;
  #blocked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, conditions: Conditions) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.once('end', () => {
      this.#ended = true;
      this.pump();
    });
    to.on('drain', () => {
      this.#blocked = false;
      this.pump();
    });
    this.pump();
  }

  /** Moves on what may move: after the conditions have changed. */
  pump(): void {
    if (this.#timer || this.#blocked) return;
    const { frozen } = this.#conditions;
    if (frozen) return void this.#from.pause();
    while (this.#held.length > 0 && !this.#blocked) {
      const waitMs = this.#held[0]!.dueAt - performance.now();
      if (waitMs > 0) return this.#later(waitMs);
      const bytes = this.#writeSome(this.#held[0]!.chunk);
      const { sliceBytes, bytesPerSecond } = this.#conditions;
      if (bytesPerSecond !== Infinity) return this.#later((bytes / bytesPerSecond) * 1000);
      if (sliceBytes !== Infinity) return this.#later(0);
    }
    if (this.#held.length > 0) return;
    if (this.#ended) this.#to.end();
    else if (!this.#blocked) this.#from.resume();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#blocked = true;
  }

  #take(chunk: Buffer): void {
    const { frozen, latencyMs, sliceBytes, bytesPerSecond } = this.#conditions;
    const isPlain = !frozen && latencyMs === 0 && sliceBytes === Infinity && bytesPerSecond === Infinity;
    if (isPlain && this.#held.length === 0 && !this.#blocked && !this.#timer) return this.#write(chunk);
    this.#held.push({ chunk, dueAt: performance.now() + latencyMs });
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > heldLimit) this.#from.pause();
    this.pump();
  }

  #writeSome(chunk: Buffer): number {
    const { sliceBytes, bytesPerSecond } = this.#conditions;
    const limit = Math.min(sliceBytes, Math.max(64, Math.ceil(bytesPerSecond / 50)));
    const [{ dueAt }] = this.#held as [Held];
    if (chunk.length <= limit) this.#held.shift();
    else this.#held[0] = { chunk: chunk.subarray(limit), dueAt };
    const piece = chunk.subarray(0, limit);
    this.#heldBytes -= piece.length;
    this.#write(piece);
    return piece.length;
  }

  #write(piece: Buffer): void {
    if (this.#to.destroyed || this.#to.writableEnded) return;
    if (this.#to.write(piece)) return;
    this.#blocked = true;
    this.#from.pause();
  }

  #later(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.pump();
    }, delayMs);
  }
}
