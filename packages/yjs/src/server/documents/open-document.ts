import { setImmediate } from 'node:timers/promises';
import type { DocumentContent } from '@longwave/core';
import * as Y from 'yjs';
import { type Written, readMessages } from '../compaction/read-messages.js';
import type { DocumentReader } from './document-reader.js';
import type { DocumentServer } from './document-server.js';

export interface OpenDocument extends Omit<DocumentContent, 'updates'> {
  readonly doc: Y.Doc;
}

/** A server's documents, with what reads them. */
export interface Reading<Reader extends DocumentReader = DocumentReader> {
  readonly server: DocumentServer;
  readonly reader: Reader;
}

/** Reads a document as a `Y.Doc`. Rejects when it cannot be read whole, never with an empty one in its place. */
export async function openDocument({ server, reader }: Reading, name: string): Promise<OpenDocument> {
  const { updates, ...content } = await server.engine.documents.share(name);
  return { ...content, doc: await buildDocument(reader, updates) };
}

/** A document that costs a millisecond or two: a thread would take longer. */
const smallBytes = 16 * 1024;
const smallCount = 200;

/** Makes a `Y.Doc` that says what the messages say, a little in each turn of the event loop. */
export async function buildDocument(reader: DocumentReader, messages: readonly Written[]): Promise<Y.Doc> {
  const bytes = messages.reduce((sum, { payload }) => sum + payload.length, 0);
  if (bytes <= smallBytes && messages.length <= smallCount) return readMessages(messages).doc;
  const slices = await reader.slices(messages);
  const doc = new Y.Doc();
  for (const slice of slices) {
    Y.applyUpdate(doc, slice);
    await setImmediate();
  }
  return doc;
}
