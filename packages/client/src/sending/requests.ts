import type { ClientFrame } from '@longwave/protocol';
import { LongwaveError, maxInflight } from '@longwave/protocol/client';
import type { RequestOptions } from '../api/api.js';
import type { Clock } from '../base/ports.js';
import type { Answer } from '../connection/answers.js';
import type { Fate, FrameSender } from '../connection/frame-sender.js';
import { watchDeadline } from './deadline.js';
import { toError } from '../connection/to-error.js';

/** Half of what the server takes at a time: the rest is for publishes, however long the calls last. */
const maxSent = maxInflight / 2;
/** Requests that wait to be sent; beyond it they are refused. */
const maxWaiting = 1_000;

type AnswerOf<Type extends Answer['type']> = Extract<Answer, { readonly type: Type }>;

export interface RequestSpec<Type extends Answer['type']> extends RequestOptions {
  /** The type of frame that answers it. */
  readonly expects: Type;
  /**
   * Safe to send again on the next connection. A request that is not repeated waits for `connected`, so that it surely
   * counts.
   */
  readonly repeat: boolean;
  readonly resolve: (answer: AnswerOf<Type>) => void;
  readonly reject: (error: unknown) => void;
}

/** One request. Without `build` it is not ready to be sent. */
export interface Request {
  build: ((id: number) => ClientFrame) | undefined;
  cancel(): void;
}

interface Entry extends Request {
  readonly spec: RequestSpec<Answer['type']>;
  readonly stopDeadline: () => void;
  id: number | undefined;
}

/** Requests with one answer each: they wait for the connection, and for at most `maxSent` before them. */
export class Requests {
  readonly #sender: FrameSender;
  readonly #clock: Clock;
  readonly #waiting = new Set<Entry>();
  readonly #sent = new Set<Entry>();

  constructor(sender: FrameSender, clock: Clock) {
    this.#sender = sender;
    this.#clock = clock;
  }

  add<Type extends Answer['type']>(spec: RequestSpec<Type>, build?: (id: number) => ClientFrame): Request {
    const entry: Entry = {
      // `expects` is checked before `resolve` is called.
      spec: spec as unknown as RequestSpec<Answer['type']>,
      build,
      id: undefined,
      stopDeadline: watchDeadline(this.#clock, spec, spec.expects, (error) => this.#fail(entry, error)),
      cancel: () => this.#remove(entry),
    };
    if (spec.signal?.aborted) this.#fail(entry, spec.signal.reason);
    else if (this.#waiting.size >= maxWaiting) {
      this.#fail(entry, new LongwaveError('outbox-full'));
    } else {
      this.#waiting.add(entry);
      this.pump();
    }
    return entry;
  }

  /** As `add`. Resolves with the answer. */
  ask<Type extends Answer['type']>(
    expects: Type,
    repeat: boolean,
    options: RequestOptions,
    build: (id: number) => ClientFrame,
  ): Promise<AnswerOf<Type>> {
    return new Promise((resolve, reject) => {
      this.add({ ...options, expects, repeat, resolve, reject }, build);
    });
  }

  /** Sends what may be sent. */
  pump(): void {
    for (const entry of this.#waiting) {
      if (this.#sent.size >= maxSent || this.#sender.full) return;
      const { build, spec } = entry;
      if (!build || !(spec.repeat ? this.#sender.open : this.#sender.connected)) continue;
      this.#send(entry, build);
    }
  }

  /** The link has ended: what can be repeated goes back in front, what cannot has an unknown fate (CALL-2). */
  onDown(fate: Fate): void {
    const later = [...this.#waiting];
    const sent = [...this.#sent];
    this.#waiting.clear();
    this.#sent.clear();
    for (const entry of sent) {
      if (entry.spec.repeat || fate === 'unhandled') this.#waiting.add(entry);
      else this.#fail(entry, new LongwaveError('connection-lost'));
    }
    for (const entry of later) this.#waiting.add(entry);
  }

  end(error: LongwaveError): void {
    for (const entry of [...this.#sent, ...this.#waiting]) this.#fail(entry, error);
  }

  #send(entry: Entry, build: (id: number) => ClientFrame): void {
    const id = this.#sender.nextId();
    const encoded = this.#sender.codec.encode(build(id));
    const error = this.#sender.excess(encoded);
    if (error) return this.#fail(entry, error);
    this.#waiting.delete(entry);
    this.#sent.add(entry);
    entry.id = id;
    this.#sender.requestCounted(id, encoded, (answer) => this.#settle(entry, answer));
  }

  #settle(entry: Entry, answer: Answer): void {
    if (answer.type === entry.spec.expects) {
      this.#remove(entry);
      entry.spec.resolve(answer);
    } else this.#fail(entry, toError(answer));
  }

  #fail(entry: Entry, error: unknown): void {
    this.#remove(entry);
    entry.spec.reject(error);
  }

  #remove(entry: Entry): void {
    entry.stopDeadline();
    this.#waiting.delete(entry);
    if (this.#sent.delete(entry)) this.#sender.answers.forget(entry.id!);
  }
}
