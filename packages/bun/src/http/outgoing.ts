import { Writable } from 'node:stream';
import type { Incoming } from './incoming.js';

type HeaderValue = string | number | readonly string[];

/** Bytes beyond which a peer takes no more for now, as on Node. */
const fullBytes = 16 * 1024;

/**
 * The response to a request of Bun as the handlers of `@longwave/node` take it: with as much of `node:http`'s `ServerResponse` as
 * they use. Bun gets each piece when it asks for more, so a peer that does not read fills it.
 */
export class Outgoing extends Writable {
  readonly req: Incoming;
  statusCode = 200;
  shouldKeepAlive = true;
  headersSent = false;
  /** The response, once it has begun. */
  readonly answer: Promise<Response>;
  #resolve!: (response: Response) => void;
  readonly #headers = new Headers();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #whole: Uint8Array | undefined;
  #begun = false;
  /** Bun asks for more. */
  #wanted = false;
  #waiting: { readonly chunk: Uint8Array; readonly taken: () => void } | undefined;

  constructor(req: Incoming) {
    super({ highWaterMark: fullBytes });
    this.req = req;
    this.answer = new Promise((resolve) => (this.#resolve = resolve));
    this.on('error', () => undefined);
  }

  get socket(): Incoming['socket'] {
    return this.req.socket;
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.delete(name);
    return this.appendHeader(name, value);
  }

  appendHeader(name: string, value: HeaderValue): this {
    for (const each of [value].flat()) this.#headers.append(name, String(each));
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name);
  }

  writeHead(status: number, headers: Readonly<Record<string, HeaderValue>> = {}): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    this.headersSent = true;
    return this;
  }

  /** Bun sends the head with the first bytes. */
  flushHeaders(): void {
    this.headersSent = true;
    this.#stream();
  }

  override end(...args: unknown[]): this {
    const [chunk] = args;
    if (this.#begun || this.writableLength > 0 || typeof chunk === 'function') return super.end(...(args as []));
    // Everything at once: with its length, and without a stream.
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.#whole = Buffer.from(chunk as string);
    return super.end();
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: () => void): void {
    this.#stream();
    this.#waiting = { chunk, taken: callback };
    if (this.#wanted) this.#give();
  }

  override _final(callback: () => void): void {
    if (!this.#begun) this.#begin(this.#whole ?? null);
    this.#controller?.close();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#begun) {
      // There is no way to end a connection of Bun without an answer.
      this.shouldKeepAlive = false;
      this.statusCode = 500;
      this.#begin(null);
    } else if (!this.writableFinished) {
      try {
        this.#controller?.error(error ?? new Error('The response was cut off.'));
      } catch {
        // Bun has cancelled it.
      }
    }
    callback(error);
  }

  #stream(): void {
    if (this.#begun) return;
    this.#begin(
      new ReadableStream<Uint8Array>(
        {
          start: (controller) => void (this.#controller = controller),
          pull: () => {
            this.#wanted = true;
            this.#give();
          },
          cancel: () => void this.destroy(),
        },
        { highWaterMark: 0 },
      ),
    );
  }

  #give(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    this.#wanted = false;
    this.#controller?.enqueue(waiting.chunk);
    waiting.taken();
  }

  #begin(body: Uint8Array | ReadableStream<Uint8Array> | null): void {
    this.#begun = true;
    this.headersSent = true;
    if (!this.shouldKeepAlive) this.#headers.set('Connection', 'close');
    this.#resolve(
      new Response(body as ConstructorParameters<typeof Response>[0], {
        status: this.statusCode,
        headers: this.#headers,
      }),
    );
  }
}
