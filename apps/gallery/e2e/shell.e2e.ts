import { request } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type ChatTab, join, openChat } from './chat-tab.js';
import { findFreePort, startGallery } from './gallery-process.js';
import { goTo } from './menu.js';
import { screenshotThemes } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();

async function newPage(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await scene.visit(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  return page;
}

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } as const;

describe('the shell', () => {
  it('breaks none of its own rules: no error, no refused resource on any page', async () => {
    const page = await newPage({});
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (failed) => {
      // One that the page gave up itself was not refused.
      const why = failed.failure()?.errorText;
      if (why !== 'net::ERR_ABORTED') complaints.push(`${failed.url()} ${why}`);
    });
    for (const path of [
      '/',
      '/echo',
      '/chat/lobby',
      '/nowhere',
      '/chat/No_Room',
      '/fleet',
      '/write/welcome',
      '/board/welcome',
      '/board/No_Board',
      '/play/main',
      '/play/No_Arena',
      '/four/attic',
      '/four/No_Table',
      '/lobby',
      '/assistant',
      '/inbox',
      '/compare',
    ]) {
      await page.goto(scene.url + path);
      await page.getByTestId('connection').getByText('Connected').first().waitFor();
      // The one of the page: a text that people write has its own.
      const title = page.locator('h1:not([role=textbox] *)');
      await title.waitFor();
      expect(await title.count(), path).toBe(1);
    }
    await page.getByTestId('lab').getByText('Running').waitFor();
    expect(complaints).toEqual([]);
  });

  it('goes from page to page without a load, over one connection', async () => {
    const page = await newPage({});
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname));
    await page.goto(scene.url);
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    await page.evaluate(() => Object.assign(window, { same: true }));
    await goTo(page, 'Chat');
    await page.waitForURL('**/chat/lobby');
    await goTo(page, 'Echo');
    await page.getByRole('heading', { name: 'Echo' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'lobby' }).waitFor();
    expect(await page.evaluate(() => 'same' in window)).toBe(true);
    expect(sockets).toEqual(['/longwave']);
  });

  it('has all examples in one menu, for the keyboard too', async () => {
    const page = await newPage({});
    await page.goto(`${scene.url}/chat/lobby`);
    const button = page.getByRole('banner').getByRole('button', { name: 'Examples' });
    const menu = page.getByRole('navigation', { name: 'Examples' });
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await menu.getByRole('link').count()).toBe(12);
    expect(await menu.locator('[aria-current=page]').textContent()).toContain('Chat');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('Chat');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    expect(await focused()).toContain('Examples');
    await page.keyboard.press('Enter');
    for (let link = 0; link <= 12; link++) await page.keyboard.press('Tab');
    await menu.waitFor({ state: 'hidden' });
    expect(await focused()).toBe('Docs');
    await goTo(page, 'Lobby');
    await page.getByRole('heading', { name: 'Lobby', level: 1 }).waitFor();
    await menu.waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('remembers a chosen theme', async () => {
    const page = await newPage({ colorScheme: 'light' });
    await page.goto(scene.url);
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(16, 20, 19)');
  });

  it('fits a phone, light and dark', async () => {
    const page = await newPage(phone);
    const show = async (name: string): Promise<void> => {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, name).toBeLessThanOrEqual(0);
      await screenshotThemes(page, `phone-${name}`);
    };
    await page.goto(scene.url);
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    await show('home');
    await goTo(page, 'Echo');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByTestId('frame-out').first().waitFor();
    await show('echo');
    await page.getByRole('heading', { name: 'Frames on the wire' }).scrollIntoViewIfNeeded();
    await page.getByTestId('frame-out').last().scrollIntoViewIfNeeded();
    await show('echo-frames');
    await goTo(page, 'Chat');
    await page.getByRole('heading', { name: 'lobby' }).waitFor();
    await show('chat-join');
    await join(page, 'Ada');
    await page.getByLabel('Write to #lobby').fill('From my phone, with a line that is long enough to wrap.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByTestId('message').first().waitFor();
    await page.getByRole('button', { name: 'Other' }).click();
    await page.getByLabel('Open a room by name').fill('Team Blue!');
    await show('chat-rooms');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.waitForURL('**/chat/team-blue');
    await page.getByText('Nothing has been said here yet.').waitFor();
    await page.goBack();
    await page.getByTestId('message').first().waitFor();
    await show('chat');
  });

  it('looks right on a wide window, light and dark', async () => {
    const viewport = { width: 1200, height: 800 };
    const page = await newPage({ viewport });
    await page.goto(scene.url);
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    await screenshotThemes(page, 'wide-home');
    const [ada, grace] = (await Promise.all(
      ['Ada', 'Grace'].map(async (name) => {
        const context = await scene.visit({ viewport });
        return openChat(context, scene.url, 'wide', name);
      }),
    )) as [ChatTab, ChatTab];
    await ada.send('Has anybody seen the ticker?');
    await grace.message('Has anybody seen the ticker?').waitFor();
    await grace.send('It stopped when the train went into the tunnel.');
    await grace.send('Back now, with everything in between.');
    await ada.message('Back now, with everything in between.').waitFor();
    await ada.send('Good.');
    await ada.message('Good.').waitFor();
    await screenshotThemes(ada.page, 'wide-chat');
  });
});

describe('the start page', () => {
  it('is light, shows its code and every example, and lives', async () => {
    const page = await newPage({ viewport: { width: 1280, height: 900 } });
    const scripts: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.sizes().then((sizes) => sizes.responseBodySize));
    });
    await page.goto(scene.url);
    await page
      .getByTestId('live KESM')
      .getByText(/^#\d+$/)
      .waitFor();
    await page.getByText("'chat/:room': log(").waitFor();
    expect(await page.locator('.card-link').count()).toBe(12);
    const bytes = (await Promise.all(scripts)).reduce((sum, each) => sum + each, 0);
    expect(bytes).toBeGreaterThan(10 * 1024);
    expect(bytes).toBeLessThanOrEqual(120 * 1024);
  });
});

describe('the server', () => {
  it('serves pages with strict headers, and what does not exist as 404', async () => {
    const page = await fetch(`${scene.url}/chat/lobby`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/);
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await fetch(`${scene.url}/assets/none.js`)).status).toBe(404);
    expect((await fetch(scene.url, { method: 'DELETE' })).status).toBe(405);
  });

  it('gives nothing away outside of its folder', async () => {
    for (const path of ['/../server/main.js', '/..%2fserver%2fmain.js', '/%2e%2e/server/main.js', '/%', '/%00']) {
      const body = await rawGet(path);
      expect(body, path).not.toContain('createGallery');
    }
    expect((await fetch(scene.url)).status).toBe(200);
  });

  it('says which port is taken, and ends cleanly when asked to', async () => {
    await expect(startGallery(scene.gallery.port)).rejects.toThrow(`Port ${scene.gallery.port} is taken`);
    const second = await startGallery(await findFreePort());
    const page = await newPage({});
    await page.goto(`http://127.0.0.1:${second.port}`);
    await page.getByTestId('connection').getByText('Connected').first().waitFor();
    expect(await second.kill('SIGTERM')).toBe(0);
  });
});

/** Without the clean-up that `fetch` does to a path. */
function rawGet(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: scene.gallery.port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
}
