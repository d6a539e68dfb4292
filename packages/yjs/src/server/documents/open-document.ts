import type { DocumentContent } from '@longwave/core';
import { type Assembled, readMessages } from '../compaction/read-messages.js';
import type { DocumentServer } from './document-server.js';

export type OpenDocument = Assembled &
  Omit<DocumentContent, 'updates'> & {
    /** When the newest update was stored, in milliseconds since the Unix epoch; 0 where there is none. */
    readonly newest: number;
  };

/** Reads a document. Rejects when it cannot be read whole, never with an empty one in its place. */
export async function openDocument({ engine }: DocumentServer, name: string): Promise<OpenDocument> {
  const { updates, ...content } = await engine.documents.read(name);
  return { ...content, ...readMessages(updates), newest: updates.at(-1)?.time ?? 0 };
}
