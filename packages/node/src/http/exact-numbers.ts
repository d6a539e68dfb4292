import { HttpProblem } from './problem.js';

/** A text or a number of JSON: texts are matched so that digits in them are not taken for numbers. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Only a text with one of these can hold a number that a double does not. */
const suspicious = /\d{16}|[eE]\+?\d{3}/;

/**
 * Throws `invalid-data` where a whole number of `text`, which is JSON, would be stored as another, as 64-bit ids are, or as
 * none at all: numbers of JSON are doubles here.
 */
export function requireExactNumbers(text: string): void {
  if (!suspicious.test(text)) return;
  for (const [found] of text.matchAll(token)) {
    if (found.startsWith('"')) continue;
    const value = Number(found);
    const isExact = /^-?\d+$/.test(found) ? BigInt(value) === BigInt(found) : Number.isFinite(value);
    if (isExact) continue;
    const shown = found.length > 40 ? `${found.slice(0, 40)}…` : found;
    throw new HttpProblem('invalid-data', `The number ${shown} cannot be kept exactly: send it as a text.`);
  }
}
