import type { Environment, TransportMemory } from '../base/ports.js';

type PageStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Where to listen: a page has all three, a worker only the first, Node none. */
interface Host {
  readonly addEventListener?: typeof globalThis.addEventListener;
  readonly removeEventListener?: typeof globalThis.removeEventListener;
  readonly document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly navigator?: { readonly onLine?: boolean; readonly connection?: { readonly type?: string } };
  readonly localStorage?: PageStorage;
}

/** The browser's signals that a connection may be had, or lost, unnoticed. */
export function hostEnvironment(host: Host = globalThis): Environment {
  return {
    onWake: (listener) => {
      const { document } = host;
      const wake = ({ type }: { readonly type: string }): void => {
        if (type === 'online' || type === 'offline') listener(type);
        else if (!document || document.visibilityState === 'visible') listener('visible');
      };
      const change = (method: 'addEventListener' | 'removeEventListener'): void => {
        // A page out of the back/forward cache has lost its connection without an event.
        for (const type of ['online', 'offline', 'pageshow']) host[method]?.(type, wake);
        document?.[method]('visibilitychange', wake);
      };
      change('addEventListener');
      return () => change('removeEventListener');
    },
    isOnline: () => host.navigator?.onLine,
    memory: hostMemory(host),
  };
}

/**
 * In the page's storage, by the kind of network where the browser tells it. It needs no expiry: on a lower transport the
 * better ones are tried soon, and what works is remembered. Without storage nothing is.
 */
function hostMemory(host: Host): TransportMemory {
  const use = (work: (storage: PageStorage, key: string) => string | null | void): string | undefined => {
    try {
      // Only a page has one worth asking for: Node warns when it is touched. It may be denied, or full.
      const storage = host.document && host.localStorage;
      return (storage && work(storage, `longwave.transport.${host.navigator?.connection?.type}`)) ?? undefined;
    } catch {
      return undefined;
    }
  };
  return {
    get: () => use((storage, key) => storage.getItem(key)),
    set: (name) => use((storage, key) => (name ? storage.setItem(key, name) : storage.removeItem(key))),
  };
}
