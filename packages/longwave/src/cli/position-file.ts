import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { Position } from '../client.js';

/** `EPOCH:OFFSET`. */
export function formatPosition({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}

/** Throws `InvalidArgumentError`. */
export function parsePosition(text: string): Position {
  const [, epoch, offset] = /^(.+):(\d{1,16})$/.exec(text.trim()) ?? [];
  if (epoch !== undefined && Number.isSafeInteger(Number(offset))) return { epoch, offset: Number(offset) };
  throw new InvalidArgumentError('A position is EPOCH:OFFSET, as --position prints it.');
}

/** The position that a file holds; undefined when there is no such file yet. Throws on one that holds something else. */
export function readPosition(file: string): Position | undefined {
  try {
    return parsePosition(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file as a whole: a crash leaves the old position or the new one. */
export function writePosition(file: string, position: Position): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${formatPosition(position)}\n`);
  renameSync(draft, file);
}
