import * as Y from 'yjs';
import { Assembler } from '../../format/assembler.js';
import { decodePayload, encodeCompacted } from '../../format/payload.js';

/** A message of a document, and who wrote it. */
export interface Written {
  readonly payload: Uint8Array;
  readonly user?: string | undefined;
}

/**
 * Returns one message that says all that these say. Deleted content is let go of; structs that wait for others, and pieces of updates
 * that are not whole, stay. The first who brought content of a client id of Yjs is its author: later it may come from others, who only
 * pass it on.
 */
export function compactUpdates(messages: Iterable<Written>): Uint8Array {
  const doc = new Y.Doc();
  const authors = new Map<string, string>();
  const assembler = new Assembler();
  doc.transact(() => {
    for (const { payload, user } of messages) {
      const message = decodePayload(payload);
      if (message.kind === 'compacted') {
        for (const [client, author] of Object.entries(message.authors)) addAuthor(authors, client, author);
      }
      for (const update of assembler.add(message)) {
        if (user !== undefined) for (const client of clientsOf(update)) addAuthor(authors, String(client), user);
        Y.applyUpdate(doc, update);
      }
    }
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return encodeCompacted({ update, pieces: assembler.pieces, authors: Object.fromEntries(authors) });
}

function clientsOf(update: Uint8Array): Iterable<number> {
  return Y.parseUpdateMeta(update).from.keys();
}

function addAuthor(authors: Map<string, string>, client: string, author: string): void {
  if (!authors.has(client)) authors.set(client, author);
}
