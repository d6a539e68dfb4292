import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerTo } from '../shared/assistant/answers.js';
import { axeFaults } from './axe-faults.js';
import { type ChatTab, openChat } from './chat-tab.js';
import { launchChromium } from './chromium.js';
import { type GalleryProcess, findFreePort, startGallery } from './gallery-process.js';
import { screenshotForced, screenshotThemes } from './screenshots.js';

let browser: Browser;
let gallery: GalleryProcess;
const folder = mkdtempSync(join(tmpdir(), 'longwave-teach-'));
const contexts: { close(): Promise<void> }[] = [];

// As `npm start` does: what is stored outlives the server, which is started again.
beforeAll(async () => {
  [browser, gallery] = await Promise.all([
    launchChromium(),
    findFreePort().then((port) => startGallery(port, folder, 'supervisor')),
  ]);
});

afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

afterAll(async () => {
  await browser?.close();
  await gallery?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const url = (): string => `http://127.0.0.1:${gallery.port}`;

async function visit(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  contexts.push(context);
  return context;
}

const openRoom = async (room: string, name: string): Promise<ChatTab> => openChat(await visit(), url(), room, name);

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await visit(options)).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(url() + path);
  await page.getByTestId('connection').getByText('Connected').first().waitFor();
  return page;
}

const incident = (page: Page) => page.getByTestId('incident');

describe('the code behind a page', () => {
  it('stands beside it in three parts, as it is in the sources, for the keyboard too', async () => {
    const page = await open('/chat/code', { bypassCSP: true });
    await page.getByRole('button', { name: 'Show the code' }).click();
    const panel = page.getByRole('complementary', { name: 'The code of this page' });
    await panel.getByText("'chat/:room'").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Behind Chat');
    await panel.getByRole('tab', { name: 'Contract' }).focus();
    await page.keyboard.press('ArrowRight');
    await panel.getByText('apps/gallery/server/chat/bot.ts').waitFor();
    await page.keyboard.press('ArrowRight');
    await panel.getByText('apps/gallery/web/chat/room.ts').waitFor();
    expect(await panel.locator('pre').innerText()).toContain('outbox.publish(channel, { text }, { id })');
    expect(await panel.getByRole('link').getAttribute('href')).toBe('/docs/guides/chat');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page), colorScheme).toEqual([]);
    }
    await screenshotThemes(page, 'teach-wide');
    await screenshotForced(page, 'teach-wide');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Show the code');
  });

  it('can be copied', async () => {
    const page = await open('/ticker', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Show the code' }).click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^quotes: map\(\{ value: Quote/);
  });

  it('is over the lower part of a phone, with the things to try', async () => {
    const page = await open('/fleet', {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      bypassCSP: true,
    });
    await page.getByRole('button', { name: 'The code, and things to try' }).tap();
    const panel = page.getByRole('complementary', { name: 'The code of this page' });
    await panel.getByRole('button', { name: 'Cut the network' }).waitFor();
    await panel.getByText('fleet-events').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await axeFaults(page)).toEqual([]);
    await screenshotThemes(page, 'teach-phone');
    await panel.getByRole('button', { name: 'Close the code' }).tap();
    await panel.waitFor({ state: 'detached' });
  });
});

describe('harm to try', () => {
  it('cuts the network of one tab, which gets what it missed', async () => {
    const [ada, bob] = await Promise.all([openRoom('cable', 'Ada'), openRoom('cable', 'Bob')]);
    await bob.send('before');
    await ada.message('before').waitFor();
    await ada.page.getByRole('button', { name: 'Cut the network' }).click();
    await ada.waitForConnection('Offline');
    await incident(ada.page).getByText('The network is cut.').waitFor();
    await ada.send('from Ada');
    for (const text of ['missed 1', 'missed 2']) await bob.send(text);
    await bob.message('missed 2').waitFor();
    expect(await ada.message('missed 2').count()).toBe(0);
    await screenshotThemes(ada.page, 'teach-cut');
    await incident(ada.page).getByRole('button', { name: 'Mend it' }).click();
    await incident(ada.page)
      .getByText(/Back after [\d.]+ s\./)
      .waitFor();
    await bob.message('from Ada').waitFor();
    await ada.message('from Ada').waitFor();
    expect(await ada.texts()).toEqual(await bob.texts());
    await incident(ada.page).getByText('Channel by channel').click();
    await incident(ada.page).getByText('went on at #1, 2 operations missed and sent').waitFor();
    await screenshotThemes(ada.page, 'teach-mended');
    await incident(ada.page).getByRole('button', { name: 'Dismiss' }).click();
    await incident(ada.page).waitFor({ state: 'detached' });
  });

  it('kills the server, and every tab goes on where it was', async () => {
    const [ada, bob] = await Promise.all([openRoom('killed', 'Ada'), openRoom('killed', 'Bob')]);
    await ada.send('before');
    await bob.message('before').waitFor();
    await ada.page.getByRole('button', { name: 'Kill the server' }).click();
    await incident(ada.page)
      .getByText(/Back after [\d.]+ s, in another process\./)
      .waitFor();
    await incident(ada.page).getByText('Channel by channel').click();
    const kept = incident(ada.page).locator('div', { has: ada.page.getByText('chat/killed', { exact: true }) });
    await kept.getByText('went on at #1, nothing missed').waitFor();
    await bob.waitForConnection('Connected');
    await bob.send('after');
    await ada.message('after').waitFor();
    expect(await ada.texts()).toEqual(['before', 'after']);
    expect(await bob.texts()).toEqual(['before', 'after']);
    await screenshotThemes(ada.page, 'teach-killed');
  });
});

describe('pages for one visitor, in two tabs', () => {
  it('an answer goes on after a reload in its middle, in both, and is stopped from either', async () => {
    const context = await visit();
    const open = async (): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(`${url()}/assistant`);
      await page.waitForURL(/assistant\/\w+$/);
      return page;
    };
    const growing = (page: Page) => page.getByTestId('growing');
    const question = 'What if I reload now?';
    const first = await open();
    await first.getByRole('button', { name: question }).click();
    await growing(first).getByText('Reload this page now').waitFor();
    await first.reload();
    const second = await open();
    for (const page of [first, second]) await growing(page).getByText('in the middle of a sentence').waitFor();
    await screenshotThemes(second, 'assistant-wide');
    await second.getByRole('button', { name: 'Stop' }).click();
    const said = await Promise.all(
      [first, second].map(async (page) => {
        const last = page.getByTestId('turns').locator('li', { hasText: 'Stopped.' });
        await last.waitFor();
        return last.locator('p').first().innerText();
      }),
    );
    expect(said[0]).toBe(said[1]);
    expect(answerTo(question).startsWith(said[0]!)).toBe(true);
    await first.setViewportSize({ width: 390, height: 844 });
    await screenshotThemes(first, 'assistant-phone');
  });

  it('what is read in one is read in the other, also in one that was away', async () => {
    const context = await visit({ bypassCSP: true });
    const open = async (): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(`${url()}/inbox`);
      return page;
    };
    const unread = (page: Page, words: string) => page.getByTestId('unread').getByText(words).waitFor();
    const first = await open();
    await first.getByLabel('Your display name').fill('Ada Inbox');
    await first.getByRole('button', { name: 'Join' }).click();
    await unread(first, 'nothing new');
    const second = await open();
    await first.getByRole('button', { name: 'A goal' }).click();
    for (const page of [first, second]) await unread(page, '1 new');
    await first.getByRole('button', { name: 'Cut the network' }).click();
    await second.getByRole('button', { name: 'A mention' }).click();
    await unread(second, '2 new');
    for (const colorScheme of ['light', 'dark'] as const) {
      await second.emulateMedia({ colorScheme });
      expect(await axeFaults(second), colorScheme).toEqual([]);
    }
    await screenshotThemes(second, 'inbox-wide');
    await second.getByRole('button', { name: 'Mark all as read' }).click();
    await unread(second, 'nothing new');
    await unread(first, '1 new');
    await first.getByRole('button', { name: 'Mend it' }).click();
    await first.getByTestId('notices').getByText('mentioned you').waitFor();
    await unread(first, 'nothing new');
    await first.setViewportSize({ width: 390, height: 844 });
    await screenshotThemes(first, 'inbox-phone');
  });
});
