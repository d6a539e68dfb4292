import type { VersionDifference, VersionPart } from '../../shared/write-versions.js';

/** A kept run that is longer is cut in its middle. */
const maxKept = 400;
const keptEnd = 160;
const maxParts = 400;
const maxCharacters = 40_000;

/** A difference of a size that one answer holds: around the changes, not all of the text. */
export function shortenDifference(parts: readonly VersionPart[]): VersionDifference {
  const shown: VersionPart[] = [];
  let left = maxCharacters;
  for (const part of parts) {
    if (shown.length === maxParts || left <= 0) return { parts: shown, isCut: true };
    const text = part.change === 'kept' ? shortenKept(part.text) : part.text.slice(0, left);
    left -= text.length;
    shown.push({ change: part.change, text, ...(part.user !== undefined && { user: part.user }) });
    if (part.change !== 'kept' && text.length < part.text.length) return { parts: shown, isCut: true };
  }
  return { parts: shown, isCut: false };
}

function shortenKept(text: string): string {
  return text.length <= maxKept ? text : `${text.slice(0, keptEnd)} … ${text.slice(-keptEnd)}`;
}
