import type { Trade } from '../../shared/ticker/market.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';

/** As many as a line shows. */
const kept = 60;

/** The last trades in the shares of one company. */
interface LiveTrades {
  /** The oldest first. */
  readonly trades: readonly Trade[];
  /** Where this page stands in the log. Undefined: it has nothing yet. */
  readonly offset: number | undefined;
}

interface TradesFeed {
  readonly store: Store<LiveTrades>;
  /** Subscribes, and goes on where the last opening ended. Returns how to stop. */
  open(): () => void;
}

/** The trades of a company, from some that were before. */
export function createLiveTrades({
  client,
  symbol,
}: {
  readonly client: GalleryClient;
  readonly symbol: string;
}): TradesFeed {
  const store = createStore<LiveTrades>({ trades: [], offset: undefined });
  return {
    store,
    open: () => {
      const subscription = client.channel(`trades/${symbol}`).subscribe(
        {
          from: { last: kept },
          // Another market: what it traded before is no part of this line.
          onReset: () => store.set({ trades: [], offset: undefined }),
        },
        (trade, { offset }) => store.set(({ trades }) => ({ trades: [...trades, trade].slice(-kept), offset })),
      );
      subscription.ready.catch(() => undefined);
      return () => subscription.unsubscribe();
    },
  };
}
