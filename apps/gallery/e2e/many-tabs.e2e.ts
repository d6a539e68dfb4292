import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, defineChannels, log } from 'longwave';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './bundle.js';
import { launchChromium } from './chromium.js';

let browser: Browser;
let script: string;

beforeAll(async () => {
  browser = await launchChromium();
  script = await bundle(new URL('tab-client.ts', import.meta.url));
});

afterAll(() => browser?.close());

it('CLI-13: eight tabs without a WebSocket over HTTP/1.1: each loads, receives and publishes', async () => {
  const longwave = createServer({ channels: defineChannels({ news: log() }) });
  const inner = createHttpServer((request, response) => {
    const isScript = request.url === '/client.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><title>tab</title><script type="module" src="/client.js"></script>',
    );
  });
  longwave.attach(inner);
  // As a proxy that knows no upgrades.
  const http = createHttpServer((request, response) => inner.emit('request', request, response));
  http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  const context = await browser.newContext();
  const seen = (page: Page): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  try {
    const pages: Page[] = [];
    for (let i = 0; i < 8; i++) {
      const page = await context.newPage();
      pages.push(page);
      await page.goto(url, { timeout: 10_000 });
      await expect.poll(() => page.evaluate(() => (globalThis as { status?: string }).status)).toBe('stream');
    }
    await longwave.channel('news').publish('from the server');
    for (const page of pages) await expect.poll(() => seen(page)).toContain('from the server');
    for (const [i, page] of pages.entries()) {
      await page.evaluate(
        (text) => (globalThis as unknown as { say(text: string): Promise<void> }).say(text),
        `tab ${i}`,
      );
    }
    for (const page of pages) {
      await expect.poll(() => seen(page)).toEqual(['from the server', ...pages.map((_, i) => `tab ${i}`)]);
    }
    // A tab that goes leaves its place to another, and the page itself is still to be had.
    await pages[0]!.close();
    await pages[7]!.reload({ timeout: 10_000 });
    await expect.poll(() => seen(pages[7]!)).toContain('tab 7');
  } finally {
    await context.close();
    await longwave.close();
    http.closeAllConnections();
    http.close();
  }
});
