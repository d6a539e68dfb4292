import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFaults } from './axe-faults.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();

/** Each page, and how it is known that its first content is there. */
const pages: readonly { readonly path: string; readonly ready: (page: Page) => Promise<unknown> }[] = [
  { path: '/', ready: (page) => page.getByRole('heading', { level: 1 }).waitFor() },
  { path: '/echo', ready: (page) => page.getByRole('button', { name: 'Connect', exact: true }).waitFor() },
  { path: '/chat/lobby', ready: (page) => page.getByText('Say hello').waitFor() },
  { path: '/compare', ready: (page) => page.getByTestId('lab').getByText('Running').waitFor() },
  { path: '/ticker', ready: (page) => page.getByTestId('trades').locator('tbody tr').nth(3).waitFor() },
  { path: '/fleet', ready: (page) => page.getByTestId('event').nth(4).waitFor() },
  {
    path: '/scores',
    ready: (page) =>
      page
        .getByTestId(/^match /)
        .first()
        .waitFor(),
  },
  {
    path: '/write/welcome',
    ready: (page) => page.getByRole('textbox', { name: 'Text' }).getByText('Write together').waitFor(),
  },
  { path: '/board/welcome', ready: (page) => page.getByRole('option', { name: /Two people draw/ }).waitFor() },
  {
    path: '/play/main',
    ready: (page) => page.getByTestId('radar').locator('li').first().waitFor({ state: 'attached' }),
  },
  { path: '/four/attic', ready: (page) => page.getByText('Both seats are free.').first().waitFor() },
  { path: '/lobby', ready: (page) => page.getByTestId('rooms').getByText('main').waitFor() },
  { path: '/assistant/pages', ready: (page) => page.getByText('Ask me something').waitFor() },
  { path: '/inbox', ready: (page) => page.getByText('Whose inbox?').waitFor() },
  { path: '/scores/desk', ready: (page) => page.getByRole('heading', { level: 1 }).waitFor() },
];

const sizes = [
  [320, 568],
  [390, 844],
  [768, 1024],
  [844, 390],
  [1280, 900],
] as const;

/** One with a narrow layout, one with a wide one: axe looks at elements, not at their place. */
const axeSizes: readonly number[] = [390, 1280];

/** Cumulative layout shift, as browsers report it, without what follows an input. */
const watchShifts = (): void => {
  const shifts = { sum: 0 };
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) shifts.sum += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
};

/** Elements of the header that are outside of the window, or cut off inside. */
const cutInHeader = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('.shell-header *')]
    .filter((element) => !element.closest('svg, .visually-hidden') && element.offsetWidth > 0)
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const isClipped =
        getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      return left < -0.5 || right > innerWidth + 0.5 || isClipped;
    })
    .map((element) => element.className || element.tagName);

describe.each(sizes)('on %i × %i', (width, height) => {
  it.each(pages)(
    '$path fits, stays where it is while it fills, and has no fault that axe knows',
    async ({ path, ready }) => {
      const isTouch = width < 700 || height < 500;
      // The policy of the pages would refuse the tool, too.
      const context = await scene.visit({
        viewport: { width, height },
        isMobile: isTouch,
        hasTouch: isTouch,
        bypassCSP: true,
      });
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(30_000);
        await page.addInitScript(watchShifts);
        await page.goto(`http://127.0.0.1:${scene.gallery.port}${path}`);
        await page.getByTestId('connection').getByText('Connected').first().waitFor();
        await ready(page);
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(await page.evaluate(cutInHeader)).toEqual([]);
        expect(await page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum)).toBeLessThan(
          0.05,
        );
        if (!axeSizes.includes(width)) return;
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await axeFaults(page), colorScheme).toEqual([]);
        }
      } finally {
        await context.close();
      }
    },
  );
});
