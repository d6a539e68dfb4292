import type { Logger } from '@longwave/core';
import { originOf } from '../options.js';

/** Says once that a server is away, and once that it is back, however many of its links fail and how often. */
export class Outage {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #down = new Set<string>();
  #said: string | undefined;

  constructor(name: string, logger: Logger) {
    this.#name = name;
    this.#logger = logger;
  }

  begins(link: string, error: Error): void {
    this.#down.add(link);
    // Another one while it lasts, as when it is there again and cannot be used.
    const kind = originOf(error);
    if (this.#said !== undefined && (this.#said === kind || !('misconfigured' in error && error.misconfigured))) return;
    this.#said = kind;
    this.#logger.error(`${this.#name} cannot be used; trying on. What is asked of it is rejected meanwhile.`, error);
  }

  ends(link: string): void {
    this.#down.delete(link);
    if (this.#down.size > 0 || this.#said === undefined) return;
    this.#said = undefined;
    this.#logger.info(`${this.#name} is back.`);
  }
}
