import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { axeFaults } from './axe-faults.js';
import { openGalleryScene } from './gallery-scene.js';
import { screenshotThemes } from './screenshots.js';

const scene = openGalleryScene();
let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await startFaultProxy(scene.gallery.port);
});

afterAll(() => proxy?.close());

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } as const;

/** `duel-` rooms have no bots. */
async function open(room: string, options: Parameters<Browser['newContext']>[0] = {}, at = scene.url): Promise<Page> {
  const context = await scene.visit({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => process.stdout.write(`The page failed: ${error.stack}\n`));
  await page.goto(`${at}/play/${room}`);
  await page.getByTestId('play-status').getByText('Live').waitFor();
  return page;
}

async function join(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name in the game').fill(name);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => place(page)).toBeDefined();
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where the own ship is, as the page says to who does not see it; undefined while it is out. */
async function place(page: Page): Promise<Place | undefined> {
  const text = (await page.getByTestId('described').textContent()) ?? '';
  const found = /(\d+) from the (west|east) wall, (\d+) from the (north|south) wall/.exec(text);
  if (!found) return undefined;
  const [, x, aside, y, ahead] = found;
  return { x: aside === 'west' ? Number(x) : 2400 - Number(x), y: ahead === 'north' ? Number(y) : 2400 - Number(y) };
}

const near = (page: Page): Promise<string[]> => page.getByTestId('radar').locator('li').allTextContents();

/** To the corner in the north-west, where others are met. */
async function flyToCorner(page: Page): Promise<void> {
  await page.keyboard.down('KeyW');
  await page.keyboard.down('KeyA');
  await expect.poll(() => place(page), { timeout: 30_000 }).toEqual({ x: 20, y: 20 });
  await page.keyboard.up('KeyW');
  await page.keyboard.up('KeyA');
}

/** Holds a key until the ship is so far from where it was, however fast the page is. */
async function fly(page: Page, key: string, far: number): Promise<void> {
  const before = (await place(page))!;
  await page.keyboard.down(key);
  await expect
    .poll(async () => {
      const { x, y } = (await place(page)) ?? before;
      return Math.hypot(x - before.x, y - before.y);
    })
    .toBeGreaterThan(far);
  await page.keyboard.up(key);
}

describe('the arena', () => {
  it('shows two tabs to each other, as they move', async () => {
    const [ada, bob] = await Promise.all([open('duel-corner'), open('duel-corner')]);
    await Promise.all([join(ada, 'Ada'), join(bob, 'Bob')]);
    await Promise.all([ada, bob].map(flyToCorner));
    await expect.poll(() => near(ada)).toEqual(['Bob, here']);
    await expect.poll(() => near(bob)).toEqual(['Ada, here']);
    await fly(ada, 'KeyD', 100);
    await expect.poll(() => near(bob)).toEqual([expect.stringMatching(/^Ada, \d+ to the east$/)]);
    await expect.poll(() => near(ada)).toEqual([expect.stringMatching(/^Bob, \d+ to the west$/)]);
    await fly(bob, 'KeyS', 100);
    await expect.poll(() => near(ada)).toEqual([expect.stringMatching(/^Bob, \d+ to the (south-)?west$/)]);
    // They tell the same when both have come to rest.
    await expect
      .poll(async () => {
        const [here, there] = await Promise.all([near(ada), near(bob)]);
        const far = (text: string | undefined): string | undefined => /\d+/.exec(text ?? '')?.[0];
        return far(here[0]) !== undefined && far(here[0]) === far(there[0]);
      })
      .toBe(true);
  }, 120_000);

  it('shows the own ship before the server has answered, and with it where prediction is off', async () => {
    const page = await open('duel-delay');
    await join(page, 'Ada');
    await page.getByLabel('Added latency').fill('200');
    await expect
      .poll(async () => Number.parseInt((await page.getByTestId('net Round trip').textContent())!, 10))
      .toBeGreaterThanOrEqual(200);
    const first = async (key: string): Promise<string | null> => {
      const line = page.getByTestId('reaction');
      const measured = async (): Promise<number> =>
        (await line.count()) > 0 ? Number(await line.getAttribute('data-number')) : 0;
      const before = await measured();
      await page.keyboard.down(key);
      await expect.poll(measured).toBeGreaterThan(before);
      const came = await line.getAttribute('data-first');
      await page.keyboard.up(key);
      return came;
    };
    expect(await first('KeyW')).toBe('ship');
    await page.getByLabel('Prediction').uncheck();
    expect(await first('KeyS')).toBe('server');
  });

  it('is played by the keyboard alone, and left by it', async () => {
    const page = await open('duel-keys');
    await page.getByLabel('Your name in the game').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Grace');
    await page.keyboard.press('Enter');
    await expect.poll(() => place(page)).toBeDefined();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Arena');
    await flyToCorner(page);
    const scrolled = await page.evaluate(() => scrollY);
    await fly(page, 'ArrowDown', 50);
    await page.keyboard.press('Space');
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    await page.getByRole('button', { name: 'Leave' }).focus();
    // On a button Enter is the button's.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page
      .getByTestId('described')
      .getByText(/^You watch 0 ships/)
      .waitFor({ state: 'attached' });
  });

  it('is played by two thumbs, whose targets are large enough', async () => {
    const page = await open('duel-thumbs', { ...phone, bypassCSP: true });
    await join(page, 'Ada');
    const { x, y, width, height } = (await page.getByTestId('stick').boundingBox())!;
    const [left, top] = [x + width / 2, y + height / 2];
    const before = (await place(page))!;
    const way = before.x < 1200 ? 1 : -1;
    const touch = await page.context().newCDPSession(page);
    const send = (type: string, ...touchPoints: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints });
    await send('touchStart', { x: left, y: top });
    await send('touchMove', { x: left + 60 * way, y: top });
    await expect.poll(async () => ((await place(page))!.x - before.x) * way).toBeGreaterThan(100);
    await send('touchEnd');
    const [dash, fire] = ['Dash', 'Fire'].map((name) => page.getByRole('button', { name, exact: true }));
    for (const button of [dash!, fire!]) {
      const box = (await button.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      expect(box.y + box.height).toBeLessThanOrEqual(844);
    }
    await fire!.tap();
    await dash!.tap();
    // For a moment there is no other.
    await expect.poll(() => dash!.isDisabled()).toBe(true);
    await expect.poll(() => dash!.isDisabled()).toBe(false);
    await screenshotThemes(page, 'phone-play');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('goes on after the connection was away, and says so meanwhile', async () => {
    const page = await open('duel-cut', {}, proxy.url);
    await join(page, 'Ada');
    const before = (await place(page))!;
    proxy.cut();
    await page.getByTestId('play-status').getByText('Offline').waitFor();
    expect(await page.locator('.stage').getAttribute('data-stale')).toBe('true');
    proxy.heal();
    await page.getByTestId('play-status').getByText('Live').waitFor();
    // It is the same ship.
    await expect.poll(() => place(page)).toEqual(before);
    await fly(page, before.x < 1200 ? 'KeyD' : 'KeyA', 50);
  });

  it('paints nothing while it is hidden', async () => {
    const page = await open('duel-hidden');
    await page.evaluate(() => {
      const waiting = new Set<number>();
      const [request, cancel] = [requestAnimationFrame, cancelAnimationFrame];
      window.requestAnimationFrame = (draw) => {
        const id = request((now) => {
          waiting.delete(id);
          draw(now);
        });
        waiting.add(id);
        return id;
      };
      window.cancelAnimationFrame = (id) => {
        waiting.delete(id);
        cancel(id);
      };
      Object.assign(window, { waiting });
    });
    const waiting = (): Promise<number> =>
      page.evaluate(() => (window as unknown as { waiting: Set<number> }).waiting.size);
    await expect.poll(waiting).toBe(1);
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    expect(await waiting()).toBe(0);
    await hide(false);
    await expect.poll(waiting).toBe(1);
  });

  it('looks right, wide and on its side', async () => {
    const [wide, side] = await Promise.all([
      open('main'),
      open('main', { ...phone, viewport: { width: 844, height: 390 } }),
    ]);
    await screenshotThemes(wide, 'wide-play-watched');
    await Promise.all([join(wide, 'Ada'), join(side, 'Bob')]);
    await expect
      .poll(() => side.evaluate(() => document.querySelector('.touch-fire')!.getBoundingClientRect().bottom))
      .toBeLessThanOrEqual(390);
    await wide
      .getByTestId('net Down')
      .getByText(/[1-9].*B/)
      .waitFor();
    await screenshotThemes(wide, 'wide-play');
    await screenshotThemes(side, 'side-play');
  });
});
