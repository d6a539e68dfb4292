import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../../.cache/screenshots/', import.meta.url));

/** Kept outside of version control, to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png` });
}

export async function screenshotThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `${name}-${colorScheme}`);
  }
}

/** As a page is shown in the colors of the system, such as those of high contrast. */
export async function screenshotForced(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active' });
  await screenshot(page, `${name}-forced`);
  await page.emulateMedia({ forcedColors: 'none' });
}
