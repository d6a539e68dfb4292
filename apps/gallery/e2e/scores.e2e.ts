import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.js';
import { join } from './chat-tab.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { type GalleryProcess, findFreePort, startGallery } from './gallery-process.js';
import { screenshot, screenshotThemes } from './screenshots.js';

let browser: Browser;
let gallery: GalleryProcess;
let proxy: FaultProxy;
let contexts: BrowserContext[];
/** Errors that pages threw. */
let complaints: string[];

// A server of its own for each test: a match lasts minutes, and each test wants it from the start.
beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  [contexts, complaints] = [[], []];
  gallery = await startGallery(await findFreePort());
  proxy = await startFaultProxy(gallery.port);
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  await proxy.close();
  await gallery.kill('SIGKILL');
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
});

const url = (): string => `http://127.0.0.1:${gallery.port}`;

async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}, at = url()): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 950 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${at}${path}`);
  return page;
}

async function openDesk(name: string, at = url()): Promise<Page> {
  const page = await open('/scores/desk', {}, at);
  await join(page, name);
  await page.getByRole('button', { name: 'Take the role of an operator' }).click();
  await form(page).waitFor();
  return page;
}

const form = (page: Page) => page.getByRole('form', { name: 'New entry' });
const lines = (page: Page) => page.getByTestId('line');
const score = (page: Page) => page.getByTestId('score');

/** Fills in a goal of the home team, and does not yet enter it. */
async function beginGoal(page: Page, player: number): Promise<void> {
  await form(page).getByLabel('Player').selectOption({ index: player });
}

const enter = (page: Page): Promise<void> => form(page).getByRole('button', { name: 'Enter' }).click();

describe('the board', () => {
  it('shows a round that lives, the same in two tabs, and to who comes late', async () => {
    const [one, two] = await Promise.all([open('/scores'), open('/scores')]);
    await one.getByTestId('match 1-6').waitFor();
    const first = one.getByTestId('match 1-2').locator('.minute');
    const before = await first.textContent();
    await expect.poll(() => first.textContent(), { timeout: 10_000 }).not.toBe(before);
    // Headlines and scores can change between two looks at two tabs.
    await expect
      .poll(async () => (await score(one).allTextContents()).join())
      .toBe((await score(two).allTextContents()).join());
    const late = await open('/scores/1-1');
    await lines(late).filter({ hasText: 'Kick-off' }).waitFor();
    const goals = await lines(late).filter({ hasText: 'Goal for' }).count();
    const [home, away] = ((await score(late).first().textContent()) ?? '').split('–').map(Number);
    expect(goals).toBe(home! + away!);
    await screenshotThemes(one, 'scores');
    await screenshotThemes(late, 'scores-match');
  });

  it('fits on a phone', async () => {
    const page = await open('/scores', { viewport: { width: 390, height: 844 }, isMobile: true });
    await page.getByTestId('match 1-6').waitFor();
    const isWide = (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(await isWide()).toBe(false);
    await screenshot(page, 'scores-phone');
    await page.getByTestId('match 1-1').getByRole('link').click();
    await lines(page).first().waitFor();
    expect(await isWide()).toBe(false);
    await screenshot(page, 'scores-match-phone');
  });

  it('says offline how old it is, stops its clocks, and goes on by itself', async () => {
    const page = await open('/scores', {}, proxy.url);
    await page.getByTestId('match 1-6').waitFor();
    proxy.cut();
    await page
      .getByTestId('age')
      .getByText(/as it was \d+ s ago/)
      .waitFor();
    const minutes = page.locator('.minute-live');
    const before = await minutes.allTextContents();
    await page.waitForTimeout(3000);
    expect(await minutes.allTextContents()).toEqual(before);
    await screenshot(page, 'scores-offline');
    proxy.heal();
    await page.getByTestId('age').waitFor({ state: 'detached' });
    await expect.poll(() => minutes.allTextContents(), { timeout: 10_000 }).not.toEqual(before);
  });
});

describe('the desk', () => {
  it('enters, edits and withdraws; readers see all of it, with what was there before', async () => {
    const desk = await openDesk('Ada');
    const reader = await open('/scores/1-6');
    await score(reader).getByText('0–0').waitFor();
    await beginGoal(desk, 9);
    await enter(desk);
    await score(reader).getByText('1–0').waitFor();
    await reader
      .getByTestId('announcement')
      .getByText(/^Goal\./)
      .waitFor({ state: 'attached' });

    const goal = lines(desk).filter({ hasText: 'Goal for' });
    await goal.getByRole('button', { name: 'Edit' }).click();
    await goal.getByLabel('New words').fill('<b>What a goal</b>');
    await goal.getByRole('button', { name: 'Save' }).click();
    await lines(reader).filter({ hasText: '<b>What a goal</b>' }).getByText('Edited').click();
    await lines(reader)
      .getByText(/Goal for .* until Ada changed it/)
      .waitFor();

    const edited = lines(desk).filter({ hasText: 'What a goal' });
    await edited.getByRole('button', { name: 'Withdraw' }).click();
    await edited.getByLabel('Why').fill('Offside');
    await edited.getByRole('button', { name: 'Withdraw it' }).click();
    await lines(reader).getByText('Withdrawn by Ada: Offside').waitFor();
    await score(reader).getByText('0–0').waitFor();
    await screenshotThemes(reader, 'scores-withdrawn');
  });

  it('tells the second of two operators, who decides', async () => {
    const [ada, bob] = await Promise.all([openDesk('Ada'), openDesk('Bob')]);
    await beginGoal(ada, 9);
    await beginGoal(bob, 10);
    await enter(ada);
    await form(bob)
      .getByText(/The board has changed since you began/)
      .waitFor();
    await enter(bob);
    const conflict = bob.getByTestId('desk-notice');
    await conflict.getByText(/The board says now: .* 1–0/).waitFor();
    expect(await score(ada).textContent()).toBe('1–0');
    await screenshotThemes(bob, 'scores-conflict');
    await conflict.getByRole('button', { name: 'Enter it as well' }).click();
    for (const page of [ada, bob]) await score(page).getByText('2–0').waitFor();

    await beginGoal(ada, 3);
    await beginGoal(bob, 4);
    await enter(bob);
    await score(ada).getByText('3–0').waitFor();
    await enter(ada);
    await ada.getByTestId('desk-notice').getByRole('button', { name: 'Drop mine' }).click();
    await ada.getByTestId('desk-notice').waitFor({ state: 'detached' });
    expect(await lines(bob).filter({ hasText: 'Goal for' }).count()).toBe(3);
  });

  it('is closed to readers', async () => {
    const page = await open('/scores/desk');
    await join(page, 'Cleo');
    await page.getByTestId('score').waitFor();
    expect(await form(page).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Withdraw' }).count()).toBe(0);
  });
});
