import { useEffect, useSyncExternalStore } from 'react';
import { pageVisibility } from '../lib/page-visibility.js';
import type { Reading } from './reading.js';
import type { StoredMessage } from './room-state.js';

/** Tells how far the reader has read: to the end, whenever they see it. */
export function useReadPosition(reading: Reading, last: StoredMessage | undefined, isAtBottom: boolean): void {
  const isVisible = useSyncExternalStore(pageVisibility.subscribe, pageVisibility.isVisible);
  useEffect(() => {
    if (isVisible && isAtBottom && last) reading.reached(last);
  }, [reading, last, isVisible, isAtBottom]);
}
