import type { KeyHint, KeySource } from './key-source.js';
import { select } from './key-source.js';
import type { VerifyingKey } from './verifying-key.js';
import { Refusal } from '../base/refusal.js';

/** Keys that the application gave. */
export class LocalKeys implements KeySource {
  readonly generation = 0;
  readonly #keys: readonly VerifyingKey[];

  constructor(keys: readonly VerifyingKey[]) {
    this.#keys = keys;
  }

  ready(): undefined {
    return undefined;
  }

  find(hint: KeyHint): readonly VerifyingKey[] {
    const found = select(this.#keys, hint);
    if (!found) throw new Refusal('key');
    if (found.length === 0) throw new Refusal('algorithm');
    return found;
  }
}
