import type { Replica } from '../processes/messages.js';

export interface DocumentsFound {
  readonly words: number;
  readonly acked: number;
  /** A line for each thing that must not be. */
  readonly violations: readonly string[];
}

/**
 * Judges the copies of documents that everybody has at the end, those of readers who came last included: all copies of one document are
 * equal, each word that was acknowledged is there, and no word is there twice.
 */
export function checkDocuments(replicas: readonly Replica[]): DocumentsFound {
  const violations: string[] = [];
  let words = 0;
  for (const document of new Set(replicas.map((copy) => copy.document))) {
    const copies = replicas.filter((copy) => copy.document === document);
    const first = copies[0]!;
    for (const { writer, text, problem } of copies) {
      if (problem !== undefined) violations.push(`${document}: ${writer} is not up to date: ${problem}`);
      if (text !== first.text)
        violations.push(
          `${document}: ${writer} has ${text.length} letters, ${first.writer} ${first.text.length}, and they differ`,
        );
    }
    const seen = new Map<string, number>();
    for (const word of first.text.split(';')) {
      const name = word.trim();
      if (name !== '') seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    words += seen.size;
    for (const [word, count] of seen) if (count > 1) violations.push(`${document}: '${word}' is there ${count} times`);
    for (const { writer, acked } of copies) {
      for (let n = 1; n <= acked; n++)
        if (!seen.has(`${writer}.${n}`)) violations.push(`${document}: '${writer}.${n}' was acknowledged and is lost`);
    }
  }
  return { words, acked: replicas.reduce((sum, { acked }) => sum + acked, 0), violations };
}
