import { useSyncExternalStore } from 'react';
import { startOfDay } from './words.js';

const tickMs = 60_000;

function subscribe(onTick: () => void): () => void {
  const timer = setInterval(onTick, tickMs);
  return () => clearInterval(timer);
}

/** When today began, so that "Today" becomes "Yesterday" at midnight. */
export function useToday(): number {
  return useSyncExternalStore(subscribe, () => startOfDay(Date.now()));
}
