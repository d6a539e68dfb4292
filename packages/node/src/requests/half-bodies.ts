import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** Bodies up to here are bounded by the number of connections. */
export const smallBytes = 16 * 1024;
const defaultMaxBytes = 128 * 1024 * 1024;

type Body = Readable & Pick<IncomingMessage, 'headers'>;

/**
 * Bounds what bodies that are not complete hold in memory together, since a peer decides how long they stay so. Beyond it the
 * one that began first is cut: whoever is not holding out is done in a moment.
 */
export class HalfBodies {
  readonly #maxBytes: number;
  /** In the order of their beginning, with what they hold. */
  readonly #held = new Map<Body, number>();
  #bytes = 0;

  constructor(maxBytes = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Bodies that are being read. */
  get count(): number {
    return this.#held.size;
  }

  /** The body is about to be read. To be ended with `end`. */
  begin(request: Body): void {
    this.#held.set(request, 0);
    if (Number(request.headers['content-length'] ?? Infinity) <= smallBytes) return;
    request.on('data', (chunk: Buffer) => this.#add(request, chunk.length));
  }

  end(request: Body): void {
    this.#bytes -= this.#held.get(request) ?? 0;
    this.#held.delete(request);
  }

  #add(request: Body, bytes: number): void {
    const held = this.#held.get(request);
    if (held === undefined) return;
    this.#held.set(request, held + bytes);
    this.#bytes += bytes;
    for (const [oldest, size] of this.#held) {
      if (this.#bytes <= this.#maxBytes) return;
      if (size === 0) continue;
      this.end(oldest);
      oldest.destroy();
    }
  }
}
