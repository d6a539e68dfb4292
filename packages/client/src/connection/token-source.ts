import { LongwaveError } from '@longwave/protocol/client';
import type { ClientOptions } from '../base/options.js';
import { check, isToken } from '../base/check.js';

/** Calls back with the token, or with why there is none: at once for a fixed one. Never throws. */
export class TokenSource {
  /** A token that the server refused, and why: it is not offered again. */
  refused: { readonly token: string | undefined; readonly error: LongwaveError } | undefined;
  readonly #token: ClientOptions['token'];

  constructor(token: ClientOptions['token']) {
    this.#token = token;
  }

  /** Another token than the last may be had. */
  get renewable(): boolean {
    return typeof this.#token === 'function';
  }

  get(done: (token: string | undefined) => void, fail: (error: LongwaveError) => void): void {
    if (typeof this.#token !== 'function') return done(this.#token);
    let token: string | Promise<string>;
    try {
      token = this.#token();
    } catch (error) {
      return fail(toTokenError(error));
    }
    const take = (value: string): void => {
      try {
        check('token()', value, isToken);
      } catch (error) {
        return fail(toTokenError(error));
      }
      done(value);
    };
    if (typeof token === 'string') return take(token);
    Promise.resolve(token).then(take, (error: unknown) => fail(toTokenError(error)));
  }
}

function toTokenError(error: unknown): LongwaveError {
  if (error instanceof LongwaveError) return error;
  return new LongwaveError('unauthenticated', 'The token could not be had.', { cause: error });
}
