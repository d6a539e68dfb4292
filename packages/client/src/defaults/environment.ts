import type { Environment } from '../ports.js';

/** Where to listen: a page has all three, a worker only the first, Node none. */
interface Host {
  readonly addEventListener?: typeof globalThis.addEventListener;
  readonly removeEventListener?: typeof globalThis.removeEventListener;
  readonly document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly navigator?: { readonly onLine?: boolean };
}

/** The browser's signals that a connection may be had, or lost, unnoticed. */
export function hostEnvironment(host: Host = globalThis): Environment {
  return {
    onWake: (listener) => {
      const { document } = host;
      const online = (): void => listener('online');
      const visible = (): void => {
        if (!document || document.visibilityState === 'visible') listener('visible');
      };
      host.addEventListener?.('online', online);
      // A page out of the back/forward cache has lost its connection without an event.
      host.addEventListener?.('pageshow', visible);
      document?.addEventListener('visibilitychange', visible);
      return () => {
        host.removeEventListener?.('online', online);
        host.removeEventListener?.('pageshow', visible);
        document?.removeEventListener('visibilitychange', visible);
      };
    },
    isOnline: () => host.navigator?.onLine,
  };
}
