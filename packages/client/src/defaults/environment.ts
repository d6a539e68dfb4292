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
      const online = (): void => listener('online');
      const offline = (): void => listener('offline');
      const visible = (): void => {
        if (!document || document.visibilityState === 'visible') listener('visible');
      };
      host.addEventListener?.('online', online);
      host.addEventListener?.('offline', offline);
      // A page out of the back/forward cache has lost its connection without an event.
      host.addEventListener?.('pageshow', visible);
      document?.addEventListener('visibilitychange', visible);
      return () => {
        host.removeEventListener?.('online', online);
        host.removeEventListener?.('offline', offline);
        host.removeEventListener?.('pageshow', visible);
        document?.removeEventListener('visibilitychange', visible);
      };
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
