import type * as Y from 'yjs';

/** One replaced stretch of a text. */
interface TextChange {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** The smallest stretch that differs, whole characters of it. */
export function changeBetween(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  // Not between the two halves of a character.
  if (start > 0 && isHighHalf(before.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (end > 0 && isLowHalf(before.charCodeAt(before.length - end))) end--;
  return { at: start, removed: before.length - start - end, inserted: after.slice(start, after.length - end) };
}

/** Writes into a shared text only what differs, so that what others type beside it stays. */
export function writeText(text: Y.Text, after: string): void {
  const { at, removed, inserted } = changeBetween(text.toJSON(), after);
  if (removed > 0) text.delete(at, removed);
  if (inserted !== '') text.insert(at, inserted);
}

/** Where a caret goes when the text around it changes. */
export function moveCaret(caret: number, before: string, after: string): number {
  const { at, removed, inserted } = changeBetween(before, after);
  if (caret <= at) return caret;
  return caret >= at + removed ? caret + inserted.length - removed : at + inserted.length;
}

function isHighHalf(code: number): boolean {
  return code >= 0xd8_00 && code <= 0xdb_ff;
}

function isLowHalf(code: number): boolean {
  return code >= 0xdc_00 && code <= 0xdf_ff;
}
