import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { screenshotThemes } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();
let proxy: FaultProxy;
/** Errors that pages threw, and requests that their policy refused. */
let complaints: string[];

beforeEach(async () => {
  complaints = [];
  proxy = await startFaultProxy(scene.gallery.port);
});

afterEach(async () => {
  await proxy.close();
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
});

/** In a context of its own: what one visitor chooses is not the other's. */
async function openTicker(options: Parameters<Browser['newContext']>[0] = {}, at: string = scene.url): Promise<Page> {
  const context = await scene.visit({ viewport: { width: 1200, height: 1000 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  await page.goto(`${at}/ticker`);
  await page.getByTestId('trades').locator('tbody tr').nth(3).waitFor();
  return page;
}

const patience = { timeout: 10_000 };
const rate = (page: Page) => page.getByRole('slider', { name: 'Update rate' });
const speed = (page: Page) => page.getByRole('slider', { name: 'Speed of the market' });

async function figure(page: Page, title: string): Promise<number> {
  return Number(((await page.getByTestId(`figure ${title}`).textContent()) ?? '').replaceAll(',', ''));
}

/** Price, change, bid, ask and volume of each company on the list, and what is shown of the one that is open. */
async function shown(page: Page): Promise<string[]> {
  const rows = await page.getByTestId(/^quote /).allTextContents();
  const book = await page.getByTestId('book').textContent();
  const trades = await page.getByTestId('trades').textContent();
  return [...rows, `${book}`, `${trades}`];
}

/** Until nothing has happened for a second. */
async function standStill(page: Page): Promise<void> {
  await expect.poll(() => figure(page, 'In the market'), patience).toBeGreaterThan(0);
  await speed(page).press('Home');
  await expect.poll(() => figure(page, 'In the market'), patience).toBe(0);
}

/** How much of three seconds the page's main thread works, by its processor time: what else runs on the machine does not count. */
async function busyShare(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await worked();
  await page.waitForTimeout(3000);
  return ((await worked()) - before) / 3;
}

describe('two tabs at different rates', () => {
  it('show the same once the market stands still', async () => {
    const [fast, slow] = await Promise.all([openTicker(), openTicker()]);
    await rate(fast).press('End');
    await fast.getByText('every tick').waitFor();
    await rate(slow).press('Home');
    await slow.getByText('1 a second', { exact: true }).waitFor();
    // A change of the market by one of them shows in the other.
    await speed(fast).press('End');
    await slow.getByText('20,000 updates a second').waitFor();
    await expect.poll(() => figure(slow, 'Merged away'), patience).toBeGreaterThan(50);
    const received = () => Promise.all([figure(fast, 'Received'), figure(slow, 'Received')]);
    await expect.poll(async () => received().then(([often, seldom]) => often > 2 * seldom), patience).toBe(true);
    await standStill(slow);
    await expect.poll(() => shown(slow), patience).toEqual(await shown(fast));
    expect(await shown(fast)).toHaveLength(10);
    // No more than happened is ever told as merged: not to a page that opens on quotes nobody watched for a while, either.
    await speed(fast).press('End');
    const late = await openTicker();
    await late.getByRole('button', { name: 'All 500' }).click();
    await expect.poll(() => figure(late, 'Merged away'), patience).toBeGreaterThan(0);
    const most = await late.evaluate(async () => {
      let most = 0;
      const cell = document.querySelector('[data-testid="figure Merged away"]')!;
      for (let looks = 0; looks < 8; looks++) {
        await new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => (observer.disconnect(), resolve()));
          observer.observe(cell, { childList: true, characterData: true, subtree: true });
        });
        most = Math.max(most, Number((cell.textContent ?? '').replaceAll(',', '')));
      }
      return most;
    });
    expect(most).toBeLessThan(40_000);
  });
});

describe('the network away for a while', () => {
  it('brings the tab back to what the others see', async () => {
    const [away, here] = await Promise.all([openTicker({}, proxy.url), openTicker()]);
    proxy.cut();
    await away.getByTestId('connection').getByText('Offline').first().waitFor();
    const before = await shown(away);
    // How old it is, and that none of it is the market's price now.
    await away.getByTestId('age').waitFor();
    const strength = () => away.locator('.quote-table').evaluate((table) => getComputedStyle(table).opacity);
    expect(await strength()).toBe('0.72');
    await expect.poll(() => shown(here), patience).not.toEqual(before);
    proxy.heal();
    await away.getByTestId('connection').getByText('Connected').first().waitFor();
    expect(await strength()).toBe('1');
    await standStill(here);
    await expect.poll(() => shown(away), patience).toEqual(await shown(here));
  });
});

describe('the server killed with -9 and started again', () => {
  it('opens its market anew, and the tab goes with it', async () => {
    const page = await openTicker();
    await scene.gallery.kill('SIGKILL');
    await page.getByTestId('connection').getByText('Offline').first().waitFor();
    const before = await shown(page);
    await scene.startAgain();
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    await expect.poll(() => shown(page), patience).not.toEqual(before);
    await standStill(page);
    const fresh = await openTicker();
    await expect.poll(() => shown(fresh), patience).toEqual(await shown(page));
  });
});

describe('the watch list', () => {
  it('takes companies by name, gives them up, and is there after a reload', async () => {
    const page = await openTicker();
    const listed = (symbol: string) => page.getByTestId(`quote ${symbol}`);
    await page.getByLabel('Add a company').fill('alder ba');
    await page.getByLabel('Add a company').press('Enter');
    await expect.poll(() => listed('ALDB').textContent(), patience).toMatch(/\d+\.\d\d[+−±]\d/);
    await page.getByRole('button', { name: 'Remove BALB' }).click();
    await page.reload();
    await listed('ALDB').waitFor();
    expect(await listed('BALB').count()).toBe(0);
    await listed('ALDB').getByRole('button', { name: 'Alder Bank' }).click();
    await page.getByRole('heading', { name: 'Alder Bank' }).waitFor();
    await expect.poll(() => page.getByTestId('book').locator('tr').count(), patience).toBeGreaterThan(20);
  });
});

describe('the board', () => {
  it('leaves half of each frame free at the default load, and is walked with the keyboard', async () => {
    const page = await openTicker();
    await page.getByRole('button', { name: 'All 500' }).click();
    await expect.poll(() => figure(page, 'Received'), patience).toBeGreaterThan(800);
    expect(await busyShare(page)).toBeLessThan(0.5);
    await page.getByRole('button', { name: /^All 500 companies/ }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Alder Energy' }).waitFor();
    await screenshotThemes(page, 'wide-ticker-board');
  });
});

describe('a phone', () => {
  it('has room for all of it, light and dark', async () => {
    const page = await openTicker({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    for (const scope of ['All 500', 'My list']) {
      await page.getByRole('button', { name: scope, exact: true }).tap();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, scope).toBeLessThanOrEqual(0);
      await page.getByRole('heading', { name: 'Quotes' }).scrollIntoViewIfNeeded();
      await screenshotThemes(page, `phone-ticker-${scope === 'My list' ? 'list' : 'board'}`);
    }
  });
});

describe('who would rather have nothing move', () => {
  it('sees new prices without a flash', async () => {
    const page = await openTicker({ reducedMotion: 'reduce' });
    await page.getByTestId('quote OSPT').locator('.flash').waitFor();
    const duration = await page
      .locator('.flash')
      .first()
      .evaluate((element) => getComputedStyle(element).animationDuration);
    expect(Number.parseFloat(duration)).toBeLessThan(0.001);
  });
});
