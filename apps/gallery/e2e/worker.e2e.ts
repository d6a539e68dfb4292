import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, defineChannels, log } from 'longwave';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './bundle.js';
import { launchChromium } from './chromium.js';

let browser: Browser;
let script: string;

beforeAll(async () => {
  browser = await launchChromium();
  script = await bundle(new URL('worker-client.ts', import.meta.url));
});

afterAll(() => browser?.close());

it('the client lives in a web worker: connects, publishes, receives, and waits when the server sends it away', async () => {
  const http = createHttpServer((request, response) => {
    const isScript = request.url === '/worker.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>worker</title>');
  });
  const longwave = createServer({ channels: defineChannels({ 'chat/:room': log() }) });
  longwave.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const page = await browser.newPage();
  try {
    await page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
    await page.evaluate(() => {
      const told: unknown[] = [];
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onmessage = (event: MessageEvent<unknown>) => told.push(event.data);
      Object.assign(globalThis, { told, worker });
    });
    const told = (): Promise<Record<string, unknown>[]> =>
      page.evaluate(() => (globalThis as unknown as { told: Record<string, unknown>[] }).told);
    const say = (text: string): Promise<void> =>
      page.evaluate((message) => (globalThis as unknown as { worker: Worker }).worker.postMessage(message), text);

    await expect.poll(told).toContainEqual({ status: 'connected' });
    await say('from the worker');
    await expect.poll(told).toContainEqual({ stored: 1 });
    await expect.poll(told).toContainEqual({ data: 'from the worker', offset: 1 });

    await longwave.channel('chat/worker').publish('from the server');
    await expect.poll(told).toContainEqual({ data: 'from the server', offset: 2 });
    await longwave.engine.drain(0);
    await expect.poll(told).toContainEqual({ status: 'waiting' });
  } finally {
    await page.close();
    await longwave.close();
    http.close();
  }
});
