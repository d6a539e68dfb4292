import { hash } from 'node:crypto';
import type { TokenClaims } from './claims.js';

const maxTokens = 10_000;
/** Characters of all tokens that are remembered. */
const maxLength = 8 * 1024 * 1024;

/** A token whose signature and claims were found right. */
export interface VerifiedToken {
  readonly claims: TokenClaims;
  /** Milliseconds since the Unix epoch. Undefined: it has no end. */
  readonly expiresAt: number | undefined;
}

interface Kept {
  readonly token: VerifiedToken;
  readonly length: number;
}

/**
 * Tokens that were verified, so that a client which connects again costs no signature. They stand under their hash: nobody finds a
 * token in the memory of the process that could be used elsewhere. The least recently used go first.
 */
export class VerifiedTokens {
  readonly #kept = new Map<string, Kept>();
  #length = 0;
  /** The generation of keys that verified them. */
  #generation = 0;

  get(text: string, generation: number): VerifiedToken | undefined {
    if (generation !== this.#generation) {
      this.#forgetAll(generation);
      return undefined;
    }
    const name = nameOf(text);
    const kept = this.#kept.get(name);
    // Their order matters to those alone who may have to go soon.
    if (kept && (this.#kept.size > maxTokens / 2 || this.#length > maxLength / 2)) {
      this.#kept.delete(name);
      this.#kept.set(name, kept);
    }
    return kept?.token;
  }

  add(text: string, generation: number, token: VerifiedToken): void {
    if (generation !== this.#generation) this.#forgetAll(generation);
    const name = nameOf(text);
    this.#delete(name);
    this.#kept.set(name, { token, length: text.length });
    this.#length += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxTokens && this.#length <= maxLength) return;
      this.#delete(oldest);
    }
  }

  delete(text: string): void {
    this.#delete(nameOf(text));
  }

  get size(): number {
    return this.#kept.size;
  }

  #delete(name: string): void {
    this.#length -= this.#kept.get(name)?.length ?? 0;
    this.#kept.delete(name);
  }

  #forgetAll(generation: number): void {
    this.#generation = generation;
    this.#kept.clear();
    this.#length = 0;
  }
}

function nameOf(text: string): string {
  return hash('sha256', text, 'base64');
}
