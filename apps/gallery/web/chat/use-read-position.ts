import { useEffect, useSyncExternalStore } from 'react';
import type { Position } from 'longwave/client';
import { pageVisibility } from '../lib/page-visibility.js';
import type { Reading } from './reading.js';

/** Tells how far the reader has read: to the end of the log, `last`, whenever they see it. */
export function useReadPosition(reading: Reading, last: Position | undefined, isAtBottom: boolean): void {
  const isVisible = useSyncExternalStore(pageVisibility.subscribe, pageVisibility.isVisible);
  useEffect(() => {
    if (isVisible && isAtBottom && last) reading.reached(last);
  }, [reading, last, isVisible, isAtBottom]);
}
