import { randomBytes } from 'node:crypto';
import { LongwaveError, type RulesOf, option } from '@longwave/protocol';
import type * as Y from 'yjs';
import { encodeUpdates } from '../../format/payload.js';
import type { DocumentServer } from './document-server.js';
import { type Reading, openDocument } from './open-document.js';
import { updateOf } from './update-of.js';

/** The author of an edit. */
export interface EditOptions {
  /** The user in whose name it is made, the author of what it inserts. Default: nobody. */
  readonly user?: string;
}

export const editRules: RulesOf<EditOptions> = { user: option.text };

/** Publishes at once, in the order of the pieces. */
const atOnce = 64;

/** As `ServerDocuments.edit`. */
export async function editDocument(
  reading: Reading,
  name: string,
  change: (doc: Y.Doc) => void,
  options: EditOptions,
): Promise<boolean> {
  const { doc, bytes } = await openDocument(reading, name);
  const update = updateOf(doc, change, 'edit');
  if (update === undefined) return false;
  await publishUpdate(reading.server, name, update, bytes, options);
  return true;
}

/** Stores an update of a document that has so many bytes. Rejects with `too-large` before it stores a part of one that has no room. */
export async function publishUpdate(
  server: DocumentServer,
  name: string,
  update: Uint8Array,
  bytes: number,
  options: EditOptions,
): Promise<void> {
  const messages = encodeUpdates(update, makeGroup);
  const size = messages.reduce((sum, { length }) => sum + length, 0);
  await makeRoom(server, name, bytes, size);
  await publishAll(server, name, messages, options);
}

/** Pieces of an update that is refused half-way would stay: so it is refused before the first. */
async function makeRoom({ engine }: DocumentServer, name: string, bytes: number, added: number): Promise<void> {
  const most = engine.documents.maxBytes(name);
  if (bytes + added <= most) return;
  await engine.documents.compact(name);
  const left = await engine.documents.share(name);
  if (left.bytes + added <= most) return;
  throw new LongwaveError('too-large', `The document has ${left.bytes} bytes; with ${added} more it is above ${most}.`);
}

/** Resolves when all messages are stored. */
export async function publishAll(
  { engine }: DocumentServer,
  name: string,
  messages: readonly Uint8Array[],
  options: EditOptions,
): Promise<void> {
  for (let start = 0; start < messages.length; start += atOnce) {
    await Promise.all(messages.slice(start, start + atOnce).map((message) => engine.publish(name, message, options)));
  }
}

function makeGroup(): string {
  return randomBytes(8).toString('hex');
}
