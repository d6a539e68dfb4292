import { type Logger, type MaybePromise, warn } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import type { Host } from '../base/authenticate.js';
import { Refusal } from '../base/refusal.js';
import type { JwtAlgorithm } from './algorithms.js';
import { FetchBudget } from './fetch-budget.js';
import { type KeyHint, type KeySource, select } from './key-source.js';
import { type PublishedKeys, readKeySet } from './key-set.js';
import type { VerifyingKey } from './verifying-key.js';

/** Keys are used this long without a look at their issuer. From `refreshMs` on they are fetched while they are used. */
const freshMs = 10 * 60_000;
const refreshMs = 8 * 60_000;
/** While the issuer cannot be reached they are used for so long. */
const staleMs = 24 * 3_600_000;
/** After a failure the next fetch is made this late; without any keys it begins with a second. */
const retryMs = 30_000;
const firstRetryMs = 1_000;

export interface RemoteKeysOptions {
  readonly url: string;
  /** Undefined: those of each key. */
  readonly algorithms: readonly JwtAlgorithm[] | undefined;
  readonly host: Host;
  readonly logger: Logger;
  /** Throws unless a token could pass if its key were known: only such a one is worth a fetch. */
  readonly foresee: (token: string) => void;
}

/**
 * The keys that an issuer publishes. This is not `createRemoteJWKSet` of jose, for three reasons: its cool-down begins with
 * any fetch, so invented key ids keep a rotated key out and log its users out as well, while here they are asked to try again;
 * it has no use for stale keys while the issuer is down; and it does not bound the answer.
 */
export class RemoteKeys implements KeySource {
  generation = 0;
  readonly #options: RemoteKeysOptions;
  readonly #budget = new FetchBudget();
  /** The URL for the log: its query may hold a secret. */
  readonly #place: string;
  #set: PublishedKeys = { keys: [], print: '' };
  /** When the fetch began that brought the set. */
  #asOf: number | undefined;
  #underWay: Promise<void> | undefined;
  #triedAt = -Infinity;
  /** Failures since the last success. */
  #failures = 0;

  constructor(options: RemoteKeysOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.url);
    this.#place = origin + pathname;
  }

  ready(): Promise<void> | undefined {
    const now = this.#options.host.now();
    const age = this.#ageAt(now);
    if (age < refreshMs) return undefined;
    const retryInMs = this.#retryInMs(now);
    // With traffic the issuer is asked again and again, and nobody waits for it.
    const isOutage = this.#failures > 0 && now - this.#triedAt < 2 * retryMs;
    if (age < freshMs || (isOutage && age < staleMs)) {
      if (retryInMs === 0 && !this.#underWay) void this.#fetch();
      return undefined;
    }
    if (!this.#underWay && retryInMs > 0) throw unreachable(retryInMs);
    return this.#refreshed();
  }

  find(hint: KeyHint, token: string): MaybePromise<readonly VerifyingKey[]> {
    const found = this.#select(hint);
    return found ?? this.#search(hint, token);
  }

  /** Looks for a key that nobody has seen. */
  async #search(hint: KeyHint, token: string): Promise<readonly VerifyingKey[]> {
    this.#options.foresee(token);
    if (this.#underWay) {
      await this.#underWay;
      const found = this.#select(hint);
      if (found) return found;
    }
    const { now } = this.#options.host;
    // One that others have begun meanwhile began after this token came.
    const waitMs = this.#underWay ? 0 : this.#retryInMs(now()) || this.#budget.ask(now());
    if (waitMs > 0) throw unavailable('The key of the token is looked up later.', waitMs);
    await (this.#underWay ?? this.#fetch());
    if (this.#failures > 0) throw unreachable(this.#retryInMs(now()));
    const found = this.#select(hint);
    if (!found) throw new Refusal('key');
    return found;
  }

  #select(hint: KeyHint): readonly VerifyingKey[] | undefined {
    const found = select(this.#set.keys, hint);
    if (found?.length === 0) throw new Refusal('algorithm');
    return found;
  }

  async #refreshed(): Promise<void> {
    await (this.#underWay ?? this.#fetch());
    const now = this.#options.host.now();
    if (this.#ageAt(now) >= staleMs) throw unreachable(this.#retryInMs(now));
  }

  /** Resolves when it is over, however it ends. */
  #fetch(): Promise<void> {
    const { url, host, algorithms, logger } = this.#options;
    const began = host.now();
    this.#triedAt = began;
    this.#budget.spend(began);
    this.#underWay = host
      .fetchDocument(url)
      .then((document) => readKeySet(document, algorithms))
      .then(
        (set) => this.#take(set, began),
        (error: unknown) => {
          if (this.#failures++ === 0) warn(logger, `The keys of ${this.#place} cannot be fetched.`, error);
        },
      )
      .finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  #take(set: PublishedKeys, began: number): void {
    const { logger } = this.#options;
    if (this.#failures > 0) logger.info(`The keys of ${this.#place} can be fetched again.`);
    if (set.keys.length === 0 && this.#set.print !== set.print)
      warn(logger, `${this.#place} has no key that can be used.`);
    this.#failures = 0;
    this.#asOf = began;
    if (set.print === this.#set.print) return;
    this.#set = set;
    this.generation++;
  }

  #ageAt(now: number): number {
    return this.#asOf === undefined ? Infinity : Math.abs(now - this.#asOf);
  }

  #retryInMs(now: number): number {
    if (this.#failures === 0) return 0;
    const pauseMs = this.#asOf === undefined ? Math.min(retryMs, firstRetryMs * 2 ** (this.#failures - 1)) : retryMs;
    return Math.max(0, Math.min(pauseMs, this.#triedAt + pauseMs - now));
  }
}

function unreachable(retryAfterMs: number): LongwaveError {
  return unavailable('The issuer of the tokens cannot be reached.', retryAfterMs);
}

/** Clients try again by themselves, with the same token: nobody is logged out. */
function unavailable(message: string, retryAfterMs: number): LongwaveError {
  return new LongwaveError('unavailable', message, { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) });
}
