import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work in parts: others may go first wherever it yields. */
export type Parts<Result> = Generator<undefined, Result>;

/** Bytes of an update, or of several, that are worked on without a look at how many items they have. */
export const smallBytes = 64 * 1024;
/** Structs, deletions or clients that are worked on between two yields: a tenth of a millisecond, some where the code is not compiled yet. */
export const itemsPerPart = 1024;

export function atOnce<Result>(parts: Parts<Result>): Result {
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
  }
}

/** Each part in a turn of the event loop of its own, but for the first. */
export async function inTurns<Result>(parts: Parts<Result>): Promise<Result> {
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
    await nextTurn();
  }
}
