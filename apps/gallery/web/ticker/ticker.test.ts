import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Server, createServer } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { type Client, connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTicker as createServerTicker } from '../../server/ticker/ticker.js';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { createRooms } from '../../server/rooms/rooms.js';
import { companies } from '../../shared/ticker/companies.js';
import type { Saved } from '../lib/saved.js';
import { type Ticker, createTicker } from './ticker.js';

// The real market, a real server and real clients; only the page is missing.

type TickerClient = Parameters<typeof createTicker>[0]['client'];

let url: string;
let server: Server<GalleryChannels>;
let open: { readonly ticker: Ticker; readonly client: Client<GalleryChannels> }[];
let close: () => Promise<void>;

beforeEach(async () => {
  open = [];
  const http = createHttpServer();
  const market = createServerTicker();
  server = createServer({ channels, documents: yjs(), rooms: createRooms().host, calls: market.calls });
  server.attach(http);
  market.start(server);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  close = async () => {
    market.close();
    await server.close();
    http.closeAllConnections();
    http.close();
  };
});

afterEach(async () => {
  leave();
  await close();
});

function createStorage(): Saved & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    read: (key) => values.get(key),
    write: (key, value) => values.set(key, JSON.parse(JSON.stringify(value))),
    remove: (key) => values.delete(key),
  };
}

function openTicker(saved: Saved = createStorage()): Ticker {
  const client = connect(url) as unknown as TickerClient;
  const ticker = createTicker({
    client,
    saved,
    receivedBytes: () => 0,
    requestFrame: (callback) => void setTimeout(callback, 5),
  });
  open.push({ ticker, client });
  return ticker;
}

function leave(): void {
  for (const { ticker, client } of open) {
    ticker.close();
    client.close();
  }
  open = [];
}

const quotesOf = ({ quotes }: Ticker) => companies.map(({ symbol }) => [symbol, quotes.get(symbol)]);
const patience = { timeout: 20_000, interval: 20 };

/** Until nothing has happened for a second. */
async function standStill({ store, setMarketRate }: Ticker): Promise<void> {
  await expect.poll(() => store.get().market?.happened, patience).toBeGreaterThan(0);
  setMarketRate(0);
  await expect.poll(() => store.get().market, patience).toMatchObject({ rate: 0, happened: 0 });
}

describe('the ticker', () => {
  it('shows the same on every page once the market stands still, whatever their rates', async () => {
    const [fast, slow] = [openTicker(), openTicker()];
    fast.choose({ scope: 'board', rate: undefined });
    slow.choose({ scope: 'board', rate: 2 });
    for (const { quotes } of [fast, slow])
      await expect.poll(() => quotes.get('SILL')?.n, patience).toBeGreaterThan(200);
    // The slow page has less to take, and knows what it does not see.
    await expect.poll(() => slow.store.get().figures?.merged, patience).toBeGreaterThan(300);
    expect(fast.store.get().figures?.received).toBeGreaterThan(slow.store.get().figures!.received);
    await standStill(slow);
    await expect.poll(() => quotesOf(slow), patience).toEqual(quotesOf(fast));
  });

  it('has quote, book and trades of one mind', async () => {
    const ticker = openTicker();
    ticker.choose({ selected: 'SILL' });
    const { detail } = ticker.store.get();
    await expect.poll(() => detail.store.get().trades.length, patience).toBeGreaterThan(5);
    await expect.poll(() => detail.store.get().ladder.bids.length, patience).toBe(10);
    await standStill(ticker);
    const { ladder, trades } = detail.store.get();
    const quote = ticker.quotes.get('SILL')!;
    expect(ladder.bids[0]).toMatchObject({ price: quote.bid, size: quote.bidSize });
    expect(ladder.asks.at(-1)).toMatchObject({ price: quote.ask, size: quote.askSize });
    expect(trades[0]).toMatchObject({ price: quote.last, size: quote.size });
    expect(detail.series.prices.at(-1)).toBe(quote.last);
  });

  it('takes symbols onto its list and off it, and has no others', async () => {
    const ticker = openTicker();
    const { listed } = ticker.store.get();
    const shown = () => quotesOf(ticker).flatMap(([symbol, quote]) => (quote ? [symbol] : []));
    await expect.poll(shown, patience).toEqual(listed.toSorted());
    ticker.list('ALDB');
    await expect.poll(shown, patience).toEqual(['ALDB', ...listed].toSorted());
    ticker.unlist('ALDB');
    ticker.unlist('BALB');
    await expect.poll(shown, patience).toEqual(listed.filter((symbol) => symbol !== 'BALB').toSorted());
    ticker.choose({ scope: 'board' });
    await expect.poll(() => shown().length, patience).toBe(companies.length);
  });

  it('finds its choices again', () => {
    const storage = createStorage();
    const ticker = openTicker(storage);
    ticker.list('ALDB');
    ticker.choose({ selected: 'ALDB', rate: 3, scope: 'board' });
    const { listed, selected, rate, scope } = openTicker(storage).store.get();
    expect([listed.at(-1), selected, rate, scope]).toEqual(['ALDB', 'ALDB', 3, 'board']);
  });

  it('asks for little while it is hidden, and for what was chosen when it is seen again', async () => {
    const ticker = openTicker();
    const asked: (number | undefined)[] = [];
    server.channel('quotes').demand(({ rate }) => asked.push(rate));
    await expect.poll(() => asked.at(-1), patience).toBe(10);
    ticker.hide(true);
    await expect.poll(() => asked.at(-1), patience).toBe(1);
    ticker.choose({ rate: 20 });
    ticker.hide(false);
    await expect.poll(() => asked.at(-1), patience).toBe(20);
  });

  it('lets the market rest when the last page is gone', async () => {
    const ticker = openTicker();
    await expect.poll(() => ticker.store.get().market?.isRunning, patience).toBe(true);
    leave();
    const report = async () => (await server.channel('market').entry())?.value;
    await expect.poll(report, patience).toMatchObject({ isRunning: false, watchers: 0 });
    await expect.poll(async () => (await server.channel(`book/OSPT`).entries()).length, patience).toBe(0);
  });
});
