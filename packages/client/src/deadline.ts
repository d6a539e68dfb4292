import { LongwaveError } from '@longwave/protocol';
import type { RequestOptions } from './api.js';
import type { Clock, Timer } from './ports.js';

/**
 * The time limit and the signal of one request: calls `onOver` once, unless cancelled before. A
 * signal that is aborted already is the caller's to look at.
 */
export class Deadline {
  readonly #timer: Timer | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;

  constructor(clock: Clock, { timeoutMs, signal }: RequestOptions, onOver: (error: unknown) => void) {
    const finish = (error: unknown): void => {
      this.cancel();
      onOver(error);
    };
    this.#onAbort = () => finish(signal?.reason);
    this.#signal = signal;
    if (timeoutMs !== undefined) this.#timer = clock.setTimer(() => finish(new LongwaveError('timeout')), timeoutMs);
    signal?.addEventListener('abort', this.#onAbort);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
