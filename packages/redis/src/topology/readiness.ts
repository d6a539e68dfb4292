import { UnavailableError } from '../links/request.js';

/** For who waits until everything stands. */
export class Readiness {
  readonly #waiting = new Set<{ resolve: () => void; reject: (error: Error) => void }>();
  #outcome: 'ready' | Error | undefined;

  wait(): Promise<void> {
    if (this.#outcome === 'ready') return Promise.resolve();
    if (this.#outcome) return Promise.reject(this.#outcome);
    return new Promise((resolve, reject) => this.#waiting.add({ resolve, reject }));
  }

  succeed(): void {
    this.#outcome = 'ready';
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Only what does not pass by itself is worth telling. */
  hear(error: Error): void {
    if (error instanceof UnavailableError && error.misconfigured) this.fail(error);
    else if (this.#outcome !== 'ready') this.#outcome = undefined;
  }

  fail(error: Error): void {
    this.#outcome = error;
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}
