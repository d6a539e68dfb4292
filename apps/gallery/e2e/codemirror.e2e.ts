import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './chromium.js';

const program = fileURLToPath(new URL('../../../examples/dist/codemirror/server.js', import.meta.url));
let browser: Browser;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  server = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [[line], launched] = await Promise.all([
    once(createInterface({ input: server.stdout! }), 'line') as Promise<[string]>,
    launchChromium(),
  ]);
  url = line;
  browser = launched;
});

afterAll(async () => {
  await browser.close();
  server.kill('SIGKILL');
});

it('the example for CodeMirror: two windows write one text', async () => {
  const pages = await Promise.all([browser.newPage(), browser.newPage()]);
  await Promise.all(pages.map((page) => page.goto(url)));
  const [ada, bob] = pages as [Page, Page];
  const text = (page: Page): Promise<string> =>
    page.locator('.cm-line').evaluateAll((lines) =>
      lines
        .map((line) => {
          const copy = line.cloneNode(true) as Element;
          // The caret of somebody else, with their name, stands within the line.
          for (const caret of copy.querySelectorAll('.cm-ySelectionCaret')) caret.remove();
          return copy.textContent;
        })
        .join('\n'),
    );
  await ada.locator('.cm-content').click();
  await ada.keyboard.press('Control+End');
  await ada.keyboard.type('From Ada.');
  await bob.locator('.cm-line', { hasText: 'From Ada.' }).click();
  await bob.keyboard.press('End');
  await bob.keyboard.type(' From Bob.');
  for (const page of pages) {
    await expect
      .poll(() => text(page))
      .toBe('# Notes\n\nOpen this page in two windows, and write in both.\nFrom Ada. From Bob.');
    await page.getByText('All saved').waitFor();
  }
});
