import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DocumentTab, openDocumentTab } from './document-tab.js';
import { openGalleryScene } from './gallery-scene.js';
import { screenshotThemes } from './screenshots.js';

const scene = openGalleryScene();
const viewport = { width: 1280, height: 800 };

async function open(path: string, name: string | undefined): Promise<DocumentTab> {
  return openDocumentTab(await scene.visit({ viewport }), scene.url, path, name);
}

const here = (page: Page, count: number) => page.getByTestId('people').getByText(`${count} here`, { exact: true });

describe('people in a document', () => {
  it('see the carets and selections of each other, until they go', async () => {
    const [ada, bob] = await Promise.all([open('/write/carets', 'Ada'), open('/write/carets', 'Bob')]);
    await ada.text.click();
    await ada.page.keyboard.type('Everybody sees where I am.');
    await bob.text.getByText('Everybody').click();
    await bob.page.keyboard.press('Shift+Home');
    await bob.text.locator('.caret-label', { hasText: 'Ada' }).waitFor();
    await ada.text.locator('.caret-label', { hasText: 'Bob' }).waitFor();
    await ada.text.locator('.caret-selection').first().waitFor();
    await here(ada.page, 2).waitFor();
    await screenshotThemes(ada.page, 'wide-write-carets');
    await bob.page.goto(scene.url);
    await here(ada.page, 1).waitFor();
    await expect.poll(() => ada.text.locator('.caret-label').count()).toBe(0);
  });

  it('are not shown while they only read', async () => {
    const ada = await open('/write/readers', 'Ada');
    const reader = await open('/write/readers', undefined);
    await here(reader.page, 1).waitFor();
    await reader.text.click();
    await ada.text.click();
    await ada.page.keyboard.type('Nobody is watching?');
    await reader.text.getByText('Nobody is watching?').waitFor();
    expect(await ada.text.locator('.caret').count()).toBe(0);
    await here(ada.page, 1).waitFor();
  });
});

describe('people on a board', () => {
  it('see pointers, selections and what is dragged, before it is let go', async () => {
    const [ada, bob] = await Promise.all([open('/board/live', 'Ada'), open('/board/live', 'Bob')]);
    const { x, y } = (await ada.page.getByTestId('canvas').boundingBox())!;
    const rectangle = bob.page.getByRole('option', { name: /^Rectangle/ });
    await ada.page.keyboard.press('Escape');
    await ada.page.getByRole('button', { name: 'Rectangle' }).click();
    await ada.page.mouse.click(x + 300, y + 250);
    await rectangle.waitFor();
    const before = (await rectangle.boundingBox())!;
    await ada.page.mouse.move(x + 300, y + 250);
    await ada.page.mouse.down();
    await ada.page.mouse.move(x + 420, y + 400, { steps: 10 });
    await expect.poll(async () => Math.round((await rectangle.boundingBox())!.y - before.y)).toBe(150);
    await bob.page.getByTestId('cursor').getByText('Ada').waitFor();
    await bob.page.locator('.other-selection').waitFor();
    // The log has the shape, and not the way of the pointer.
    await ada.saved.getByText('All saved').first().waitFor();
    await screenshotThemes(bob.page, 'wide-board-live');
    await ada.page.keyboard.press('Escape');
    await ada.page.mouse.up();
    await here(bob.page, 2).waitFor();
    await ada.page.goto(scene.url);
    await here(bob.page, 1).waitFor();
    await expect.poll(() => bob.page.getByTestId('cursor').count()).toBe(0);
  });
});
