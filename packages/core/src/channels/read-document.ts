import { LongwaveError, type Operation } from '@longwave/protocol';
import type { Store } from '../base/ports.js';
import type { DocumentContent, DocumentUpdate } from './document-format.js';

/** Operations asked from the store at once: some milliseconds of the event loop where it answers at once. */
const pageSize = 250;
/** Times that it is read anew because it was compacted meanwhile. */
const maxTries = 10;

/**
 * Reads all updates of a document, page by page, and waits for `pause` after each but the last: a store may answer at once. Rejects
 * with `unavailable` when the store cannot be reached.
 */
export async function readDocument(store: Store, key: string, pause: () => Promise<void>): Promise<DocumentContent> {
  for (let tries = 0; tries < maxTries; tries++) {
    const content = await tryToRead(store, key, pause);
    if (content) return content;
  }
  throw new LongwaveError('unavailable', `'${key}' changes too fast to be read.`);
}

/** Undefined: it was compacted, or is another log now. */
async function tryToRead(store: Store, key: string, pause: () => Promise<void>): Promise<DocumentContent | undefined> {
  const first = await store.read(key, { after: 0, limit: pageSize });
  const { epoch, floor, top } = first;
  const ops: Operation[] = [...first.ops];
  while ((ops.at(-1)?.offset ?? floor) < top) {
    await pause();
    const page = await store.read(key, { after: ops.at(-1)?.offset ?? floor, limit: pageSize });
    if (page.epoch !== epoch || page.floor !== floor || page.ops.length === 0) return undefined;
    ops.push(...page.ops);
  }
  const updates = ops.map(toUpdate);
  const bytes = updates.reduce((sum, { payload }) => sum + payload.length, 0);
  return { epoch, offset: ops.at(-1)?.offset ?? top, updates, bytes };
}

function toUpdate({ payload, user, time }: Operation): DocumentUpdate {
  // Only bytes are stored in a document.
  return { payload: payload as Uint8Array, user, time };
}
