import { createHash, timingSafeEqual } from 'node:crypto';
import { GuessLimit } from './guess-limit.js';
import { HttpProblem } from '../http/problem.js';

/** Characters that a header can carry as a token (RFC 6750 §2.1), at most a line of them. */
const keyShape = /^[\x21-\x7e]{1,512}$/;

/** The keys that open the API. Only their hashes are kept. */
export class ApiKeys {
  readonly #hashes: readonly Buffer[];
  readonly #guesses: GuessLimit;

  /** Throws `RangeError` on a key that no Authorization header could carry, such as an empty one. */
  constructor(keys: readonly string[], now: () => number) {
    this.#guesses = new GuessLimit(now);
    for (const key of keys) {
      if (!keyShape.test(key)) throw new RangeError('An API key is 1 to 512 visible ASCII characters.');
    }
    this.#hashes = keys.map(hash);
  }

  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /**
   * Throws `unauthenticated` unless `authorization` is `Bearer KEY` with one of the keys. Takes the same time for each.
   * Throws `rate-limited` when too many wrong ones came from `address`.
   */
  check(authorization: string | undefined, address: string | undefined): void {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) {
      throw new HttpProblem('unauthenticated', "The header 'Authorization: Bearer KEY' is missing.");
    }
    const hashed = hash(given);
    let known = false;
    for (const each of this.#hashes) known = timingSafeEqual(each, hashed) || known;
    if (known) return;
    const waitMs = this.#guesses.count(address);
    if (waitMs > 0)
      throw new HttpProblem('rate-limited', 'Too many wrong API keys came from this address.', 429, waitMs);
    throw new HttpProblem('unauthenticated', 'The API key is not known.');
  }
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
