import { type Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFaults } from './axe-faults.js';
import { openGalleryScene } from './gallery-scene.js';
import { screenshotThemes } from './screenshots.js';

// The site is built before: `npm run docs -- build`.
const scene = openGalleryScene();

const pages = ['', 'options', 'spec', 'reference/longwave-client'];

/** Collects refusals of the policy, and errors that a script throws. */
function collectFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return faults;
}

describe.each([320, 1440])('the documentation on %i pixels', (width) => {
  it.each(pages)('/docs/%s fits, obeys the policy of the gallery, and has no fault that axe knows', async (path) => {
    const viewport = { width, height: 900 };
    const strict = await (await scene.visit({ viewport })).newPage();
    const faults = collectFaults(strict);
    await strict.goto(`${scene.url}/docs/${path}`);
    await strict.getByRole('heading', { level: 1 }).waitFor();
    expect(await strict.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    // The policy would refuse axe, too.
    const page = await (await scene.visit({ viewport, bypassCSP: true, reducedMotion: 'reduce' })).newPage();
    await page.goto(`${scene.url}/docs/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await screenshotThemes(page, `docs-${path.replaceAll('/', '-') || 'home'}-${width}`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page), colorScheme).toEqual([]);
    }
  });
});

it('finds a page by a word, and the gallery leads to it', async () => {
  const page = await (await scene.visit({ viewport: { width: 1440, height: 900 } })).newPage();
  const faults = collectFaults(page);
  await page.goto(scene.url);
  await page.getByRole('banner').getByRole('link', { name: 'Docs', exact: true }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('retryAfterMs');
  await page.getByRole('option').filter({ hasText: 'Errors' }).first().click();
  await page.waitForURL(/\/docs\/errors/);
  await page.getByRole('heading', { level: 1, name: 'Errors' }).waitFor();
  expect(faults).toEqual([]);
});
