import type { StoredPage } from '../base/ports.js';

/** A copy of bytes, which whoever gave them may change as soon as we return; of the same class, as schemas may ask for it. All else as it is. */
export function ownBytes(data: unknown): unknown {
  // Not `data.slice()`: of a Node Buffer that is a view.
  if (data instanceof Uint8Array) return Uint8Array.prototype.slice.call(data);
  if (data instanceof ArrayBuffer) return data.slice(0);
  if (!ArrayBuffer.isView(data)) return data;
  const { buffer, byteOffset, byteLength } = data;
  const copy = buffer.slice(byteOffset, byteOffset + byteLength);
  const View = data.constructor as new (bytes: typeof copy) => ArrayBufferView;
  return new View(copy);
}

/** For an application, which may change what it gets: bytes in it are not those that the store keeps. */
export function ownPage(page: StoredPage): StoredPage {
  const ops = page.ops.map((op) =>
    typeof op.payload === 'string' ? op : { ...op, payload: new Uint8Array(op.payload) },
  );
  return { ...page, ops };
}
