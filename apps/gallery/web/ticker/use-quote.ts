import { useCallback, useSyncExternalStore } from 'react';
import type { Quote } from '../../shared/ticker/market.js';
import type { LiveQuotes } from './live-quotes.js';

/** The quote of one symbol; others do not render whoever uses it. */
export function useQuote(quotes: LiveQuotes, symbol: string): Quote | undefined {
  const subscribe = useCallback(
    (onChange: () => void) => quotes.subscribe((changed) => changed.has(symbol) && onChange()),
    [quotes, symbol],
  );
  return useSyncExternalStore(subscribe, () => quotes.get(symbol));
}
