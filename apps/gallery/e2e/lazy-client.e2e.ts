import { once } from 'node:events';
import {
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
  createServer as createHttpServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Server, createServer, defineChannels, log, map } from 'longwave';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { build } from 'vite';
import { launchChromium } from './chromium.js';

const channels = defineChannels({ chat: log(), board: map({ presence: {} }) });
let browser: Browser;
/** Files of the page, by their path. */
let files: Map<string, string>;
/** The one that the page names. */
let main: string;
let http: HttpServer;
let longwave: Server<typeof channels>;
let page: Page;
/** Files that were asked for. */
let asked: string[];
let blocked = false;

beforeAll(async () => {
  browser = await launchChromium();
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: { input: fileURLToPath(new URL('lazy-client.ts', import.meta.url)) },
    },
  })) as { output: readonly { fileName: string; isEntry?: boolean; code?: string }[] };
  files = new Map(built.output.map(({ fileName, code = '' }) => [`/${fileName}`, code]));
  main = `/${built.output.find(({ isEntry }) => isEntry)!.fileName}`;
});

afterAll(() => browser?.close());

beforeEach(async () => {
  asked = [];
  blocked = false;
  longwave = createServer({ channels });
  http = createHttpServer(answer);
  longwave.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'openClient' in globalThis);
});

afterEach(async () => {
  await page.close();
  await longwave.close();
  http.close();
  http.closeAllConnections();
});

function answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  const code = files.get(url);
  if (code === undefined) {
    response.setHeader('content-type', 'text/html').end(`<!doctype html><script type="module" src="${main}"></script>`);
    return;
  }
  asked.push(url);
  if (blocked) return void response.writeHead(503).end();
  response.setHeader('content-type', 'text/javascript').end(code);
}

/** Runs in the page. Text, so that the runner does not transform it. */
const run = <T>(body: string): Promise<T> => page.evaluate<T>(`(async () => { ${body} })()`);
const chunks = (name: string): number => asked.filter((url) => url.includes(name)).length;

it('to read logs loads nothing more; publishes and calls load one file, state and presence another, each once', async () => {
  await run(`globalThis.client = openClient({ transport: 'websocket' }); globalThis.heard = [];
    await client.channel('chat').subscribe((data) => heard.push(data)).ready;`);
  await longwave.channel('chat').publish('hello');
  await expect.poll(() => run('return heard')).toEqual(['hello']);
  expect(asked).toEqual([main]);
  await run(`await Promise.all([client.channel('chat').publish('and'), client.channel('chat').publish('again')]);`);
  await expect.poll(() => run('return heard')).toEqual(['hello', 'and', 'again']);
  expect([asked.length, chunks('sending')]).toEqual([2, 1]);
  await longwave.channel('board').put('a', 1);
  const shown = await run(`globalThis.board = client.channel('board').watch();
    await Promise.all([board.ready, client.channel('board').presence.enter({})]);
    return [...board.getSnapshot()];`);
  expect([shown, chunks('states')]).toEqual([[['a', 1]], 1]);
});

it('a file that cannot be loaded closes nothing: it comes when it can', async () => {
  blocked = true;
  await run(`globalThis.kinds = [];
    globalThis.client = openClient({ transport: 'websocket', reconnect: { minDelay: 50, maxDelay: 100 } });
    client.on('error', ({ kind }) => kinds.push(kind));
    globalThis.board = client.channel('board').watch();
    globalThis.sent = client.channel('chat').publish('still there');`);
  await expect.poll(() => run<string[]>('return kinds')).toContain('load');
  await expect.poll(() => run('return [client.state.status, board.state]')).toEqual(['connected', 'pending']);
  blocked = false;
  await longwave.channel('board').put('a', 1);
  await run('await Promise.all([board.ready, sent])');
  expect(await run('return [...board.getSnapshot()]')).toEqual([['a', 1]]);
});

it('the transports over HTTP load when they are needed', async () => {
  blocked = true;
  await run(`globalThis.client = openClient({ transport: 'poll', reconnect: { minDelay: 50, maxDelay: 100 } });
    globalThis.heard = []; client.channel('chat').subscribe((data) => heard.push(data));
    globalThis.sent = client.channel('chat').publish('over HTTP');`);
  await expect.poll(() => chunks('links')).toBeGreaterThan(0);
  expect(await run('return client.state.status')).not.toBe('closed');
  blocked = false;
  await run('await sent');
  expect(await run('return client.transport.name')).toBe('poll');
});
