import { decodeProtectedHeader } from 'jose';
import { wireLimits } from '@longwave/protocol';
import { Refusal } from '../base/refusal.js';
import { type JwtAlgorithm, isAlgorithm } from '../keys/algorithms.js';
import type { KeyHint } from '../keys/key-source.js';
import { maxKidLength } from '../keys/verifying-key.js';

/**
 * Reads what a token says of its key. Nothing of it is proven: it chooses among the keys there are, and neither brings one nor an
 * address to get one from. Throws a `Refusal`.
 */
export function readHeader(token: string, accepted: ReadonlySet<JwtAlgorithm>): KeyHint {
  if (token.length > wireLimits.tokenLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    // One without a signature has its algorithm to blame, and is told so where it is `none`.
    throw new Refusal(/^[\w-]{1,200}\.[\w-]*\.$/.test(token) ? 'algorithm' : 'malformed');
  }
  let header;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw new Refusal('malformed');
  }
  const { alg, kid } = header as { readonly alg?: unknown; readonly kid?: unknown };
  if (typeof alg !== 'string') throw new Refusal('malformed');
  if (!isAlgorithm(alg) || !accepted.has(alg)) throw new Refusal('algorithm');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) throw new Refusal('malformed');
  return { algorithm: alg, kid };
}
