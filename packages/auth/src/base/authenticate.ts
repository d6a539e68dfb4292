import { type ConnectionInfo, type Identity, type MaybePromise, adopt, isPromise } from '@longwave/core';

/**
 * The option `authenticate` of `createServer`: who a client is, by its token and its request. Every function has a `length`; it
 * stands here because TypeScript looks at a generic call whose result is a mere function too late to know the claims in the rest
 * of `createServer({ authenticate: jwt(...), authorize })`.
 */
export type Authenticate<Claims = unknown> = ((
  token: string | undefined,
  info: ConnectionInfo,
) => MaybePromise<Identity<Claims>>) & { readonly length: number };

/** The type of the claims of an identity. `never`: it has none. */
export type ClaimsOf<Found> = Found extends { readonly claims?: infer Claims }
  ? 'claims' extends keyof Found
    ? Exclude<Claims, undefined>
    : never
  : never;

/** The time and the network, which tests move and take away. */
export interface Host {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Returns the document at `url`, within its limits of time and bytes. */
  readonly fetchDocument: (url: string) => Promise<unknown>;
}

/** Applies `next` now if `value` is at hand, else when it arrives. Anything with a `then` is waited for. */
export function chain<T, U>(
  value: T | PromiseLike<T>,
  next: (value: T) => MaybePromise<U>,
  failed?: (error: unknown) => MaybePromise<U>,
): MaybePromise<U> {
  const at = adopt(value);
  return isPromise(at) ? at.then(next, failed) : next(at);
}
