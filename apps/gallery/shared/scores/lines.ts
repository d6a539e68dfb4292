import type { CommentaryEntry, Correction, Happening } from './commentary.js';

/** An entry as it stands in the log. */
export interface Logged {
  readonly offset: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** The operator who entered it; the director has no name. */
  readonly by: string | undefined;
  readonly entry: CommentaryEntry;
}

interface Change {
  readonly text: string;
  readonly time: number;
  readonly by: string | undefined;
}

/** A happening with all that corrected it. */
export interface Line {
  readonly offset: number;
  readonly time: number;
  readonly by: string | undefined;
  readonly happening: Happening;
  /** The offset of the last entry that made it what it is: what a correction says it has seen. */
  readonly revision: number;
  /** As it reads now. */
  readonly text: string;
  /** As it read before, oldest first, and who changed that. */
  readonly earlier: readonly Change[];
  /** With the reason. */
  readonly withdrawn: Change | undefined;
}

export function isCorrection(entry: CommentaryEntry): entry is Correction {
  return entry.kind === 'edit' || entry.kind === 'withdrawal';
}

/**
 * The lines that a log of commentary makes, oldest first. A correction of what is not in it, because it was trimmed away,
 * changes nothing; nor does one of a line that was withdrawn.
 */
export function foldCommentary(log: Iterable<Logged>): readonly Line[] {
  const lines = new Map<number, Line>();
  for (const logged of log) addTo(lines, logged);
  return [...lines.values()];
}

function addTo(lines: Map<number, Line>, { offset, time, by, entry }: Logged): void {
  if (!isCorrection(entry)) {
    const { text } = entry;
    lines.set(offset, {
      offset,
      time,
      by,
      happening: entry,
      revision: offset,
      text,
      earlier: [],
      withdrawn: undefined,
    });
    return;
  }
  const line = lines.get(entry.of);
  if (!line || line.withdrawn) return;
  const next: Line =
    entry.kind === 'edit'
      ? { ...line, revision: offset, text: entry.text, earlier: [...line.earlier, { text: line.text, time, by }] }
      : { ...line, revision: offset, withdrawn: { text: entry.text, time, by } };
  lines.set(entry.of, next);
}
