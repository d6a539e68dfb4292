import { readFileSync } from 'node:fs';
import { type ConnectionInfo, type Store, createServer, defineChannels, log, memory } from 'longwave';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './chromium.js';

// Signed by itself, for localhost. It protects nothing.
const pem = readFileSync(new URL('../../../packages/node/src/testing/localhost.pem', import.meta.url));
const channels = defineChannels({ 'chat/:room': log() });
const events = '/v1/channels/chat%2Fa/events';

let browser: Browser;
let context: BrowserContext;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  context = await browser.newContext({ ignoreHTTPSErrors: true });
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(() => browser?.close());

/** A log that survives its server. */
function keep(store: Store): Store {
  return {
    durability: store.durability,
    announcements: store.announcements,
    append: (channel, operation, retain) => store.append(channel, operation, retain),
    read: (channel, query) => store.read(channel, query),
    bounds: (channel) => store.bounds(channel),
    watch: (channel, watcher) => store.watch(channel, watcher),
    expire: () => store.expire(),
    close: () => undefined,
  };
}

async function start(port = 0, store = keep(memory())) {
  const infos: ConnectionInfo[] = [];
  const server = createServer({
    channels,
    store,
    tls: { key: pem, cert: pem },
    authenticate: (_token, info) => (infos.push(info), {}),
  });
  const bound = await server.listen({ port, host: '127.0.0.1' });
  closing.push(() => server.close());
  return { server, store, port: bound.port, infos };
}

/** A page of the server's own origin, to which HTTP/2 is spoken by then. */
async function open(port: number): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`https://127.0.0.1:${port}/healthz`);
  return page;
}

it('the browser opens its WebSocket in the HTTP/2 connection that it has', async () => {
  const { port, infos, server } = await start();
  const page = await open(port);
  const received = page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const types: string[] = [];
        const socket = new WebSocket(`wss://${location.host}/longwave`, ['longwave.v1.json']);
        socket.onopen = () => {
          socket.send('{"type":"connect","version":1,"client":"browser"}');
          socket.send('{"type":"subscribe","id":1,"channel":"chat/a"}');
          socket.send('{"type":"publish","id":2,"channel":"chat/a","seq":1,"data":"hi"}');
        };
        socket.onmessage = ({ data }: MessageEvent<string>) => {
          for (const line of data.split('\n')) types.push((JSON.parse(line) as { type: string }).type);
          if (types.includes('message')) resolve(types);
        };
        socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
      }),
  );
  expect(await received).toEqual(['connected', 'subscribed', 'ack', 'message']);
  expect(infos[0]!.headers).toMatchObject({ ':protocol': 'websocket', host: `127.0.0.1:${port}` });
  expect(server.engine.stats.connections).toBe(1);
  await page.close();
  await expect.poll(() => server.engine.stats.connections).toBe(0);
});

it('READ-2, READ-7: an EventSource goes through a restart by itself, and misses nothing', async () => {
  const first = await start();
  const page = await open(first.port);
  await page.evaluate((path) => {
    const told: unknown[] = [];
    const source = new EventSource(path);
    source.onmessage = ({ data }: MessageEvent<string>) => told.push(JSON.parse(data));
    source.addEventListener('reset', () => told.push('reset'));
    Object.assign(globalThis, { told });
  }, events);
  const told = (): Promise<unknown[]> => page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told);
  await expect.poll(() => first.server.engine.stats.subscriptions).toBe(1);
  await first.server.channel('chat/a').publish(1);
  await expect.poll(told).toEqual([1]);
  await first.server.close({ drain: 100 });

  const second = await start(first.port, first.store);
  await second.server.channel('chat/a').publish(2);
  await expect.poll(told, { timeout: 20_000 }).toEqual([1, 2]);
  await second.server.channel('chat/a').publish(3);
  await expect.poll(told).toEqual([1, 2, 3]);
  expect(second.infos[0]!.headers).toMatchObject({ ':method': 'GET', 'last-event-id': expect.stringMatching(/:1$/) });
  await page.close();
});
