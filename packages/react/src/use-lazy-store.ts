import { useSyncExternalStore } from 'react';
import type { LazyStore, Standing } from './lazy-store.js';

/** What `store` shows, and the subscription behind it while the component is mounted. */
export function useLazyStore<Data>({ subscribe, getSnapshot, getServerSnapshot }: LazyStore<Data>): Data & Standing {
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}
