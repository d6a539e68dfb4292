import type { Chunk, PollAnswer, ResponseBody } from '@longwave/core';
import type { PlainRequest } from './plain-request.js';

/** Bytes of an answer that may wait for its end. */
const waitingBytes = 16 * 1024;
const lineEnd = '\r\n';
const none: never[] = [];

/** The connection that an answer goes over. */
export interface AnswerCarrier {
  /** The present time, as `Date` has it (RFC 9110 §5.6.7). */
  date(): string;
  /** Sends a part of the answer. False: no more until `session.drained()`. */
  send(bytes: Uint8Array): boolean;
  /** Sends the last of it: the next request may be served. */
  finish(last: Chunk): void;
}

/**
 * The response to one request, head and body in one write if it is complete soon. It is of no use to its link any more when it has
 * ended: what came after it would be taken for a part of the next answer.
 */
export class DirectAnswer implements ResponseBody, PollAnswer {
  readonly #carrier: AnswerCarrier;
  readonly #request: PlainRequest;
  #parts: Uint8Array[] = none;
  #bytes = 0;
  #state: 'waiting' | 'chunked' | 'ended' = 'waiting';

  constructor(carrier: AnswerCarrier, request: PlainRequest) {
    this.#carrier = carrier;
    this.#request = request;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state === 'ended') return false;
    if (this.#bytes === 0) this.#parts = [bytes];
    else this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.#state === 'waiting' && this.#bytes < waitingBytes) return true;
    return this.begin();
  }

  /** A poll, in one piece (HTTP-5). */
  answer(chunks: readonly Chunk[]): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    const body = joinChunks(chunks);
    const isText = typeof body === 'string';
    const head = `${this.#head}Content-Length: ${isText ? Buffer.byteLength(body) : body.length}${lineEnd}${lineEnd}`;
    this.#carrier.finish(isText ? head + body : Buffer.concat([Buffer.from(head, 'latin1'), body]));
  }

  /** Sends what there is: the end will take a while. */
  begin(): boolean {
    if (this.#bytes === 0 || this.#state === 'ended') return true;
    return this.#carrier.send(this.#take(''));
  }

  end(): void {
    if (this.#state === 'ended') return;
    const last = this.#state === 'chunked' ? this.#take('0\r\n\r\n') : this.#takeWhole();
    this.#state = 'ended';
    this.#carrier.finish(last);
  }

  /** All of it but the field that says how long the body is. */
  get #head(): string {
    return `${this.#request.answerHead}Date: ${this.#carrier.date()}${lineEnd}`;
  }

  #takeWhole(): Uint8Array {
    return this.#pack(`${this.#head}Content-Length: ${this.#bytes}\r\n\r\n`, '');
  }

  /** Returns the waiting parts as one chunk of HTTP (RFC 9112 §7.1), the first one with the head in front. */
  #take(last: string): Uint8Array {
    const head = this.#state === 'waiting' ? `${this.#head}Transfer-Encoding: chunked\r\n\r\n` : '';
    this.#state = 'chunked';
    if (this.#bytes === 0) return this.#pack(head, last);
    return this.#pack(`${head}${this.#bytes.toString(16)}${lineEnd}`, lineEnd + last);
  }

  #pack(before: string, after: string): Uint8Array {
    const packed = Buffer.allocUnsafe(before.length + this.#bytes + after.length);
    let at = packed.write(before, 0, 'latin1');
    for (const part of this.#parts) {
      packed.set(part, at);
      at += part.length;
    }
    if (after !== '') packed.write(after, at, 'latin1');
    this.#parts = none;
    this.#bytes = 0;
    return packed;
  }
}

/** Chunks of one wire as one. */
export function joinChunks(chunks: readonly Chunk[]): Chunk {
  if (typeof chunks[0] === 'string') return chunks.length === 1 ? chunks[0] : chunks.join('');
  return Buffer.concat(chunks as readonly Uint8Array[]);
}
