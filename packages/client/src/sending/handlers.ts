import { callback, check, object } from '../base/check.js';
import type { CallChecks } from '../base/ports.js';

export type Handler = (input: unknown) => unknown;

/** Functions of the application that answer the server's calls (CALL-3). */
export class Handlers {
  /** Those around calls in both directions. */
  readonly checks: CallChecks | undefined;
  readonly #methods = new Map<string, Handler>();

  constructor(checks: CallChecks | undefined) {
    this.checks = checks;
  }

  get(method: string): Handler | undefined {
    return this.#methods.get(method);
  }

  /** Returns a function that removes them. */
  add(handlers: Readonly<Record<string, Handler>>): () => void {
    check('handlers', handlers, object);
    const added = Object.entries(handlers);
    for (const [method, handler] of added) check(method, handler, callback);
    for (const [method, handler] of added) this.#methods.set(method, handler);
    return () => {
      for (const [method, handler] of added) {
        if (this.#methods.get(method) === handler) this.#methods.delete(method);
      }
    };
  }
}
