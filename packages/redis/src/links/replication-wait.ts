import type { ResolvedOptions } from '../options.js';
import type { Link } from './link.js';
import { UnavailableError } from './request.js';

interface Round {
  readonly outcome: Promise<number>;
  settle(connection: number): void;
  fail(error: Error): void;
}

/** `WAIT` for many appends at once: one is under way at a time, and the next covers all that were sent until then. */
export class ReplicationWait {
  readonly #link: Link;
  readonly #replicas: number;
  readonly #timeoutMs: number;
  #next: Round | undefined;
  #isWaiting = false;

  constructor(link: Link, { replicas, replicaTimeoutMs }: ResolvedOptions) {
    this.#link = link;
    this.#replicas = replicas;
    this.#timeoutMs = replicaTimeoutMs;
  }

  /** Replicas have all that the link was given before this call. Returns the connection this is true of. */
  confirm(): Promise<number> {
    if (!this.#next) {
      this.#next = newRound();
      // All appends of this turn go with the first.
      if (!this.#isWaiting) setImmediate(() => this.#begin());
    }
    return this.#next.outcome;
  }

  #begin(): void {
    const round = this.#next;
    if (!round || this.#isWaiting) return;
    this.#next = undefined;
    this.#isWaiting = true;
    this.#link
      .request('WAIT', () => [this.#replicas, this.#timeoutMs])
      .then(({ reply, connection }) => {
        if (Number(reply) >= this.#replicas) return round.settle(connection);
        round.fail(
          new UnavailableError(
            `${String(reply)} of ${this.#replicas} replicas had the append within ${this.#timeoutMs} ms: it is stored and may be ` +
              `lost by a failover. Try again, as a retry.`,
          ),
        );
      }, round.fail)
      .finally(() => {
        this.#isWaiting = false;
        this.#begin();
      });
  }
}

function newRound(): Round {
  const { promise, resolve, reject } = withResolvers<number>();
  // Appends that are refused do not look.
  promise.catch(() => undefined);
  return { outcome: promise, settle: resolve, fail: reject };
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
}
