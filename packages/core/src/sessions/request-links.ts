import { type CodecName, type Encoded, createServerCodec, eventText, packEvent } from '@longwave/protocol';
import type { ConnectionInfo } from '../base/authority.js';
import type { Chunk, LinkKind, Sink, Wire } from '../base/ports.js';
import type { Session } from './session.js';

/** The response to one HTTP request, as a host offers it. */
export interface ResponseBody {
  /** Takes the bytes, always. False: take no more until the link's `session.drained()`. */
  write(bytes: Uint8Array): boolean;
  /** Ends the response. `session.closed()` comes in any case when it is gone. */
  end(): void;
}

/** The wire of all streams of a codec (HTTP-2). */
export function createEventWire(codec: CodecName): Wire {
  return { codec: createServerCodec(codec), pack: packEvent };
}

/** The wire of all polls of a codec. Text stays text until the answer is sent: it becomes bytes once, with its head. */
export function createPollWire(codec: CodecName): Wire {
  return { codec: createServerCodec(codec), pack: packPoll };
}

function packPoll(message: Encoded): Chunk {
  return typeof message === 'string' ? eventText(message) : packEvent(message);
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

/** Units of one answer to a poll: what is more comes with the next. */
const pollUnits = 64 * 1024;

export interface PollOptions {
  /** How long the answer may be waited for. */
  readonly holdMs: number;
  /** Answers with the first frame, news or not: for a client that wants to know whether it is accepted. */
  readonly atOnce: boolean;
}

/** The answer to a poll, as a host offers it: complete when it is given. */
export interface PollAnswer {
  /** Sends it. `session.closed()` comes in any case when it is gone. */
  answer(chunks: readonly Chunk[]): void;
}

/**
 * A response that is complete with the first news, and with what else comes in a turn of the event loop (HTTP-5).
 * Until then nothing is written, so that a proxy that keeps responses back until their end does no harm.
 */
export class PollLink implements Sink {
  readonly wire: Wire;
  readonly kind = 'downstream';
  readonly holdMs: number;
  readonly info: ConnectionInfo | undefined;
  /** To be set before anything is received. */
  session!: Session;
  readonly #atOnce: boolean;
  readonly #to: PollAnswer;
  readonly #chunks: Chunk[] = [];
  #units = 0;
  /** There is something that the client waits for. */
  #hasNews = false;
  #ending = false;

  /** `info`: of a connection that is open, without headers. */
  constructor(wire: Wire, { holdMs, atOnce }: PollOptions, to: PollAnswer, info?: ConnectionInfo) {
    this.wire = wire;
    this.holdMs = holdMs;
    this.info = info;
    this.#atOnce = atOnce;
    this.#to = to;
  }

  write(chunk: Chunk, quiet = false): boolean {
    this.#chunks.push(chunk);
    this.#units += chunk.length;
    this.#hasNews ||= this.#atOnce || !quiet;
    if (this.#hasNews && !this.#ending) {
      this.#ending = true;
      this.session.context.pollEnds.add(this);
    }
    // A state is sent whole, however large.
    return this.#units < pollUnits || this.session.midRound;
  }

  /** Ends the poll, as soon as all that it asked has been looked at. */
  complete(): void {
    this.#ending = false;
    this.session.completeSoon();
  }

  break(error: unknown): void {
    this.session.break(error);
  }

  close(): void {
    this.#to.answer(this.#chunks);
  }

  pause(): void {}
  resume(): void {}
  cork(): void {}
  uncork(): void {}
}
