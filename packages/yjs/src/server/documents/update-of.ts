import * as Y from 'yjs';

/** Makes one update of the changes that `change` makes; undefined: none. Throws what it throws. */
export function updateOf(doc: Y.Doc, change: (doc: Y.Doc) => unknown, of: string): Uint8Array | undefined {
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => void updates.push(update));
  const result = doc.transact(() => change(doc));
  if (result instanceof Promise) {
    // It would go on changing what nobody publishes any more.
    result.catch(() => undefined);
    throw new TypeError(`${of}: the function returns a promise; it must do its work at once.`);
  }
  return updates.length === 0 ? undefined : Y.mergeUpdates(updates);
}
