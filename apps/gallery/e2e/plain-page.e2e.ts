import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { runExample } from './example-program.js';

const example = runExample('plain-page');

it('the page without a build step: two tabs chat, under a strict content security policy', async () => {
  const { browser, url } = example();
  const pages = await Promise.all([browser.newPage(), browser.newPage()]);
  const complaints: string[] = [];
  for (const page of pages) {
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A browser asks for an icon, which there is none of.
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        complaints.push(message.text());
    });
    await page.goto(url);
    await page.locator('output', { hasText: 'connected' }).waitFor();
  }
  const [ada, bob] = pages as [Page, Page];
  const say = async (page: Page, text: string): Promise<void> => {
    await page.getByLabel('Message').fill(text);
    await page.getByRole('button').click();
  };
  await say(ada, 'Hello, Bob.');
  await bob.locator('li', { hasText: 'Hello, Bob.' }).waitFor();
  await say(bob, 'Hello, Ada.');
  for (const page of pages) {
    await expect.poll(() => page.locator('li').allTextContents()).toEqual(['Hello, Bob.', 'Hello, Ada.']);
  }
  expect(complaints).toEqual([]);
});

it('the module, with a hash that the browser checks', async () => {
  const { browser, url } = example();
  const page = await browser.newPage();
  await page.goto(url);
  const text = await (await fetch(`${url}/longwave.mjs`)).arrayBuffer();
  const hash = Buffer.from(await crypto.subtle.digest('SHA-384', text)).toString('base64');
  const load = (integrity: string): Promise<boolean> =>
    page.evaluate(
      (value) =>
        new Promise<boolean>((resolve) => {
          const script = Object.assign(document.createElement('script'), {
            type: 'module',
            src: `/longwave.mjs?${encodeURIComponent(value)}`,
            integrity: value,
            onload: () => resolve(true),
            onerror: () => resolve(false),
          });
          document.head.append(script);
        }),
      integrity,
    );
  expect(await load(`sha384-${hash}`)).toBe(true);
  expect(await load(`sha384-${'A'.repeat(64)}`)).toBe(false);
  // As text: a function would be transformed by the runner.
  expect(await page.evaluate(`import('/longwave.mjs').then((all) => Object.keys(all))`)).toContain('connect');
});
