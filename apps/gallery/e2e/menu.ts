import type { Page } from 'playwright-core';

/** Goes to an example by the menu, as a visitor does. */
export async function goTo(page: Page, title: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Examples' }).click();
  await page.getByRole('navigation', { name: 'Examples' }).getByRole('link', { name: title }).click();
}
