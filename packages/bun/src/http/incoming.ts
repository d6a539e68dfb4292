import { Readable } from 'node:stream';
import type { ConnectionInfo } from '@longwave/core';
import type { RequestSocket } from './request-socket.js';

export interface IncomingOptions {
  readonly request: Request;
  /** In origin form. */
  readonly url: string;
  readonly headers: ConnectionInfo['headers'];
  readonly socket: RequestSocket;
}

/**
 * A request of Bun as the handlers of `@longwave/node` take it: with as much of `node:http`'s `IncomingMessage` as they use.
 */
export class Incoming extends Readable {
  readonly method: string;
  url: string;
  readonly headers: ConnectionInfo['headers'];
  readonly httpVersion = '1.1';
  readonly httpVersionMajor = 1;
  readonly socket: RequestSocket;
  readonly #body: ReadableStream<Uint8Array> | null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor({ request, url, headers, socket }: IncomingOptions) {
    super();
    this.method = request.method;
    this.url = url;
    this.headers = headers;
    this.socket = socket;
    this.#body = request.body as ReadableStream<Uint8Array> | null;
    // 'close' follows, and tells as much.
    this.on('error', () => undefined);
  }

  /** Hono reads them where a header may stand more than once. */
  get rawHeaders(): string[] {
    return Object.entries(this.headers).flatMap(([name, value]) => [name, String(value)]);
  }

  override _read(): void {
    if (!this.#body) return void this.push(null);
    this.#reader ??= this.#body.getReader();
    this.#reader.read().then(
      ({ done, value }) => this.push(done ? null : Buffer.from(value)),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#reader?.cancel().catch(() => undefined);
    callback(error);
  }
}
