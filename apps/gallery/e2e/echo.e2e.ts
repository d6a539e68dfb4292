import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { screenshot } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();
let context: BrowserContext;
let page: Page;

beforeEach(async () => {
  context = await scene.visit({ viewport: { width: 1100, height: 1200 } });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
});

async function connectEcho(on: Page): Promise<void> {
  await on.goto(`${scene.url}/echo`);
  await on.getByRole('button', { name: 'Connect', exact: true }).click();
  await on.getByTestId('line-in').first().waitFor();
}

describe('the echo page', () => {
  it('greets, returns text and bytes, and says how it ended', async () => {
    await connectEcho(page);
    await page.getByLabel('Text to send').fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByTestId('line-in').getByText('Hello', { exact: true }).waitFor();
    await page.getByLabel('Binary').check();
    await page.getByLabel('Bytes to send').fill('ca fe 00 ff');
    await page.keyboard.press('Enter');
    await page.getByTestId('line-in').getByText('ca fe 00 ff').waitFor();
    await page.getByText(/Open, there and back in [\d.]+ ms/).waitFor();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Closed with 1000').waitFor();
  });

  it('shows the handshake as it stood on the wire, and hides what is secret', async () => {
    await context.addCookies([{ name: 'session', value: 'do-not-show', url: scene.url }]);
    await connectEcho(page);
    const request = page.getByTestId('request');
    await request.getByText('GET /echo?trace=').waitFor();
    const requestText = (await request.textContent()) ?? '';
    expect(requestText).toMatch(/Upgrade: websocket/i);
    expect(requestText).toMatch(/Sec-WebSocket-Key: [\w+/]{22}==/i);
    expect(requestText).toMatch(/Sec-WebSocket-Version: 13/i);
    expect(requestText).toMatch(/Cookie: \(hidden\)/i);
    expect(requestText).not.toContain('do-not-show');
    const responseText = (await page.getByTestId('response').textContent()) ?? '';
    expect(responseText).toContain('HTTP/1.1 101');
    expect(responseText).toMatch(/Sec-WebSocket-Accept: [\w+/]{27}=/i);
  });

  it('shows the frames of both directions byte by byte', async () => {
    await connectEcho(page);
    await page.getByLabel('Text to send').fill('Hello');
    await page.keyboard.press('Enter');
    const sent = page.getByTestId('frame-in').filter({ has: page.getByText('Hello', { exact: true }) });
    const returned = page.getByTestId('frame-out').filter({ has: page.getByText('Hello', { exact: true }) });
    await Promise.all([sent.waitFor(), returned.waitFor()]);

    // RFC 6455 §5.7: an unmasked text message is 81, its length, its bytes; a masked one has four more.
    expect(await returned.locator('.frame-bytes').innerText()).toBe('81 05 48 65 6c 6c 6f');
    const sentBytes = await sent.locator('.frame-bytes').innerText();
    expect(sentBytes).toMatch(/^81 85 (?:[\da-f]{2} ?){9}$/);
    const bytes = sentBytes.split(' ').map((byte) => Number.parseInt(byte, 16));
    const payload = bytes.slice(6).map((byte, index) => byte ^ bytes[2 + (index % 4)]!);
    expect(String.fromCharCode(...payload)).toBe('Hello');
    expect(await sent.textContent()).toContain('FIN 1');

    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByTestId('frame-in').filter({ hasText: 'close' }).waitFor();
    await page.getByTestId('frame-out').filter({ hasText: 'close' }).waitFor();
    await screenshot(page, 'echo-wide');
  });

  it('answers a page that is a file, which knows nothing but new WebSocket', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'longwave-echo-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'index.html');
    const script = `const ws = new WebSocket('ws://localhost:${scene.gallery.port}');
      ws.onopen = () => ws.send('from a file');
      ws.onmessage = (event) => document.body.append(event.data, ' | ');
      ws.onclose = () => document.body.append('closed');`;
    writeFileSync(file, `<!doctype html><body></body><script>${script}</script>`);
    await page.goto(pathToFileURL(file).href);
    await page.getByText('Hello! Whatever you send comes back. | from a file | ').waitFor();
  });

  it('keeps two tabs apart', async () => {
    const other = await context.newPage();
    await Promise.all([connectEcho(page), connectEcho(other)]);
    await page.getByLabel('Text to send').fill('only here');
    await page.keyboard.press('Enter');
    await page.getByTestId('frame-out').filter({ hasText: 'only here' }).waitFor();
    expect(await other.getByText('only here').count()).toBe(0);
  });
});
