import type { Ack, Done, ErrorFrame, Page, ReceivedOperation, Reply, Subscribed } from '@longwave/protocol';
import { maxInflight } from '@longwave/protocol/client';

/** A frame that answers a request. */
export type Answer = Ack | Done | ErrorFrame | Page<ReceivedOperation> | Reply | Subscribed;

/** Requests that were sent over the current link, and who waits for their answers. */
export class Answers {
  /** Called once, when nothing is in flight any more. */
  onIdle: (() => void) | undefined;
  /** Called after each answer: there may be room for a publish or call that waits. */
  onRoom: () => void = () => {};
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  /** Publishes and calls that the server has not answered (it takes 128 at a time), those that the caller has given up included. */
  readonly #inflight = new Set<number>();

  get idle(): boolean {
    return this.#inflight.size === 0;
  }

  /** The server takes no more publishes and calls now (LIM-1). */
  get full(): boolean {
    return this.#inflight.size >= maxInflight;
  }

  expect(id: number, onAnswer: (answer: Answer) => void): void {
    this.#waiting.set(id, onAnswer);
  }

  /** It counts towards `full` until it is answered. */
  count(id: number): void {
    this.#inflight.add(id);
  }

  /** Nobody waits for this answer any more. */
  forget(id: number): void {
    this.#waiting.delete(id);
  }

  /** Hands the answer over, or drops it where nobody waits. */
  settle(id: number, answer: Answer): void {
    const onAnswer = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#inflight.delete(id);
    onAnswer?.(answer);
    const { onIdle } = this;
    if (onIdle && this.idle) {
      this.onIdle = undefined;
      onIdle();
    } else this.onRoom();
  }

  /** No answer will come to publishes and calls in flight. */
  dropInflight(): void {
    for (const id of this.#inflight) this.#waiting.delete(id);
    this.#inflight.clear();
  }

  /** No answer will come at all. */
  clear(): void {
    this.#waiting.clear();
    this.#inflight.clear();
  }
}
