import type { Client } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { bookDepth, keptTrades } from '../../shared/ticker/limits.js';
import type { Trade } from '../../shared/ticker/market.js';
import { type Store, createStore } from '../lib/store.js';
import { type RequestFrame, oncePerFrame } from './frames.js';
import { type Ladder, ladderOf } from './ladder.js';
import { type Series, createSeries } from './series.js';

interface DetailState {
  readonly ladder: Ladder;
  /** The latest, newest first. */
  readonly trades: readonly Trade[];
  /** Another number when `series` has more. */
  readonly seriesVersion: number;
}

/** All that there is to see of one symbol: its book, its trades, and the prices that follow from them. */
export interface Detail {
  readonly symbol: string;
  readonly store: Store<DetailState>;
  readonly series: Series;
  /** Sets the rate of the book, in updates a second; undefined: every one. No trade is left out. */
  setRate(rate: number | undefined): void;
  close(): void;
}

interface DetailOptions {
  readonly client: Client<GalleryChannels>;
  readonly symbol: string;
  readonly rate: number | undefined;
  readonly requestFrame: RequestFrame;
}

const shownTrades = 20;
const keptPoints = 2000;

export function openDetail({ client, symbol, rate, requestFrame }: DetailOptions): Detail {
  const store = createStore<DetailState>({ ladder: ladderOf(new Map(), bookDepth), trades: [], seriesVersion: 0 });
  const series = createSeries(keptPoints);
  let levels: ReadonlyMap<string, number> | undefined;
  let trades: readonly Trade[] = [];
  let added = 0;

  const frame = oncePerFrame(requestFrame, () => {
    const changed = levels;
    levels = undefined;
    store.set((state) => ({
      ladder: changed ? ladderOf(changed, bookDepth) : state.ladder,
      trades,
      seriesVersion: added,
    }));
  });

  const book = client.channel(`book/${symbol}`).watch(viewOf(rate), (entries) => {
    levels = entries;
    frame.request();
  });
  const log = client.channel(`trades/${symbol}`).subscribe({ from: { last: keptTrades } }, (trade) => {
    trades = [trade, ...trades.slice(0, shownTrades - 1)];
    series.add(trade.at, trade.price);
    added++;
    frame.request();
  });
  // Closed before it stood: whoever closed it knows.
  log.ready.catch(() => undefined);

  return {
    symbol,
    store,
    series,
    setRate: (changed) => book.setView(viewOf(changed)),
    close: () => {
      frame.cancel();
      book.unsubscribe();
      log.unsubscribe();
    },
  };
}

function viewOf(rate: number | undefined): { readonly rate?: number } {
  return rate === undefined ? {} : { rate };
}
