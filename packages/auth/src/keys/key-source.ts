import type { MaybePromise } from '@longwave/core';
import type { JwtAlgorithm } from './algorithms.js';
import type { VerifyingKey } from './verifying-key.js';

/** The part of a token's header that says which key signed it. */
export interface KeyHint {
  readonly algorithm: JwtAlgorithm;
  readonly kid: string | undefined;
}

/** The keys that sign tokens. */
export interface KeySource {
  /** Rises when the keys change: nothing that older ones verified counts any more. */
  readonly generation: number;
  /** Undefined: the keys may be used as they are. A promise: they are being fetched. Throws `unavailable`. */
  ready(): Promise<void> | undefined;
  /** The keys that may have signed it, one at least. Throws a `Refusal` where there is none, `unavailable` where none can be had. */
  find(hint: KeyHint, token: string): MaybePromise<readonly VerifyingKey[]>;
}

/** Keys of one id, or without any, that are tried for one token. */
const maxTried = 4;

/**
 * Those of `keys` that may have signed a token. Undefined: its key is not among them. Empty: it is, and is not for this algorithm. A
 * key without an id may have signed whatever names an id that no other has.
 */
export function select(
  keys: readonly VerifyingKey[],
  { kid, algorithm }: KeyHint,
): readonly VerifyingKey[] | undefined {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  const meant = named.length > 0 ? named : keys.filter((key) => key.kid === undefined);
  if (meant.length === 0) return undefined;
  return meant.filter(({ algorithms }) => algorithms.includes(algorithm)).slice(0, maxTried);
}
