import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFaults } from './axe-faults.js';
import { openGalleryScene } from './gallery-scene.js';
import { screenshotThemes } from './screenshots.js';

const scene = openGalleryScene();

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } as const;

async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await scene.visit({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => process.stdout.write(`The page failed: ${error.stack}\n`));
  await page.goto(scene.url + path);
  return page;
}

async function sit(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name in the game').fill(name);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
}

const status = (page: Page) => page.getByTestId('four-status');
const column = (page: Page, number: number) => page.getByRole('button', { name: `Column ${number}:` });
/** Columns in words, as somebody hears them. */
const board = (page: Page): Promise<(string | null)[]> =>
  page
    .getByRole('toolbar', { name: 'Board' })
    .getByRole('button')
    .evaluateAll((all) => all.map((each) => each.ariaLabel));

describe('four in a row', () => {
  it('is played to its end by two tabs, one of them by keys alone, while a third watches', async () => {
    const [ada, bob, eve] = await Promise.all([
      open('/four/final', { bypassCSP: true }),
      open('/four/final'),
      open('/four/final'),
    ]);
    await status(eve).getByText('Both seats are free.').waitFor();
    await sit(ada, 'Ada');
    await ada.getByText('127.0.0.1').waitFor();
    await sit(bob, 'Bob');
    await status(eve).getByText('Ada plays red.').waitFor();
    // Not their turn.
    await column(bob, 1).click({ force: true });
    await column(ada, 1).focus();
    for (const [i, each] of [4, 4, 5, 5, 6, 6].entries()) {
      const isAda = i % 2 === 0;
      await status(isAda ? ada : bob)
        .getByText(/^Your turn/)
        .waitFor();
      if (isAda) await ada.keyboard.press(String(each));
      else await column(bob, each).click();
    }
    await status(ada)
      .getByText(/^Your turn/)
      .waitFor();
    await ada.keyboard.press('ArrowRight');
    await ada.keyboard.press('Enter');
    await status(ada).getByText('You have won.').waitFor();
    await Promise.all([bob, eve].map((page) => status(page).getByText('Ada has won.').waitFor()));
    const ended = [
      ...['Column 1: empty', 'Column 2: empty', 'Column 3: empty'],
      ...['Column 4: red, yellow', 'Column 5: red, yellow', 'Column 6: red, yellow', 'Column 7: red'],
    ];
    for (const page of [ada, bob, eve]) expect(await board(page)).toEqual(ended);
    expect(await eve.locator('[data-line=true]').count()).toBe(4);
    await eve.getByTestId('seat red').getByText('1 win').waitFor();
    await screenshotThemes(ada, 'wide-four');
    expect(await axeFaults(ada)).toEqual([]);
    await bob.getByRole('button', { name: 'Play again' }).click();
    await status(eve).getByText('Bob plays yellow.').waitFor();
    // Somebody who asks gets the seat of who leaves, and the game goes on.
    await sit(eve, 'Eve');
    await eve.getByText('Both seats are taken: you watch until one is free.').waitFor();
    await column(bob, 3).click();
    await status(ada)
      .getByText(/^Your turn/)
      .waitFor();
    await ada.close();
    await status(eve).getByText('Your turn: you play red.').waitFor();
    expect((await board(eve))[2]).toBe('Column 3: yellow');
  }, 120_000);
});

describe('the lobby', () => {
  const row = (page: Page, path: string) => page.getByTestId(`room ${path}`);

  it('shows rooms as they open, fill and end; they are created, joined and watched from it', async () => {
    const page = await open('/lobby');
    await row(page, '/play/main').getByText('opens when you come').waitFor();
    const ada = await open('/lobby');
    await ada.getByRole('radio', { name: 'Four in a row' }).check();
    await ada.getByLabel('Name of the room').fill('The Attic!');
    await ada.getByRole('button', { name: 'Open', exact: true }).click();
    await ada.waitForURL('**/four/the-attic?play');
    await status(ada)
      .getByText(/^You are seated/)
      .waitFor();
    const attic = row(page, '/four/the-attic');
    await attic.getByText('1 of 2 players, waits for a second player').waitFor();
    // That table is for the next one who wants to play at once.
    const bob = await open('/lobby');
    await bob.getByText('Somebody waits for a second player.').waitFor();
    await bob.getByRole('region', { name: 'Play at once' }).getByRole('button').click();
    await bob.waitForURL('**/four/the-attic?play');
    await attic.getByText('2 of 2 players, in play').waitFor();
    await screenshotThemes(page, 'wide-lobby');
    expect(await attic.getByRole('link', { name: 'Play' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Watch Four in a row the-attic' }).click();
    await status(page)
      .getByText(/plays red|Your turn/)
      .waitFor();
    const other = await open('/lobby');
    await Promise.all([ada, bob, page].map((each) => each.close()));
    await row(other, '/four/the-attic').waitFor({ state: 'detached', timeout: 60_000 });
    await other.getByText('No room is open now.').waitFor();
  }, 120_000);

  it('leads into the arena, also on a phone', async () => {
    const page = await open('/lobby', phone);
    await row(page, '/play/main').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await screenshotThemes(page, 'phone-lobby');
    await row(page, '/play/main').getByRole('link', { name: 'Play' }).tap();
    await page.getByRole('button', { name: 'Fire' }).waitFor();
    const other = await open('/lobby');
    await row(other, '/play/main').getByText('1 of 100 players, open').waitFor();
    const table = await open('/four/small', phone);
    await status(table).getByText('Both seats are free.').waitFor();
    await screenshotThemes(table, 'phone-four');
  });
});
