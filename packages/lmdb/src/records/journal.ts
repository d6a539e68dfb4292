import type { Operation } from '@longwave/protocol';
import { ByteReader } from './bytes.js';
import type { Databases } from './databases.js';
import { commitOf, partKey } from './keys.js';
import { readOperation } from './stored-operation.js';

/**
 * Yields the operations of the commits after `after` and up to `upTo`, of the channels that `isWatched` names, in
 * order. Must be called in the turn in which `upTo` was read.
 */
export function* readJournal(
  { journal }: Databases,
  after: number,
  upTo: number,
  isWatched: (channel: string) => boolean,
): Generator<{ readonly commit: number; readonly channel: string; readonly op: Operation }> {
  for (const { key, value } of journal.getRange({ start: partKey(after + 1, 0), end: partKey(upTo + 1, 0) })) {
    const reader = new ByteReader(value);
    reader.uint();
    while (reader.at < reader.end) {
      const channel = reader.text();
      const offset = reader.uint();
      const record = reader.bytes();
      if (isWatched(channel)) yield { commit: commitOf(key), channel, op: readOperation(record, offset) };
    }
  }
}
