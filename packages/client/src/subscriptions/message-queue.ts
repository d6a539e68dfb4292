import type { LongwaveError, Message } from '@longwave/protocol';

export interface QueueEvents {
  /** A message goes to the application. */
  onTake(message: Message<unknown>): void;
  /** The queue is empty again. */
  onDrain(): void;
  /** The application left the loop. */
  onReturn(): void;
}

interface Waiter {
  readonly resolve: (result: IteratorResult<Message<unknown>, undefined>) => void;
  readonly reject: (error: LongwaveError) => void;
}

function withoutData({ meta }: Message<unknown>): Message<unknown> {
  return { data: undefined, meta: { ...meta, redacted: true } };
}

/** Messages on their way to an iteration. The bound is its owner's to keep: it looks at `size`. */
export class MessageQueue implements AsyncIterableIterator<Message<unknown>, undefined> {
  readonly #events: QueueEvents;
  #messages: Message<unknown>[] = [];
  #head = 0;
  #waiters: Waiter[] = [];
  /** Messages for waiters, until the end of the turn. */
  readonly #handed = new Set<{ message: Message<unknown> }>();
  #ended = false;
  #error: LongwaveError | undefined;

  constructor(events: QueueEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#messages.length - this.#head;
  }

  push(message: Message<unknown>): void {
    const waiter = this.#waiters.shift();
    if (!waiter) {
      this.#messages.push(message);
      return;
    }
    this.#events.onTake(message);
    // The application gets it after this turn, and a redaction in the same turn takes its data still.
    const handed = { message };
    this.#handed.add(handed);
    void Promise.resolve().then(() => {
      this.#handed.delete(handed);
      waiter.resolve({ value: handed.message, done: false });
    });
  }

  /** A message with this offset that the application has not got loses its data (RED-7). */
  redact(offset: number): void {
    for (const handed of this.#handed) {
      if (handed.message.meta.offset === offset) handed.message = withoutData(handed.message);
    }
    const at = this.#messages.findIndex(({ meta }, i) => i >= this.#head && meta.offset === offset);
    const message = this.#messages[at];
    if (message) this.#messages[at] = withoutData(message);
  }

  /** Messages in the queue still come; then the iteration ends, with `error` if there is one. */
  end(error: LongwaveError | undefined): void {
    this.#ended = true;
    this.#error = error;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) this.#finish(waiter);
  }

  clear(): void {
    this.#messages = [];
    this.#head = 0;
  }

  next(): Promise<IteratorResult<Message<unknown>, undefined>> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      const message = this.#shift();
      if (message) {
        this.#events.onTake(message);
        resolve({ value: message, done: false });
        if (this.size === 0) this.#events.onDrain();
      } else if (this.#ended) this.#finish(waiter);
      else this.#waiters.push(waiter);
    });
  }

  return(): Promise<IteratorResult<Message<unknown>, undefined>> {
    this.#events.onReturn();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #shift(): Message<unknown> | undefined {
    const message = this.#messages[this.#head];
    if (!message) return undefined;
    this.#head++;
    if (this.#head === this.#messages.length) this.clear();
    return message;
  }

  /** An error is thrown once, as by a generator. */
  #finish({ resolve, reject }: Waiter): void {
    const error = this.#error;
    this.#error = undefined;
    if (error) reject(error);
    else resolve({ value: undefined, done: true });
  }
}
