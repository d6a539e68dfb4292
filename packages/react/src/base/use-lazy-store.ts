import { useSyncExternalStore } from 'react';
import type { LazyStore, UseSubscriptionResult } from './lazy-store.js';

/** Shows a store, and keeps its subscription open while the component is mounted. */
export function useLazyStore<Data>({
  subscribe,
  getSnapshot,
  getServerSnapshot,
}: LazyStore<Data>): Data & UseSubscriptionResult {
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}
