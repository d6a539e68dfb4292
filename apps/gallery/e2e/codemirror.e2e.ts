import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { runExample } from './example-program.js';

const example = runExample('codemirror');

it('the example for CodeMirror: two windows write one text', async () => {
  const { browser, url } = example();
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
