import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { screenshotThemes } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();
let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await startFaultProxy(scene.gallery.port);
});

afterAll(() => proxy?.close());

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } as const;

async function open(at = scene.url, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await scene.visit({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${at}/fleet`);
  await live(page);
  return page;
}

const live = (page: Page) =>
  page
    .getByTestId('fleet-state')
    .getByText(/^Live: [1-9]/)
    .waitFor();

/** The figure without its unit and separators. */
async function figure(page: Page, name: string): Promise<number> {
  return Number.parseFloat(((await page.getByTestId(name).textContent()) ?? '').replaceAll(',', ''));
}

/** By keyboard: the first that is found. */
async function find(page: Page, text: string): Promise<void> {
  const input = page.getByRole('combobox', { name: 'Find' });
  await input.fill(text);
  await page.getByRole('option').first().waitFor();
  await input.press('Enter');
}

const reported = (page: Page) => page.getByTestId('fact: Reported').textContent();

const eventIds = (page: Page): Promise<(string | null)[]> =>
  page
    .getByTestId('event')
    .evaluateAll((items) => items.map((item) => (item as unknown as { dataset: { id: string } }).dataset.id));

describe('the fleet', () => {
  it('shows two tabs the same vehicle at the same place, while it moves', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    await Promise.all([find(one, 'a42'), find(other, 'A00042')]);
    await Promise.all([one, other].map((page) => page.getByTestId('fact: Reported').waitFor()));
    const before = await reported(one);
    await expect.poll(() => reported(one), { timeout: 20_000 }).not.toBe(before);
    await expect
      .poll(async () => {
        const [here, there] = await Promise.all([reported(one), reported(other)]);
        return here === there;
      })
      .toBe(true);
  });

  it('gets what the map shows and little else, and says how little', async () => {
    const page = await open();
    await find(page, 'panama');
    await expect.poll(() => figure(page, 'in-view'), { timeout: 20_000 }).toBeLessThan(400);
    expect(await figure(page, 'all-vehicles')).toBe(20_000);
    expect(await figure(page, 'all-updates')).toBeGreaterThan(1000);
    // The rates are those of the last twenty seconds, in which there was more to be seen.
    await expect.poll(() => figure(page, 'share'), { timeout: 40_000, interval: 1000 }).toBeLessThan(10);
  }, 90_000);

  it('shows all of the world without a stutter', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Whole world' }).click();
    await expect.poll(() => figure(page, 'in-view'), { timeout: 30_000 }).toBe(20_000);
    const framesPerSecond = await page.evaluate(async () => {
      const start = performance.now();
      let frames = 0;
      while (performance.now() - start < 3000) {
        await new Promise(requestAnimationFrame);
        frames++;
      }
      return (frames * 1000) / (performance.now() - start);
    });
    process.stdout.write(`20,000 vehicles in view: ${framesPerSecond.toFixed(1)} frames a second\n`);
    // Sixty on a machine that has nothing else to do.
    expect(framesPerSecond).toBeGreaterThan(25);
  }, 60_000);

  it('shows ships only, or aircraft only', async () => {
    const page = await open();
    const all = await figure(page, 'in-view');
    await page.getByRole('radio', { name: 'Ships' }).check();
    await expect.poll(() => figure(page, 'in-view'), { timeout: 20_000 }).toBeLessThan(all * 0.9);
    const ships = await figure(page, 'in-view');
    await page.getByRole('radio', { name: 'Aircraft' }).check();
    await expect
      .poll(async () => Math.abs((await figure(page, 'in-view')) + ships - all), { timeout: 20_000 })
      .toBeLessThan(all * 0.1);
  });

  it('tells who comes late of the last fifty crossings', async () => {
    const early = await open();
    await expect.poll(() => early.getByTestId('event').count(), { timeout: 60_000 }).toBe(50);
    const known = (await eventIds(early)).slice(0, 20);
    const late = await open();
    await late.getByTestId('event').nth(49).waitFor();
    const told = await eventIds(late);
    expect(told.length).toBe(50);
    expect(told).toEqual(expect.arrayContaining(known.slice(0, 5)));
  }, 90_000);

  it('keeps what it shows while the network is gone, and goes on with it', async () => {
    const page = await open(proxy.url);
    await find(page, 'a77');
    await page.getByTestId('fact: Reported').waitFor();
    proxy.cut();
    await page.getByTestId('fleet-state').getByText('Offline').waitFor();
    const before = await reported(page);
    expect(await figure(page, 'in-view')).toBeGreaterThan(0);
    proxy.heal();
    await live(page);
    await expect.poll(() => reported(page), { timeout: 20_000 }).not.toBe(before);
  });

  it('moves its map with the first drag of a mouse, and with one finger', async () => {
    const [wide, small] = [await open(), await open(scene.url, phone)];
    const areas = async (page: Page, move: (x: number, y: number) => Promise<void>): Promise<void> => {
      const map = page.getByRole('application');
      await map.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await map.boundingBox())!;
      const before = await figure(page, 'in-view');
      await move(x + width / 2, y + height / 2);
      await expect.poll(() => figure(page, 'in-view'), { timeout: 20_000 }).not.toBe(before);
    };
    // Far enough for another part of the world.
    await areas(wide, async (x, y) => {
      await wide.mouse.move(x, y);
      await wide.mouse.down();
      await wide.mouse.move(x - 300, y, { steps: 5 });
      await wide.mouse.up();
    });
    const touch = await small.context().newCDPSession(small);
    await areas(small, async (x, y) => {
      const at = (step: number) => [{ x: x + 100 - 20 * step, y }];
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
      for (let step = 1; step <= 10; step++) {
        await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(step) });
      }
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    });
  });

  it('lets its crossings be walked by arrow keys from one stop of the tab key, and holds them meanwhile', async () => {
    const page = await open();
    await page.getByTestId('event').nth(5).waitFor();
    const list = page.getByTestId('events');
    expect(await list.locator('button[tabindex="0"]').count()).toBe(1);
    await list.locator('button').first().focus();
    const held = await eventIds(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(
      await list
        .locator('button')
        .nth(2)
        .evaluate((button) => button === document.activeElement),
    ).toBe(true);
    await page.getByText(/^held, \d+ more since$/).waitFor();
    expect(await eventIds(page)).toEqual(held);
    await page.getByRole('combobox', { name: 'Find' }).focus();
    await expect.poll(() => eventIds(page)).not.toEqual(held);
  });

  it('says so when there is no such vehicle', async () => {
    const page = await open();
    await find(page, 'S99999');
    await page.getByText('There is no such vehicle.').waitFor();
  });

  it('fits a phone and a wide window, light and dark', async () => {
    const [small, wide] = await Promise.all([open(scene.url, phone), open()]);
    expect(await small.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await find(wide, 's42');
    await wide.getByTestId('fact: Route').waitFor();
    await screenshotThemes(small, 'phone-fleet');
    await screenshotThemes(wide, 'wide-fleet');
  });
});
