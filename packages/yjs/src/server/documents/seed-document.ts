import { createHash } from 'node:crypto';
import { LongwaveError } from '@longwave/protocol';
import * as Y from 'yjs';
import { encodeUpdates } from '../../format/payload.js';
import { type EditOptions, publishAll } from './edit-document.js';
import type { Reading } from './open-document.js';
import { updateOf } from './update-of.js';

/** All who seed write as this client of Yjs: the same content twice is the same content. */
const seedClient = 1;
/** Pieces of a seed that are so old, without the rest, were left by a node that is gone. */
const abandonedMs = 60_000;

/** As `ServerDocuments.seed`. */
export async function seedDocument(
  reading: Reading,
  name: string,
  fill: (doc: Y.Doc) => void,
  options: EditOptions,
): Promise<boolean> {
  const { server } = reading;
  const offset = await server.engine.documents.top(name);
  // Reads cost less than to make it in vain.
  if (offset > 0 && !(await isAbandoned(reading, name))) return false;
  const doc = new Y.Doc();
  doc.clientID = seedClient;
  const update = updateOf(doc, fill, 'seed') ?? Y.encodeStateAsUpdate(doc);
  // The pieces of the same content go together, whoever writes them.
  const group = createHash('sha256').update(update).digest('hex').slice(0, 16);
  const [first, ...rest] = encodeUpdates(update, () => group);
  try {
    await server.engine.publish(name, first, { ...options, expect: offset });
  } catch (error) {
    if (error instanceof LongwaveError && error.code === 'conflict') return false;
    throw error;
  }
  await publishAll(server, name, rest, options);
  return true;
}

/** A node died between the pieces of its seed. */
async function isAbandoned({ server, reader }: Reading, name: string): Promise<boolean> {
  const { updates } = await server.engine.documents.share(name);
  const newest = updates.at(-1)?.time ?? 0;
  if (server.engine.documents.now() - newest < abandonedMs) return false;
  const { isBlank, pieces } = await reader.condition(updates);
  return isBlank && pieces > 0;
}
