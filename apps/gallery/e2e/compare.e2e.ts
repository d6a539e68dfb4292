import type { BrowserContext, Page } from 'playwright-core';
import { type Client, connect } from 'longwave/client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { GalleryChannels } from '../shared/channels.js';
import type { CompareCalls } from '../shared/compare.js';
import { type LaneName, laneNames } from '../shared/compare-limits.js';
import { goTo } from './menu.js';
import { screenshotThemes } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();
let context: BrowserContext;

beforeEach(async () => {
  context = await scene.visit({ viewport: { width: 1200, height: 900 } });
});

async function openCompare(on?: Page): Promise<Page> {
  const page = on ?? (await context.newPage());
  page.setDefaultTimeout(20_000);
  await page.goto(`${scene.url}/compare`);
  await running(page);
  return page;
}

const running = (page: Page) => page.getByTestId('lab').getByText('Running').waitFor();

const textOf = async (page: Page, name: LaneName, figure: string): Promise<string> =>
  (await page.getByTestId(`${name}: ${figure}`).textContent()) ?? '';

async function numberOf(page: Page, name: LaneName, figure: string): Promise<number> {
  return Number((await textOf(page, name, figure)).replaceAll(',', ''));
}

/** Milliseconds, whatever the unit. */
async function latencyOf(page: Page, name: LaneName): Promise<number> {
  const text = await textOf(page, name, 'Latency: Median');
  return Number.parseFloat(text) * (text.endsWith(' s') ? 1000 : 1);
}

/** Waits until the figure of a lane has come to at least `least`. */
async function reach(page: Page, name: LaneName, figure: string, least: number): Promise<void> {
  await expect.poll(() => numberOf(page, name, figure), { timeout: 20_000 }).toBeGreaterThanOrEqual(least);
}

/** Moves a slider as the keyboard does. */
async function slide(page: Page, label: string, key: 'Home' | 'End'): Promise<void> {
  await page.getByRole('slider', { name: label }).press(key);
}

/** A second on the way, less what may be wrong about the clocks. */
const delayed = 990;
const order = 'Messages: Lost / repeated / out of order';

async function expectWhole(page: Page): Promise<void> {
  for (const name of laneNames) expect(await textOf(page, name, order), name).toBe('0 / 0 / 0');
}

describe('the comparison', () => {
  it('gives all four lanes the same messages, each once and in order', async () => {
    const page = await openCompare();
    await slide(page, 'Polling asks every', 'Home');
    await slide(page, 'Messages', 'End');
    await Promise.all(laneNames.map((name) => reach(page, name, 'Messages: Received', 200)));
    await page.getByRole('button', { name: 'Pause the feed' }).click();
    await page.getByTestId('lab').getByText('The feed is paused').waitFor();
    // Standing still, the lanes come to the same number, which no lane could with a loss or a repetition.
    await expect
      .poll(
        async () =>
          new Set(await Promise.all(laneNames.map((name) => numberOf(page, name, 'Messages: Received')))).size,
        { timeout: 20_000 },
      )
      .toBe(1);
    await expectWhole(page);
  });

  it('shows what each way costs: requests that grow, and a WebSocket that needs one', async () => {
    const page = await openCompare();
    await slide(page, 'Polling asks every', 'Home');
    await reach(page, 'polling', 'Cost so far: Requests', 4);
    await reach(page, 'long-polling', 'Cost so far: Requests', 10);
    await reach(page, 'websocket', 'Messages: Received', 10);
    expect(await numberOf(page, 'websocket', 'Cost so far: Requests')).toBe(1);
    expect(await numberOf(page, 'websocket', 'Cost so far: TCP connections')).toBe(1);
    const streamed = await numberOf(page, 'stream', 'Cost so far: Requests');
    await reach(page, 'stream', 'Messages: Received', (await numberOf(page, 'stream', 'Messages: Received')) + 10);
    expect(await numberOf(page, 'stream', 'Cost so far: Requests')).toBe(streamed);
    for (const name of laneNames) {
      expect(await textOf(page, name, 'Until the first message: Time'), name).toMatch(/ m?s$/);
      expect(await textOf(page, name, 'Until the first message: Bytes'), name).toMatch(/ k?B$/);
      expect(await textOf(page, name, 'Cost so far: Bytes down'), name).toMatch(/ k?B$/);
    }
    await page
      .getByTestId('clock')
      .getByText(/after \d+ questions/)
      .waitFor();
  });

  it('puts the network that was chosen between page and server, of this page alone', async () => {
    const [page, other] = await Promise.all([openCompare(), openCompare()]);
    for (const name of ['long-polling', 'stream', 'websocket'] as const) {
      await expect.poll(() => latencyOf(page, name), { timeout: 20_000 }).toBeLessThan(delayed);
    }
    await slide(page, 'Added delay, each way', 'End');
    await page.getByRole('button', { name: 'Reset' }).click();
    await running(page);
    // A second on the way is in every message, whatever carries it.
    for (const name of laneNames) {
      await expect.poll(() => latencyOf(page, name), { timeout: 20_000 }).toBeGreaterThanOrEqual(delayed);
    }
    await expectWhole(page);
    await other.bringToFront();
    await reach(other, 'websocket', 'Messages: Received', 20);
    expect(await latencyOf(other, 'websocket')).toBeLessThan(delayed);
    await expectWhole(other);
  }, 90_000);

  it('loses nothing on a narrow line, and begins from nothing when it is reset', async () => {
    const page = await openCompare();
    await page.getByLabel('Bandwidth of each lane').selectOption('64 kbit/s');
    await slide(page, 'Messages', 'End');
    await Promise.all(laneNames.map((name) => reach(page, name, 'Messages: Received', 50)));
    await expectWhole(page);
    await page.getByLabel('Bandwidth of each lane').selectOption('no limit');
    await slide(page, 'Messages', 'Home');
    await page.getByRole('button', { name: 'Reset' }).click();
    await running(page);
    await reach(page, 'websocket', 'Messages: Received', 1);
    expect(await numberOf(page, 'websocket', 'Messages: Received')).toBeLessThan(50);
  });

  it('goes on by itself when the server was killed and started again', async () => {
    const page = await openCompare();
    await reach(page, 'websocket', 'Messages: Received', 5);
    await scene.gallery.kill('SIGKILL');
    await page.getByTestId('connection').getByText('Offline').first().waitFor();
    await page.getByTestId('websocket: Messages: State').getByText('failing').waitFor();
    await scene.startAgain();
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    await running(page);
    await reach(page, 'websocket', 'Messages: Received', 3);
    await expectWhole(page);
  });

  it('asks the next server when one goes away before it has a lab, and calls no lane connected meanwhile', async () => {
    const page = await openCompare();
    await scene.gallery.kill('SIGKILL');
    await scene.startAgain();
    // It may have asked the new one for something by now.
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    await scene.gallery.kill('SIGKILL');
    await page.getByTestId('connection').getByText('Offline').first().waitFor();
    for (const name of laneNames) {
      await expect.poll(() => textOf(page, name, 'Messages: State')).not.toBe('connected');
    }
    await scene.startAgain();
    await running(page);
    await reach(page, 'websocket', 'Messages: Received', 3);
  });

  it('stands still while nobody looks, and goes on where it was', async () => {
    const page = await openCompare();
    await slide(page, 'Polling asks every', 'Home');
    await slide(page, 'Messages', 'End');
    await reach(page, 'polling', 'Messages: Received', 30);
    const look = (hidden: boolean) =>
      page.evaluate((isHidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await look(true);
    // At 50 a second, only a feed that stands still leaves a second's question without an answer.
    await page.waitForResponse(
      async (response) => response.url().includes('/messages?') && (await response.text()) === '[]',
    );
    const before = await numberOf(page, 'websocket', 'Messages: Received');
    await look(false);
    await reach(page, 'polling', 'Messages: Received', before + 60);
    await expectWhole(page);
  });

  it('gives its place back when it is left', async () => {
    const page = await openCompare();
    // More often than there are places.
    for (let reset = 0; reset < 20; reset++) {
      await page.getByRole('button', { name: 'Reset' }).click();
      await running(page);
    }
    await goTo(page, 'Echo');
    await page.getByRole('heading', { name: 'Echo' }).waitFor();
  }, 60_000);

  it('goes on though somebody takes all places; one that is paused gives way, says why, and starts again', async () => {
    const page = await openCompare();
    const openMany = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const client: Client<GalleryChannels, CompareCalls> = connect(scene.url);
        onTestFinished(() => client.close());
        await client.call('compare/open', {});
      }
    };
    await openMany(20);
    // The first figure has come.
    await reach(page, 'websocket', 'Messages: Received', 1);
    await reach(page, 'websocket', 'Messages: Received', (await numberOf(page, 'websocket', 'Messages: Received')) + 5);
    await openCompare(await context.newPage());
    await page.getByRole('button', { name: 'Pause the feed' }).click();
    await page.getByTestId('lab').getByText('The feed is paused').waitFor();
    await openMany(20);
    await page
      .getByTestId('lab')
      .getByText('Ended: All 16 places were taken when another page asked for one.')
      .waitFor();
    await page.getByRole('button', { name: 'Start again' }).click();
    await page.getByTestId('lab').getByText('The feed is paused').waitFor();
    await page.getByRole('button', { name: 'Resume the feed' }).click();
    await running(page);
  });

  it('is told as a table, too', async () => {
    const page = await openCompare();
    await reach(page, 'websocket', 'Messages: Received', 60);
    await page.getByText('As a table').first().click();
    const row = page.getByRole('row', { name: /^10 s/ }).first();
    await row.waitFor();
    expect(await row.textContent()).toMatch(/ ms/);
    expect(await page.getByRole('img', { name: /^Latency: Polling/ }).count()).toBe(1);
  });
});

describe('its looks', () => {
  it('fit a wide window and a phone, light and dark', async () => {
    const page = await openCompare();
    await slide(page, 'Polling asks every', 'Home');
    await reach(page, 'websocket', 'Messages: Received', 60);
    await page.setViewportSize({ width: 1200, height: 2800 });
    await screenshotThemes(page, 'wide-compare');
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await screenshotThemes(page, 'phone-compare-controls');
    await page.getByRole('table', { name: 'Figures' }).scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollBy(0, 420));
    await screenshotThemes(page, 'phone-compare-figures');
    await page.getByRole('heading', { name: 'Bytes for each message' }).scrollIntoViewIfNeeded();
    await screenshotThemes(page, 'phone-compare-chart');
    await page.getByRole('heading', { name: 'Which one, when' }).scrollIntoViewIfNeeded();
    await screenshotThemes(page, 'phone-compare-lanes');
  });
});
