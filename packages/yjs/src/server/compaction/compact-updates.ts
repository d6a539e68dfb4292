import * as Y from 'yjs';
import { encodeCompacted } from '../../format/payload.js';
import { type Written, readMessages } from './read-messages.js';

/**
 * Returns one message that says all that these say. Deleted content is let go of; structs that wait for others, pieces of updates that
 * are not whole, and who wrote as which client of Yjs stay.
 */
export function compactUpdates(messages: Iterable<Written>): Uint8Array {
  const { doc, pieces, authors } = readMessages(messages);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return encodeCompacted({ update, pieces, authors: Object.fromEntries(authors) });
}
