import type { Client, ViewOf } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { CompareCalls } from '../../shared/compare.js';
import type { MarketReport, Quote, TickerCalls } from '../../shared/ticker/market.js';
import { createServerClock } from '../compare/clock.js';
import type { Saved } from '../lib/saved.js';
import { type Store, createStore } from '../lib/store.js';
import { type Detail, openDetail } from './detail.js';
import type { RequestFrame } from './frames.js';
import { type LiveQuotes, watchQuotes } from './live-quotes.js';
import type { Measured } from './meter.js';
import { type Settings, maxListed, readSettings, savedForm } from './settings.js';

/** Counts of the page in the last second. */
interface Figures extends Measured {
  readonly bytesPerSecond: number;
}

export interface TickerState extends Settings {
  /** The server's report on the market; undefined before it has come. */
  readonly market: MarketReport | undefined;
  readonly figures: Figures | undefined;
  readonly detail: Detail;
  /** The last failure, in words. */
  readonly problem: string | undefined;
}

export interface Ticker {
  readonly store: Store<TickerState>;
  readonly quotes: LiveQuotes;
  /** Changes what this visitor sees, and nobody else. */
  choose(change: Partial<Settings>): void;
  list(symbol: string): void;
  unlist(symbol: string): void;
  /** Changes the market, for everybody. */
  setMarketRate(rate: number): void;
  /** Nobody can see the page, or somebody can again. */
  hide(isHidden: boolean): void;
  close(): void;
}

interface TickerOptions {
  readonly client: Client<GalleryChannels, CompareCalls & TickerCalls>;
  readonly saved: Saved;
  /** Bytes that the page has received so far. */
  readonly receivedBytes: () => number;
  readonly requestFrame: RequestFrame;
}

const savedAs = 'ticker';
const measureMs = 1000;
const firstClockSamples = 5;
const clockMs = 10_000;
/** Nobody sees a hidden page: it asks for as little as keeps it up to date. */
const hiddenRate = 1;

/** Watches the market as the visitor chooses, from now until `close`. */
export function createTicker({ client, saved, receivedBytes, requestFrame }: TickerOptions): Ticker {
  const clock = createServerClock(client);
  const settings = readSettings(saved.read(savedAs));
  const open = ({ selected, rate }: Settings): Detail => openDetail({ client, symbol: selected, rate, requestFrame });
  const store = createStore<TickerState>({
    ...settings,
    market: undefined,
    figures: undefined,
    detail: open(settings),
    problem: undefined,
  });
  const set = (change: Partial<TickerState>): void => store.set((state) => ({ ...state, ...change }));
  const fail = (error: unknown): void => set({ problem: error instanceof Error ? error.message : String(error) });

  const quotes = watchQuotes({ client, view: viewOf(settings), requestFrame, serverNow: clock.now, onEnd: fail });
  const market = client.channel('market').watchValue((report) => set({ market: report }));

  const askClock = (times: number): void => void clock.ask(times).catch(() => undefined);
  askClock(firstClockSamples);

  let bytes = receivedBytes();
  let measuredAt = performance.now();
  const measure = (): void => {
    const now = performance.now();
    const bytesPerSecond = ((receivedBytes() - bytes) * 1000) / (now - measuredAt);
    [bytes, measuredAt] = [receivedBytes(), now];
    set({ figures: { ...quotes.measure(), bytesPerSecond } });
  };
  const timers = [setInterval(measure, measureMs), setInterval(() => askClock(1), clockMs)];

  let isHidden = false;
  /** Opens the page that was chosen. */
  const look = (): void => {
    const state = store.get();
    const rate = isHidden ? hiddenRate : state.rate;
    quotes.look(viewOf({ ...state, rate }));
    state.detail.setRate(rate);
  };

  const choose = (change: Partial<Settings>): void => {
    const before = store.get();
    const chosen = { ...before, ...change };
    if (chosen.selected !== before.selected) before.detail.close();
    store.set({ ...chosen, detail: chosen.selected === before.selected ? before.detail : open(chosen) });
    const { scope, listed, selected, rate } = chosen;
    saved.write(savedAs, savedForm({ scope, listed, selected, rate }));
    look();
  };

  return {
    store,
    quotes,
    choose,
    list: (symbol) => {
      const { listed } = store.get();
      if (listed.includes(symbol)) return;
      if (listed.length >= maxListed) set({ problem: `A watch list has room for ${maxListed} symbols.` });
      else choose({ listed: [...listed, symbol] });
    },
    unlist: (symbol) => choose({ listed: store.get().listed.filter((other) => other !== symbol) }),
    setMarketRate: (rate) => {
      const { market: report } = store.get();
      if (report) set({ market: { ...report, rate } });
      client.call('ticker/rate', { rate }).then(() => set({ problem: undefined }), fail);
    },
    hide: (hidden) => {
      isHidden = hidden;
      look();
    },
    close: () => {
      for (const timer of timers) clearInterval(timer);
      quotes.close();
      market.unsubscribe();
      store.get().detail.close();
    },
  };
}

// #region teach:ticker-client
function viewOf({ scope, listed, selected, rate }: Settings): ViewOf<Quote> {
  return {
    ...(scope === 'list' && { keys: [...new Set([...listed, selected])] }),
    ...(rate !== undefined && { rate }),
  };
}
// #endregion
