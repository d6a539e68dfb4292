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

/** Messages on their way to an iteration. The bound is its owner's to keep: it looks at `size`. */
export class MessageQueue implements AsyncIterableIterator<Message<unknown>, undefined> {
  readonly #events: QueueEvents;
  #messages: Message<unknown>[] = [];
  #head = 0;
  #waiters: Waiter[] = [];
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
    waiter.resolve({ value: message, done: false });
  }

  /** A message that waits with this offset loses its data (RED-2). */
  redact(offset: number): void {
    const at = this.#messages.findIndex(({ meta }, i) => i >= this.#head && meta.offset === offset);
    const message = this.#messages[at];
    if (message) this.#messages[at] = { data: undefined, meta: { ...message.meta, redacted: true } };
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
