import type { Environment, TransportMemory } from '../ports.js';

/** Where to listen: a page has all three, a worker only the first, Node none. */
interface Host {
  readonly addEventListener?: typeof globalThis.addEventListener;
  readonly removeEventListener?: typeof globalThis.removeEventListener;
  readonly document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly navigator?: { readonly onLine?: boolean; readonly connection?: { readonly type?: string } };
  readonly localStorage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
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
    memory: hostMemory(host),
  };
}

/** How long a network is taken for what it was. */
const memoryMs = 3_600_000;

/** In the page's storage, by the kind of network where the browser tells it. Without storage nothing is remembered. */
function hostMemory(host: Host): TransportMemory {
  // Only a page has one worth asking for: Node warns when it is touched.
  const storage = () => (host.document ? host.localStorage : undefined);
  const key = (): string => `longwave.transport.${host.navigator?.connection?.type ?? ''}`;
  const quietly = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      // Storage may be denied, or full.
      return undefined;
    }
  };
  return {
    get: () =>
      quietly(() => {
        const [name, until] = storage()?.getItem(key())?.split(' ') ?? [];
        return Number(until) > Date.now() ? name : undefined;
      }),
    set: (name) =>
      quietly(() => {
        if (name === undefined) storage()?.removeItem(key());
        else storage()?.setItem(key(), `${name} ${Date.now() + memoryMs}`);
      }),
  };
}
