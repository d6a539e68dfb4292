import { type Server, call } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { companies } from '../../shared/ticker/companies.js';
import { MarketRate, type TickerCalls } from '../../shared/ticker/market.js';
import { Feed } from './feed.js';

/** The look of the market follows from it. */
const marketSeed = 20_261_124;

export interface Ticker {
  readonly calls: TickerCalls;
  /** From now on the market moves when somebody watches it on this server. */
  start(server: Server<GalleryChannels>): void;
  close(): void;
}

export function createTicker(): Ticker {
  let feed: Feed | undefined;
  const stops: (() => void)[] = [];
  return {
    calls: {
      'ticker/rate': call(MarketRate, ({ rate }) => {
        feed?.setRate(rate);
        return rate;
      }),
    },
    start: (server) => {
      // #region teach:ticker-server
      const made = (feed = createFeed(server));
      stops.push(server.channel('quotes').demand((demand) => made.askQuotes(demand)).unsubscribe);
      for (const { symbol } of companies) {
        stops.push(
          server.channel(`book/${symbol}`).demand((demand) => made.askBook(symbol, demand)).unsubscribe,
          server.channel(`trades/${symbol}`).demand((demand) => made.askTrades(symbol, demand)).unsubscribe,
        );
      }
      // #endregion
    },
    close: () => {
      for (const stop of stops) stop();
      feed?.close();
    },
  };
}

function createFeed(server: Server<GalleryChannels>): Feed {
  const quotes = server.channel('quotes');
  const market = server.channel('market');
  // A store in memory refuses nothing that the contract allows, and the tests of the market hold it to that.
  const ignore = (): void => undefined;
  return new Feed({
    seed: marketSeed,
    // #region teach:ticker-server
    publish: {
      quotes: (entries) => void quotes.putAll(entries).catch(ignore),
      book: (symbol, { puts, deletes }) => {
        const book = server.channel(`book/${symbol}`);
        // In one turn, and so in one update for whoever watches; in this order, it is never crossed in between.
        for (const key of deletes) void book.delete(key).catch(ignore);
        void book.putAll(puts).catch(ignore);
      },
      trade: (symbol, trade) => void server.channel(`trades/${symbol}`).publish(trade).catch(ignore),
      report: (report) => void market.set(report).catch(ignore),
    },
    // #endregion
  });
}
