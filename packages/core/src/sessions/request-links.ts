import { type CodecName, createServerCodec, packEvent } from '@longwave/protocol';
import type { Clock, LinkKind, Sink, Wire } from '../base/ports.js';
import type { Session } from './session.js';

/** The response to one HTTP request, as a host offers it. */
export interface ResponseBody {
  /** Takes the bytes, always. False: take no more until the link's `session.drained()`. */
  write(bytes: Uint8Array): boolean;
  /** Ends the response. `session.closed()` comes in any case when it is gone. */
  end(): void;
}

/** The wire of all links that live in HTTP responses (HTTP-2): streams and polls share their encoding. */
export function createEventWire(codec: CodecName): Wire {
  return { codec: createServerCodec(codec), pack: packEvent };
}

/** A response that goes on for as long as the client listens, or until its one answer is complete. */
export class StreamLink implements Sink {
  readonly wire: Wire;
  readonly kind: LinkKind;
  readonly #body: ResponseBody;

  constructor(wire: Wire, kind: LinkKind, body: ResponseBody) {
    this.wire = wire;
    this.kind = kind;
    this.#body = body;
  }

  write(chunk: Uint8Array): boolean {
    return this.#body.write(chunk);
  }

  close(): void {
    this.#body.end();
  }

  // The request has been read to its end, and each chunk is sent as it comes.
  pause(): void {}
  resume(): void {}
  cork(): void {}
  uncork(): void {}
}

/** Bytes of one answer to a poll: what is more comes with the next. */
const pollBytes = 64 * 1024;

export interface PollOptions {
  /** How long the answer may be waited for. */
  readonly holdMs: number;
  /** Answers with the first frame, news or not: for a client that wants to know whether it is accepted. */
  readonly atOnce: boolean;
}

/**
 * A response that is complete with the first news, and with what else comes in two turns of the event loop (HTTP-5).
 * Until then nothing is written, so that a proxy that keeps responses back until their end does no harm.
 */
export class PollLink implements Sink {
  readonly wire: Wire;
  readonly kind = 'downstream';
  readonly holdMs: number;
  /** To be set before anything is received. */
  session!: Session;
  readonly #atOnce: boolean;
  readonly #clock: Clock;
  readonly #body: ResponseBody;
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  /** There is something that the client waits for. */
  #hasNews = false;
  #completing = false;

  constructor(wire: Wire, { holdMs, atOnce }: PollOptions, clock: Clock, body: ResponseBody) {
    this.wire = wire;
    this.holdMs = holdMs;
    this.#atOnce = atOnce;
    this.#clock = clock;
    this.#body = body;
  }

  write(chunk: Uint8Array, quiet = false): boolean {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    this.#hasNews ||= this.#atOnce || !quiet;
    if (this.#hasNews && !this.#completing) {
      this.#completing = true;
      // One turn more, for what is read from the store first.
      this.#clock.defer(() => this.#clock.defer(() => this.#complete()));
    }
    if (this.#bytes < pollBytes) return true;
    // A state is sent whole, however large, and goes out while it is read.
    return this.session.midRound && this.#spill();
  }

  #spill(): boolean {
    let writable = true;
    for (const part of this.#parts) writable = this.#body.write(part);
    this.#parts.length = 0;
    return writable;
  }

  #complete(): void {
    this.#completing = false;
    this.session.completeSoon();
  }

  close(): void {
    this.#spill();
    this.#body.end();
  }

  pause(): void {}
  resume(): void {}
  cork(): void {}
  uncork(): void {}
}
