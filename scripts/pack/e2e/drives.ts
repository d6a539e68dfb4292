import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Opens a path of the application, `/` by default, in a browser of its own. */
type Open = (path?: string) => Promise<Page>;

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByText(`Here: ${name}`)
    .or(page.getByText(`, ${name}`))
    .waitFor();
}

async function chat(open: Open): Promise<void> {
  const [ada, bob] = [await open(), await open()];
  await signIn(ada, 'Ada');
  await signIn(bob, 'Bob');
  await ada.getByText('Here: Ada, Bob').waitFor();

  await bob.getByLabel('Message').pressSequentially('hello');
  await ada.getByText('Bob typing').waitFor();
  await bob.getByRole('button', { name: 'Send' }).click();
  await ada.getByLabel('Message').fill('first');
  await ada.getByRole('button', { name: 'Send' }).click();
  await ada.locator('li', { hasText: 'Ada first' }).waitFor();
  await ada.locator('li', { hasText: 'Bob hello' }).waitFor();

  await bob.reload();
  await expect.poll(() => bob.locator('.messages li:not([aria-hidden])').allTextContents()).toHaveLength(2);
  await bob.getByRole('button', { name: 'Sign out' }).click();
  await bob.getByLabel('Your name').waitFor();
}

/** It has no page: the client comes from the server. As text, since vitest rewrites an `import()` of its own. */
const talk = (text: string): string => `(async () => {
  const { connect } = await import('/longwave.mjs');
  const news = connect(location.origin).channel('news/today');
  const seen = [];
  const all = new Promise((resolve) => {
    news.subscribe({ from: 'start' }, ({ text }) => seen.push(text) === 3 && resolve(seen.toSorted()));
  });
  await news.publish({ text: '${text}' });
  return all;
})()`;

async function bare(open: Open): Promise<void> {
  const [one, two] = [await open('/healthz'), await open('/healthz')];
  const texts = await Promise.all([one.evaluate(talk('from one')), two.evaluate(talk('from two'))]);
  expect(texts).toEqual(Array(2).fill(['The server has started.', 'from one', 'from two']));
}

async function dashboard(open: Open): Promise<void> {
  const page = await open();
  const shown = page.getByText('in view');
  const count = async (): Promise<number> => parseInt((await shown.textContent()) ?? '', 10);
  await shown.waitFor();
  expect(await page.locator('svg circle').count()).toBe(400);
  const first = page.locator('circle').first();
  const before = await first.getAttribute('style');
  await expect.poll(() => first.getAttribute('style')).not.toBe(before);

  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(count).toBeLessThan(250);
  await page.getByLabel('Show').selectOption('busy');
  await expect.poll(() => page.locator('circle.free').count()).toBe(0);
  expect(await page.locator('circle.busy').count()).toBeGreaterThan(0);
  await page.getByLabel('Show').selectOption('all');
  await page.getByRole('button', { name: 'All' }).click();
  await expect.poll(count).toBe(400);
}

async function game(open: Open): Promise<void> {
  const pages = [await open(), await open()];
  for (const [i, page] of pages.entries()) {
    await page.getByLabel('Your name').fill(`Player ${i + 1}`);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('0 coins').waitFor();
  }
  // Walks to and fro over the whole meadow, until something was in the way.
  const [walker] = pages as [Page, Page];
  const coins = async (): Promise<number> => parseInt((await walker.locator('output').textContent()) ?? '', 10);
  const ways = ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'];
  for (let i = 0; i < 40 && (await coins()) === 0; i++) {
    const way = ways.at(i % ways.length) ?? '';
    await walker.keyboard.down(way);
    await walker.waitForTimeout(700 + 100 * i);
    await walker.keyboard.up(way);
  }
  expect(await coins()).toBeGreaterThan(0);
}

async function document(open: Open): Promise<void> {
  const [ada, bob] = [await open(), await open()];
  for (const page of [ada, bob]) await page.getByText('Open this page in two windows').waitFor();
  await ada.locator('.cm-content').click();
  await ada.keyboard.press('Control+End');
  await ada.keyboard.type('Written by Ada.');
  await bob.getByText('Written by Ada.').waitFor();
  await ada.getByText('Saved').waitFor();
  await bob.locator('.cm-ySelectionInfo', { hasText: /^Guest \d+$/ }).waitFor({ state: 'attached' });

  await bob.reload();
  await bob.getByText('Written by Ada.').waitFor();
}

/** Use each template in Chromium, as its user would. */
export const drives: Readonly<Record<string, (open: Open) => Promise<void>>> = {
  chat,
  dashboard,
  document,
  game,
  bare,
};
