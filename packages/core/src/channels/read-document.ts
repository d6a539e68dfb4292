import { LongwaveError, type Operation, type Position } from '@longwave/protocol';
import type { Store } from '../base/ports.js';
import type { DocumentContent, DocumentSize, DocumentUpdate } from './document-format.js';

/** Operations asked from the store at once: some milliseconds of the event loop where it answers at once. */
const pageSize = 250;
/** Times that it is read anew because it was compacted meanwhile. */
const maxTries = 10;

/**
 * Reads all updates of a document, page by page, and waits for `pause` after each but the last: a store may answer at once. Rejects
 * with `unavailable` when the store cannot be reached.
 */
export async function readDocument(store: Store, key: string, pause: () => Promise<void>): Promise<DocumentContent> {
  const updates: DocumentUpdate[] = [];
  const { epoch, offset } = await eachPage(store, key, pause, {
    begin: () => void (updates.length = 0),
    take: (ops) => {
      for (const op of ops) updates.push(toUpdate(op));
    },
  });
  const bytes = updates.reduce((sum, { payload }) => sum + payload.length, 0);
  return { epoch, offset, updates, bytes };
}

/** As `readDocument`, and keeps nothing of what it reads. */
export async function measureDocument(store: Store, key: string, pause: () => Promise<void>): Promise<DocumentSize> {
  let size = { bytes: 0, snapshotBytes: 0, updates: 0 };
  await eachPage(store, key, pause, {
    begin: () => (size = { bytes: 0, snapshotBytes: 0, updates: 0 }),
    take: (ops) => {
      for (const { offset, payload } of ops) {
        const isSnapshot = size.bytes === 0 && offset > 1;
        size.bytes += payload.length;
        if (isSnapshot) size.snapshotBytes = payload.length;
        else size.updates++;
      }
    },
  });
  return size;
}

interface Pages {
  /** Also each time that it begins anew. */
  begin(): void;
  take(ops: readonly Operation[]): void;
}

async function eachPage(store: Store, key: string, pause: () => Promise<void>, pages: Pages): Promise<Position> {
  for (let tries = 0; tries < maxTries; tries++) {
    pages.begin();
    const end = await tryEachPage(store, key, pause, pages);
    if (end) return end;
  }
  throw new LongwaveError('unavailable', `'${key}' changes too fast to be read.`);
}

/** Undefined: it was compacted, or is another log now. */
async function tryEachPage(
  store: Store,
  key: string,
  pause: () => Promise<void>,
  { take }: Pages,
): Promise<Position | undefined> {
  const first = await store.read(key, { after: 0, limit: pageSize });
  const { epoch, floor, top } = first;
  let last = first.ops.at(-1)?.offset;
  take(first.ops);
  while ((last ?? floor) < top) {
    await pause();
    const page = await store.read(key, { after: last ?? floor, limit: pageSize });
    if (page.epoch !== epoch || page.floor !== floor || page.ops.length === 0) return undefined;
    take(page.ops);
    last = page.ops.at(-1)!.offset;
  }
  return { epoch, offset: last ?? top };
}

function toUpdate({ payload, user, time }: Operation): DocumentUpdate {
  // Only bytes are stored in a document.
  return { payload: payload as Uint8Array, user, time };
}
