import { type ConnectionInfo, type Identity, type Logger, type MaybePromise } from '@longwave/core';
import { consoleLogger } from '@longwave/node';
import { LongwaveError, checkOptions, describeValue, option } from '@longwave/protocol';
import { type Authenticate, type ClaimsOf, chain } from './base/authenticate.js';
import { Refusal } from './base/refusal.js';
import { isCookieName, readCookie } from './cookies/read-cookie.js';

/** A lookup that fails is told no more often. */
const tellEveryMs = 60_000;

/** Options of `cookie`. */
export interface CookieOptions {
  /** Gets the error of a lookup that failed. Default: the console. */
  readonly logger?: Logger;
}

/**
 * Looks up a session by the value of its cookie. Returns the identity, or undefined where there is no such session. An error
 * says that sessions cannot be looked up now.
 */
export type CookieLookup<Found extends Identity = Identity> = (
  value: string,
  request: ConnectionInfo,
) => MaybePromise<Found | null | undefined>;

/**
 * Returns an `authenticate` that finds the session of a browser by the cookie `name` of its request. `lookup` is given the value as it
 * stands in the header, without quotes, and the request. It is asked once for each WebSocket, and for each HTTP request.
 *
 * A browser sends cookies along with what pages of other sites ask for. So the server admits only pages of its own origin, or
 * of `allowedOrigins`; with `allowedOrigins: '*'` it takes cookies away from pages of other sites.
 *
 * A client without the cookie, or without a session, is refused with `unauthenticated`. A lookup that throws answers with
 * `unavailable`, and the client tries again by itself; a `LongwaveError` is passed on as it is.
 *
 * Throws `TypeError` where `name` is no name of a cookie, or `lookup` no function.
 *
 * @example
 * ```ts
 * const server = createServer({
 *   channels,
 *   authenticate: cookie('__Host-sid', async (value) => sessions.get(value)),
 * });
 * ```
 */
export function cookie<Found extends Identity>(
  name: string,
  lookup: CookieLookup<Found>,
  options: CookieOptions = {},
): Authenticate<ClaimsOf<Found>> {
  if (!isCookieName(name))
    throw new TypeError(`cookie: name is ${describeValue(name)}; it must be a name such as 'sid'.`);
  if (typeof lookup !== 'function')
    throw new TypeError(`cookie: lookup is ${describeValue(lookup)}; it must be a function.`);
  checkOptions('cookie', options, { logger: option.methods('a logger', 'error', 'info') });
  const { logger = consoleLogger } = options;
  let toldAt = -Infinity;
  const found = (identity: Found | null | undefined): Identity<ClaimsOf<Found>> => {
    if (identity === undefined || identity === null) throw new Refusal('session');
    return identity as Identity<ClaimsOf<Found>>;
  };
  const failed = (error: unknown): never => {
    if (error instanceof LongwaveError) throw error;
    const now = Date.now();
    // Where all clients come again, one line tells it.
    if (Math.abs(now - toldAt) >= tellEveryMs) {
      toldAt = now;
      logger.error('A session could not be looked up by its cookie.', error);
    }
    throw new LongwaveError('unavailable', 'Sessions cannot be looked up now.', { cause: error });
  };
  return (_, info) => {
    const value = readCookie(info.headers['cookie'], name);
    if (value === undefined || value === '') throw new Refusal('no-cookie');
    let identity: MaybePromise<Found | null | undefined>;
    try {
      identity = lookup(value, info);
    } catch (error) {
      return failed(error);
    }
    return chain(identity, found, failed);
  };
}
