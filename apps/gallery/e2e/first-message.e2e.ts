import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, defineChannels, log } from 'longwave';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './bundle.js';
import { launchChromium } from './chromium.js';
import type { FirstMessage } from './first-message-client.js';

let browser: Browser;
let script: string;
const report: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  script = await bundle(new URL('first-message-client.ts', import.meta.url));
});

afterAll(async () => {
  process.stdout.write(`${['', 'Time to the first message in Chromium, milliseconds', ...report].join('\n')}\n\n`);
  await browser?.close();
});

/** Obstacles between the page and the server. */
interface Faults {
  readonly websocket: 'pass' | 'refuse' | 'swallow';
  readonly stream: 'pass' | 'withhold';
}

/** Serves a page, its script, and Longwave through the faults. */
async function serve({ websocket, stream }: Faults) {
  const longwave = createServer({ channels: defineChannels({ news: log() }) });
  // Takes what the faults let through.
  const inner = createHttpServer((request, response) => {
    const isScript = request.url === '/client.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><title>first</title><script type="module" src="/client.js"></script>',
    );
  });
  longwave.attach(inner);
  const http = createHttpServer((request: IncomingMessage, response: ServerResponse) => {
    if (stream === 'withhold' && request.url!.startsWith('/longwave/stream')) {
      // As a proxy does that waits for the end of what never ends.
      response.flushHeaders = () => undefined;
      response.write = () => true;
    }
    inner.emit('request', request, response);
  });
  const swallowed = new Set<Socket>();
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (websocket === 'pass') inner.emit('upgrade', request, socket, head);
    else if (websocket === 'refuse') socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    else swallowed.add(socket.on('error', () => undefined));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  await longwave.channel('news').publish('news');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    close: async () => {
      for (const socket of swallowed) socket.destroy();
      await longwave.close();
      http.closeAllConnections();
      http.close();
    },
  };
}

async function firstMessage(page: Page): Promise<FirstMessage> {
  const told = await page.waitForFunction(() => (globalThis as { firstMessage?: FirstMessage }).firstMessage);
  return (await told.jsonValue())!;
}

it.each([
  ['nothing in the way', { websocket: 'pass', stream: 'pass' }, 'websocket', 1000],
  ['WebSocket refused', { websocket: 'refuse', stream: 'pass' }, 'stream', 1000],
  ['WebSocket swallowed', { websocket: 'swallow', stream: 'pass' }, 'stream', 3000],
  ['WebSocket refused, stream withheld', { websocket: 'refuse', stream: 'withhold' }, 'poll', 3000],
  ['WebSocket swallowed, stream withheld', { websocket: 'swallow', stream: 'withhold' }, 'poll', 4000],
] as const)('CLI-7: the first message, and the next after a reload: %s', async (name, faults, winner, barMs) => {
  const served = await serve(faults);
  const page = await (await browser.newContext()).newPage();
  try {
    await page.goto(served.url);
    const first = await firstMessage(page);
    await page.reload();
    const next = await firstMessage(page);
    report.push(
      `${name.padEnd(38)} ${winner.padEnd(10)} first ${first.ms.toFixed(0).padStart(5)}  next ${next.ms.toFixed(0).padStart(4)}`,
    );
    const [fallback, remembered] = winner === 'websocket' ? ['preferred', 'preferred'] : ['fallback', 'remembered'];
    expect(first).toMatchObject({ transport: winner, why: fallback });
    expect(next).toMatchObject({ transport: winner, why: remembered });
    // Four times: other work may be done on the machine.
    expect(first.ms).toBeLessThan(4 * barMs);
    expect(next.ms).toBeLessThan(4 * 250);
  } finally {
    await page.context().close();
    await served.close();
  }
});
