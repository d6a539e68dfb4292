import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from './problem.js';

/** What a header can carry as a token (RFC 6750 §2.1), and no more than a line. */
const keyShape = /^[\x21-\x7e]{1,512}$/;

/** The keys that open the API. Only their hashes are kept. */
export class ApiKeys {
  readonly #hashes: readonly Buffer[];

  /** Throws `RangeError` on a key that no Authorization header could carry, such as an empty one. */
  constructor(keys: readonly string[]) {
    for (const key of keys) {
      if (!keyShape.test(key)) throw new RangeError('An API key is 1 to 512 visible ASCII characters.');
    }
    this.#hashes = keys.map(hash);
  }

  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /** Throws `unauthenticated` unless `authorization` is `Bearer KEY` with one of the keys. Takes the same time for each. */
  check(authorization: string | undefined): void {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) {
      throw new HttpProblem('unauthenticated', "The header 'Authorization: Bearer KEY' is missing.");
    }
    const hashed = hash(given);
    let known = false;
    for (const each of this.#hashes) known = timingSafeEqual(each, hashed) || known;
    if (!known) throw new HttpProblem('unauthenticated', 'The API key is not known.');
  }
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
