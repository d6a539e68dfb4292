import { LongwaveError, isWellFormed } from '@longwave/protocol';

/**
 * Texts that the application gives, by their names (WIRE-10). Throws `invalid-data` for one that is not well-formed: stored as
 * UTF-8, it would become the same as others.
 */
export function requireTexts(texts: Readonly<Record<string, unknown>>): void {
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    if (typeof text !== 'string') {
      throw new LongwaveError('invalid-data', `'${name}' is of type ${typeof text}; it has to be a text.`);
    }
    if (!isWellFormed(text)) {
      throw new LongwaveError('invalid-data', `'${name}' has a lone surrogate; it has to be well-formed Unicode.`);
    }
  }
}
