import type { StoredPage } from './ports.js';

/** A copy of bytes, which whoever gave them may change as soon as we return; of the same class, as schemas may ask for it. All else as it is. */
export function ownBytes(data: unknown): unknown {
  // Not `data.slice()`: of a Node Buffer that is a view.
  return data instanceof Uint8Array ? Uint8Array.prototype.slice.call(data) : data;
}

/** For an application, which may change what it gets: bytes in it are not those that the store keeps. */
export function ownPage(page: StoredPage): StoredPage {
  const ops = page.ops.map((op) =>
    typeof op.payload === 'string' ? op : { ...op, payload: new Uint8Array(op.payload) },
  );
  return { ...page, ops };
}
