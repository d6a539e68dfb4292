import * as Y from 'yjs';
import { keepPiecesMs } from '../../format/piece-age.js';
import { encodeCompacted } from '../../format/payload.js';
import { type Written, readMessages } from './read-messages.js';

/**
 * Returns one message that says all that these say. Deleted content is let go of; structs that wait for others, pieces of updates that
 * are not whole, and who wrote as which client of Yjs stay. Pieces whose first came a week before the newest message go: whoever
 * wrote them sends all of them again by then.
 */
export function compactUpdates(messages: readonly Written[]): Uint8Array {
  const { doc, pieces, since, authors } = readMessages(messages);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  const newest = messages.reduce((latest, { time }) => Math.max(latest, time), 0);
  const beganAt = (group: string): number => since.get(group) ?? newest;
  const kept = pieces.filter(({ group }) => newest - beganAt(group) < keepPiecesMs);
  return encodeCompacted({
    update,
    pieces: kept,
    since: Object.fromEntries(kept.map(({ group }) => [group, beganAt(group)])),
    authors: Object.fromEntries(authors),
  });
}
