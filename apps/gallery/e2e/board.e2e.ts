import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DocumentTab, openDocumentTab } from './document-tab.js';
import { startFaultProxy } from './fault-proxy.js';
import { openGalleryScene } from './gallery-scene.js';
import { screenshot, screenshotForced, screenshotThemes } from './screenshots.js';

const scene = openGalleryScene();
const viewport = { width: 1280, height: 800 };

async function open(id: string, name: string | undefined, at = scene.url): Promise<DocumentTab> {
  return openDocumentTab(await scene.visit({ viewport }), at, `/board/${id}`, name);
}

/** Drags on the board, in pixels from its top left corner. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await hold(page, from, to);
  await page.mouse.up();
}

async function hold(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { x, y } = (await page.getByTestId('canvas').boundingBox())!;
  await page.mouse.move(x + from[0], y + from[1]);
  await page.mouse.down();
  await page.mouse.move(x + to[0], y + to[1], { steps: 8 });
}

const tool = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name, exact: true });
const change = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Colors and changes' }).getByRole('button', { name, exact: true });
const shapes = (page: Page, name: string | RegExp = /./) => page.getByRole('option', { name });

async function drawShape(
  page: Page,
  name: string,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  await tool(page, name).click();
  await drag(page, from, to);
}

/** Where a shape is on the page. */
async function boxOf(
  page: Page,
  name: string | RegExp,
): Promise<{ x: number; y: number; width: number; height: number }> {
  return (await shapes(page, name).boundingBox())!;
}

describe('two tabs', () => {
  it('draw on one board, and undo only what is their own', async () => {
    const [ada, bob] = await Promise.all([open('pair', 'Ada'), open('pair', 'Bob')]);
    await drawShape(ada.page, 'Rectangle', [120, 140], [300, 240]);
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('Plan');
    await ada.page.keyboard.press('Escape');
    await shapes(bob.page, 'Rectangle, orange: Plan').waitFor();
    await drawShape(bob.page, 'Ellipse', [560, 130], [740, 250]);
    await shapes(ada.page, /^Ellipse/).waitFor();
    await drawShape(ada.page, 'Arrow', [210, 200], [650, 190]);
    await shapes(bob.page, /^Arrow/).waitFor();

    const before = await boxOf(bob.page, /^Rectangle/);
    await tool(ada.page, 'Select').click();
    await drag(ada.page, [140, 220], [140, 420]);
    await expect.poll(async () => Math.round((await boxOf(bob.page, /^Rectangle/)).y - before.y)).toBe(200);
    await ada.saved.getByText('All saved').first().waitFor();

    await bob.page.getByTestId('canvas').click({ position: { x: 900, y: 500 } });
    await bob.page.keyboard.press('Control+z');
    await expect.poll(() => shapes(ada.page, /^Ellipse/).count()).toBe(0);
    expect(await shapes(ada.page, /^Rectangle/).count()).toBe(1);
    await ada.page.keyboard.press('Control+z');
    await expect.poll(async () => Math.round((await boxOf(bob.page, /^Rectangle/)).y - before.y)).toBe(0);
  });

  it('type into one note', async () => {
    const [ada, bob] = await Promise.all([open('note', 'Ada'), open('note', 'Bob')]);
    await tool(ada.page, 'Note').click();
    await ada.page.getByTestId('canvas').click({ position: { x: 400, y: 300 } });
    await ada.page.keyboard.type('one two');
    await shapes(bob.page, /one two/).dblclick();
    await bob.page.keyboard.type(' three');
    await ada.page.keyboard.press('Home');
    await ada.page.keyboard.type('zero ');
    for (const { page } of [ada, bob]) await shapes(page, /: zero one two three$/).waitFor();
    expect(await bob.page.getByLabel('Text of the shape').inputValue()).toBe('zero one two three');
  });

  it('show what others write as text, and stay calm when it is no shape', async () => {
    const [ada, bob] = await Promise.all([open('odd', 'Ada'), open('odd', 'Bob')]);
    const complaints: string[] = [];
    bob.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    bob.page.on('pageerror', (error) => complaints.push(String(error)));
    await tool(ada.page, 'Note').click();
    await ada.page.getByTestId('canvas').click({ position: { x: 400, y: 300 } });
    await ada.page.keyboard.type('<image href=x onerror="document.title=1">');
    await shapes(bob.page, /<image href/).waitFor();
    expect(await bob.page.locator('.board-canvas image, .board-canvas script').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('a board', () => {
  it('selects, resizes, colors, copies, deletes and gives out its picture', async () => {
    const { page } = await open('tools', 'Ada');
    await drawShape(page, 'Rectangle', [120, 140], [300, 240]);
    await drawShape(page, 'Note', [400, 140], [560, 300]);
    await page.keyboard.type('A & B <i>');
    await page.keyboard.press('Escape');
    await drawShape(page, 'Pen', [620, 150], [760, 260]);
    await tool(page, 'Select').click();
    await drag(page, [90, 110], [780, 320]);
    expect(await page.locator('[role=option][aria-selected=true]').count()).toBe(3);

    await page.getByTestId('canvas').click({ position: { x: 150, y: 160 } });
    await drag(page, [300, 240], [340, 280]);
    expect((await boxOf(page, /^Rectangle/)).width).toBeCloseTo(222, -1);
    await change(page, 'Green').click();
    await shapes(page, 'Rectangle, green').waitFor();
    await change(page, 'Duplicate').click();
    expect(await shapes(page, 'Rectangle, green').count()).toBe(2);
    await change(page, 'Delete').click();
    expect(await shapes(page, 'Rectangle, green').count()).toBe(1);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as SVG' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('tools.svg');
    const svg = await readFile(await file.path(), 'utf8');
    const read = await page.evaluate((source) => {
      const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
      return { root: parsed.documentElement.tagName, text: parsed.querySelector('text')?.textContent };
    }, svg);
    expect(read).toEqual({ root: 'svg', text: 'A & B <i>' });
    await screenshotThemes(page, 'wide-board-tools');
  });

  it('zooms and pans by wheel and keys, and fits everything again', async () => {
    const { page } = await open('view', 'Ada');
    await drawShape(page, 'Rectangle', [120, 140], [300, 240]);
    const before = await boxOf(page, /^Rectangle/);
    await page.mouse.wheel(0, 100);
    await expect.poll(async () => Math.round((await boxOf(page, /^Rectangle/)).y - before.y)).toBe(-100);
    await page.keyboard.press('-');
    await expect.poll(async () => (await boxOf(page, /^Rectangle/)).width / before.width).toBeCloseTo(0.8, 1);
    await page.keyboard.press('0');
    const canvas = (await page.getByTestId('canvas').boundingBox())!;
    const fitted = await boxOf(page, /^Rectangle/);
    expect(Math.abs(fitted.x + fitted.width / 2 - canvas.x - canvas.width / 2)).toBeLessThan(3);
  });

  it('is drawn on, arranged and left with the keyboard alone', async () => {
    const { page } = await open('keys', 'Ada');
    await page.getByRole('listbox', { name: 'Shapes' }).focus();
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('n');
    await page.keyboard.press('Enter');
    await page.keyboard.type('typed');
    await page.keyboard.press('Escape');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight');
    const [rectangle, note] = [await boxOf(page, /^Rectangle/), await boxOf(page, /^Note/)];
    expect(note.x).toBeGreaterThan(rectangle.x + rectangle.width);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await shapes(page, /^Arrow/).waitFor();
    const arrow = await boxOf(page, /^Arrow/);
    expect(arrow.x).toBeGreaterThan(rectangle.x + rectangle.width - 10);
    expect(arrow.x + arrow.width).toBeLessThan(note.x + 10);

    await page.keyboard.press('Escape');
    const active = (): Promise<string | null | undefined> =>
      page.evaluate(() => {
        const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
        return document.getElementById(id)?.getAttribute('aria-label');
      });
    const visited: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('Tab');
      visited.push(await active());
    }
    expect(visited).toEqual(['Rectangle, orange', 'Note, orange: typed', 'Arrow, orange']);
    await screenshot(page, 'wide-board-keys');
    await screenshotForced(page, 'wide-board-keys');
    await page.keyboard.press('Delete');
    expect(await shapes(page, /^Arrow/).count()).toBe(0);
    await page.keyboard.press('Control+z');
    await shapes(page, /^Arrow/).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Select');
  });

  it('takes a stroke of the pen from the keyboard', async () => {
    const { page } = await open('pen-keys', 'Ada');
    await page.getByRole('listbox', { name: 'Shapes' }).focus();
    await page.keyboard.press('p');
    await page.keyboard.press('Enter');
    for (const key of ['Shift+ArrowRight', 'Shift+ArrowDown', 'ArrowRight', 'ArrowUp']) await page.keyboard.press(key);
    expect(await shapes(page).count()).toBe(0);
    await page.keyboard.press('Enter');
    await shapes(page, /^Pen stroke/).waitFor();
    const { width, height } = await boxOf(page, /^Pen stroke/);
    // 60 to the right and 50 down, with the space around a stroke that a pointer may hit.
    expect([Math.round(width - height), width >= 60]).toEqual([10, true]);
    // Another one is given up.
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    expect(await shapes(page).count()).toBe(0);
  });

  it('is read, and not drawn on, by who has no name', async () => {
    const { page, saved } = await open('welcome', undefined);
    await shapes(page, /Two people draw/).waitFor();
    await saved.getByText('Read only').first().waitFor();
    expect(await tool(page, 'Rectangle').count()).toBe(0);
    await page.getByRole('listbox', { name: 'Shapes' }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    expect(await shapes(page).count()).toBe(8);
    await screenshotThemes(page, 'wide-board-reader');
  });
});

describe('offline', () => {
  it('keeps what is drawn, and both boards are the same afterwards', async () => {
    const proxy = await startFaultProxy(scene.gallery.port);
    try {
      const [ada, bob] = await Promise.all([open('tunnel', 'Ada', proxy.url), open('tunnel', 'Bob')]);
      await drawShape(ada.page, 'Rectangle', [120, 140], [300, 240]);
      await shapes(bob.page, /^Rectangle/).waitFor();
      proxy.cut();
      await ada.waitForConnection('Offline');
      await drawShape(ada.page, 'Ellipse', [500, 140], [640, 240]);
      await ada.saved.getByText(/^Offline: \d+ changes? kept in this browser/).waitFor();
      await screenshot(ada.page, 'board-offline');
      await shapes(bob.page, /^Rectangle/).click();
      await change(bob.page, 'Red').click();
      proxy.heal();
      // It comes back by itself as well: then there is nothing to retry.
      const retry = ada.page.getByTestId('connection').getByRole('button', { name: 'Retry now' });
      await Promise.race([retry.click(), ada.waitForConnection('Connected')]);
      await ada.saved.getByText('All saved').first().waitFor();
      for (const { page } of [ada, bob]) {
        await shapes(page, /^Rectangle, red/).waitFor();
        await shapes(page, /^Ellipse/).waitFor();
      }
    } finally {
      await proxy.close();
    }
  });
});

describe('a phone', () => {
  it('draws with a finger, pans with it on nothing, and zooms with two', async () => {
    const context = await scene.visit({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
    });
    const { page } = await openDocumentTab(context, scene.url, '/board/phone', 'Ada');
    const { x, y } = (await page.getByTestId('canvas').boundingBox())!;
    const touch = await context.newCDPSession(page);
    const touches = (...points: readonly (readonly [number, number])[]) =>
      points.map(([px, py], id) => ({ x: x + px, y: y + py, id }));
    const swipe = async (...path: readonly (readonly (readonly [number, number])[])[]): Promise<void> => {
      for (const [i, points] of path.entries()) {
        const type = i === 0 ? 'touchStart' : 'touchMove';
        await touch.send('Input.dispatchTouchEvent', { type, touchPoints: touches(...points) });
      }
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await tool(page, 'Rectangle').tap();
    await swipe([[60, 160]], [[120, 200]], [[200, 260]]);
    const drawn = await boxOf(page, /^Rectangle/);
    expect(drawn.width).toBeCloseTo(142, -1);
    await swipe([[300, 420]], [[320, 440]], [[340, 460]]);
    await expect.poll(async () => Math.round((await boxOf(page, /^Rectangle/)).x - drawn.x)).toBe(40);
    await swipe(
      [
        [100, 400],
        [200, 400],
      ],
      [
        [80, 400],
        [220, 400],
      ],
      [
        [50, 400],
        [250, 400],
      ],
    );
    await expect.poll(async () => (await boxOf(page, /^Rectangle/)).width / drawn.width).toBeCloseTo(2, 0);
    await page.getByRole('button', { name: /^Fit/ }).tap();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await screenshotThemes(page, 'phone-board');
  });
});
