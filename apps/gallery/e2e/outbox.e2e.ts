import { once } from 'node:events';
import { type Server as HttpServer, createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Server, createServer, defineChannels, log } from 'longwave';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { bundle } from './bundle.js';
import { launchChromium } from './chromium.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';

const channels = defineChannels({ 'chat/:room': log() });

let browser: Browser;
let script: string;
let pages: HttpServer;
let origin: string;
let longwave: Server<typeof channels>;
let proxy: FaultProxy;
let context: BrowserContext;
/** Texts of all publishes that reached the server, stored or repeated. */
let sent: unknown[];
/** Called before a publish is stored. */
let beforeStored: () => void;

beforeAll(async () => {
  browser = await launchChromium();
  script = await bundle(new URL('outbox-tab.ts', import.meta.url));
  pages = createHttpServer((request, response) => {
    const isScript = request.url === '/tab.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>tab</title><script type="module" src="/tab.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await browser?.close();
  pages?.closeAllConnections();
  pages?.close();
});

beforeEach(async () => {
  sent = [];
  beforeStored = () => undefined;
  longwave = createServer({
    channels,
    allowedOrigins: [origin],
    authenticate: (token) => ({ user: token }),
    on: {
      publish: ({ data }) => {
        sent.push(data);
        beforeStored();
      },
    },
  });
  const { port } = await longwave.listen({ port: 0, host: '127.0.0.1' });
  proxy = await startFaultProxy(port);
  context = await browser.newContext();
});

afterEach(async () => {
  await context.close();
  await proxy.close();
  await longwave.close();
});

type TabGlobals = {
  status?: string;
  say(room: string, text: string): void;
  unsent(): unknown[];
};

async function openTab(status = 'connected'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/?server=${encodeURIComponent(proxy.url)}`);
  if (status) await expect.poll(() => statusOf(page)).toBe(status);
  return page;
}

const statusOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (globalThis as unknown as TabGlobals).status);
const unsentOf = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => (globalThis as unknown as TabGlobals).unsent());

async function say(page: Page, room: string, ...texts: string[]): Promise<void> {
  await page.evaluate(
    ([to, all]) => {
      for (const text of all) (globalThis as unknown as TabGlobals).say(to, text);
    },
    [room, texts] as const,
  );
}

/** How many publishes the database of the page's origin keeps. */
const keptOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('longwave-outbox:test');
        request.onerror = () => reject(request.error!);
        request.onsuccess = () => {
          const count = request.result.transaction('publishes').objectStore('publishes').count();
          count.onsuccess = () => {
            request.result.close();
            resolve(count.result);
          };
        };
      }),
  );

async function stored(room: string): Promise<unknown[]> {
  const { messages } = await longwave.channel(`chat/${room}`).history({ limit: 1000 });
  return messages.map(({ data }) => data);
}

const texts = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);

it('CLI-19: what was published without a network is sent after a reload, once and in order, before what comes later', async () => {
  const page = await openTab();
  await say(page, 'a', 'before');
  await expect.poll(() => stored('a')).toEqual(['before']);
  // Cut before its acknowledgement, it would be sent again.
  await expect.poll(() => keptOf(page)).toBe(0);
  proxy.cut();
  await expect.poll(() => statusOf(page)).not.toBe('connected');
  await say(page, 'a', ...texts(1, 120));
  await say(page, 'b', 'x', 'y');
  await expect.poll(() => keptOf(page)).toBe(122);

  await page.reload();
  await expect.poll(() => unsentOf(page)).toHaveLength(122);
  await say(page, 'a', 'later');
  proxy.heal();
  await expect.poll(() => stored('a')).toEqual(['before', ...texts(1, 120), 'later']);
  await expect.poll(() => stored('b')).toEqual(['x', 'y']);
  await expect.poll(() => keptOf(page)).toBe(0);
  expect(await unsentOf(page)).toEqual([]);
  expect(sent).toHaveLength(124);
});

it('CLI-19: one whose acknowledgement was lost with the page is stored once', async () => {
  const page = await openTab();
  beforeStored = () => proxy.cut();
  await say(page, 'a', 'once');
  await expect.poll(() => stored('a')).toEqual(['once']);
  expect(await keptOf(page)).toBe(1);
  beforeStored = () => undefined;
  await page.reload();
  proxy.heal();
  await expect.poll(() => keptOf(page)).toBe(0);
  // It was sent again, under its own id.
  expect(sent).toEqual(['once', 'once']);
  expect(await stored('a')).toEqual(['once']);
});

it('CLI-19: of several tabs one sends what a closed one left, and none what a living one has', async () => {
  const [first, second, third] = [await openTab(), await openTab(), await openTab()];
  proxy.cut();
  for (const page of [first, second, third]) await expect.poll(() => statusOf(page)).not.toBe('connected');
  await say(second, 'a', ...texts(1, 5));
  await expect.poll(() => keptOf(second)).toBe(5);
  // It comes while the others live: it has to leave alone what is theirs.
  const fourth = await openTab('');
  await expect.poll(() => unsentOf(fourth)).toEqual([]);
  await second.close();
  await expect
    .poll(async () =>
      (await Promise.all([first, third, fourth].map(unsentOf))).map(({ length }) => length).toSorted((a, b) => a - b),
    )
    .toEqual([0, 0, 5]);
  proxy.heal();
  await expect.poll(() => stored('a')).toEqual(texts(1, 5));
  await expect.poll(() => keptOf(first)).toBe(0);
  expect(sent).toEqual(texts(1, 5));
});
