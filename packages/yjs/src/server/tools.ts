import { randomBytes } from 'node:crypto';
import * as Y from 'yjs';
import { encodeUpdates } from '../format/payload.js';
import { readMessages } from './compaction/read-messages.js';
import { updateOf } from './documents/update-of.js';
import { toJson, toText } from './documents/roots.js';
import { becomeLike, becomeText } from './versions/restore.js';

/** For tools that have a document from elsewhere, as its content over the HTTP API. */
export const documentTools = {
  /** The document that a content says. */
  open: (content: Uint8Array): Y.Doc => readMessages([{ payload: content, time: 0 }]).doc,
  text: toText,
  json: toJson,
  /** The messages to publish for what `change` does to the document: none where that is nothing. */
  messagesOf(doc: Y.Doc, change: (doc: Y.Doc) => void): readonly Uint8Array[] {
    const update = updateOf(doc, change, 'messagesOf');
    return update === undefined ? [] : encodeUpdates(update, () => randomBytes(8).toString('hex'));
  },
  becomeLike,
  setText: (doc: Y.Doc, root: string, text: string): void => becomeText(doc.getText(root), text),
  applyUpdate: (doc: Y.Doc, update: Uint8Array): void => Y.applyUpdate(doc, update),
};
