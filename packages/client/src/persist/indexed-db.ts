import type { KeptPublish, OutboxStorage } from './outbox-storage.js';

const storeName = 'publishes';

/** Storage in a database of its own in IndexedDB. Where the host has none, everything rejects. */
export function indexedDbStorage(name: string): OutboxStorage {
  let opened: Promise<IDBDatabase> | undefined;

  const open = async (): Promise<IDBDatabase> => {
    opened ??= openDatabase(`longwave-outbox:${name}`);
    try {
      return await opened;
    } catch (error) {
      // Another attempt may succeed, such as one after the user has made room.
      opened = undefined;
      throw error;
    }
  };
  const run = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const transaction = (await open()).transaction(storeName, mode);
    const request = act(transaction.objectStore(storeName));
    // Kept is only what is committed.
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted.'));
    });
    return request.result;
  };

  return {
    add: async (publish) => (await run('readwrite', (store) => store.add(publish))) as number,
    remove: async (key) => run('readwrite', (store) => store.delete(key)),
    list: async () => run<(KeptPublish & { key: number })[]>('readonly', (store) => store.getAll()),
    close: () => {
      opened?.then(
        (database) => database.close(),
        () => undefined,
      );
    },
  };
}

async function openDatabase(name: string): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') throw new Error('This host has no IndexedDB.');
  const request = indexedDB.open(name, 1);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () =>
      request.result.createObjectStore(storeName, { keyPath: 'key', autoIncrement: true });
    request.onsuccess = () => {
      // A page that deletes the database must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error('IndexedDB does not open.'));
    request.onblocked = () => reject(new Error('IndexedDB is blocked by another page.'));
  });
}
