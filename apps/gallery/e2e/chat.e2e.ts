import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from 'longwave/client';
import type { GalleryChannels } from '../shared/channels.js';
import { guestToken } from '../shared/chat.js';
import { type ChatTab, openChat } from './chat-tab.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { findFreePort, startGallery } from './gallery-process.js';
import { screenshot } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();

async function open(room: string, name: string, at = scene.url): Promise<ChatTab> {
  const context = await scene.visit({ viewport: { width: 1100, height: 720 } });
  return openChat(context, at, room, name);
}

/** Publishes from Node, as a second program of the same user would. */
async function publishAll(room: string, texts: readonly string[]): Promise<void> {
  const client = connect<GalleryChannels>(scene.url, { token: guestToken.encode('Robot') });
  try {
    await Promise.all(texts.map((text) => client.channel(`chat/${room}`).publish({ text })));
  } finally {
    client.close();
  }
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`);

describe('two tabs', () => {
  it('chat both ways, and each sees where its own message was stored', async () => {
    const [ada, bob] = await Promise.all([open('pair', 'Ada'), open('pair', 'Bob')]);
    await ada.send('hello Bob');
    await bob.message('hello Bob').waitFor();
    await bob.send('hello Ada');
    await ada.message('hello Ada').waitFor();
    expect(await ada.message('hello Bob').textContent()).toContain('stored at #1');
    expect(await bob.message('hello Bob').textContent()).not.toContain('stored at');
    expect(await ada.texts()).toEqual(await bob.texts());
  });

  it('show what others write as text, whatever it looks like', async () => {
    const [ada, bob] = await Promise.all([open('text', 'Ada'), open('text', 'Bob')]);
    const texts = [
      '<img src=x onerror="document.title=\'owned\'">',
      '<script>document.title="owned"</script>',
      '"><svg/onload=alert(1)>',
      '🙂👩‍👩‍👧‍👦🏳️‍🌈',
      'مرحبا بالعالم',
      'x'.repeat(600),
    ];
    for (const text of texts) await ada.send(text);
    await bob.message(texts.at(-1)!).waitFor();
    expect(await bob.texts()).toEqual(texts);
    expect(await bob.page.title()).not.toBe('owned');
    expect(await bob.page.locator('.messages img, .messages script, .messages svg').count()).toBe(0);
    const overflow = await bob.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(overflow).toBe(false);
    await screenshot(bob.page, 'chat-odd-texts');
  });
});

/** How long the cable is out: longer than the notice needs to speak of it. OFFLINE_MS=30000 for the long form. */
const offlineMs = Number(process.env['OFFLINE_MS'] ?? 2500);

describe('offline and back', () => {
  let proxy: FaultProxy;

  beforeEach(async () => {
    proxy = await startFaultProxy(scene.gallery.port);
  });

  afterEach(() => proxy.close());

  it(
    'loses nothing and shows nothing twice, in both directions',
    async () => {
      const [ada, bob] = await Promise.all([open('tunnel', 'Ada', proxy.url), open('tunnel', 'Bob')]);
      await bob.send('before');
      await ada.message('before').waitFor();

      proxy.cut();
      await ada.waitForConnection('Offline');
      for (const text of ['from Ada 1', 'from Ada 2', 'from Ada 3']) await ada.send(text);
      expect(await ada.page.getByTestId('outgoing').filter({ hasText: 'waiting for the connection' }).count()).toBe(3);
      await bob.send('from Bob');
      await publishAll('tunnel', numbered(1, 10));
      await screenshot(ada.page, 'chat-offline');

      await ada.page.waitForTimeout(offlineMs);
      proxy.heal();
      await ada.waitForConnection('Connected');
      await ada.page
        .getByTestId('notice')
        .getByText(/Back after \d+ s: 11 messages recovered/)
        .waitFor();
      await bob.message('from Ada 3').waitFor();
      await ada.message('from Ada 3').waitFor();
      await screenshot(ada.page, 'chat-back');

      const expected = ['before', 'from Bob', ...numbered(1, 10), 'from Ada 1', 'from Ada 2', 'from Ada 3'];
      const inOrder = (texts: string[]): string[] =>
        [...texts].toSorted((a, b) => expected.indexOf(a) - expected.indexOf(b));
      expect(inOrder(await bob.texts())).toEqual(expected);
      expect(await ada.texts()).toEqual(await bob.texts());
      expect(await ada.page.getByTestId('outgoing').count()).toBe(0);
    },
    30_000 + offlineMs,
  );

  it('finds a link that died without a word, and continues on another', async () => {
    const [ada, bob] = await Promise.all([open('silent', 'Ada', proxy.url), open('silent', 'Bob')]);
    await bob.send('before');
    await ada.message('before').waitFor();
    proxy.freeze();
    await ada.page.context().setOffline(true);
    for (const text of ['missed 1', 'missed 2']) await bob.send(text);
    await bob.message('missed 2').waitFor();
    await ada.send('said meanwhile');
    await ada.page.context().setOffline(false);
    await bob.message('said meanwhile').waitFor();
    await ada.message('said meanwhile').waitFor();
    const expected = ['before', 'missed 1', 'missed 2', 'said meanwhile'];
    expect(await ada.texts()).toEqual(expected);
    expect(await bob.texts()).toEqual(expected);
  });

  it('says so in the badge, counts down and obeys "Retry now"', async () => {
    const ada = await open('badge', 'Ada', proxy.url);
    proxy.cut();
    await ada.waitForConnection('Offline');
    await ada.page.getByTestId('offline').getByText('No connection').waitFor();
    // The waits grow: by now the next attempt would be a while off.
    await ada.page
      .getByTestId('connection')
      .getByText(/retry in [2-9]/)
      .waitFor();
    await ada.page.setViewportSize({ width: 360, height: 740 });
    await screenshot(ada.page, 'phone-chat-offline');
    proxy.heal();
    await ada.page.getByTestId('connection').getByRole('button', { name: 'Retry now' }).click();
    await ada.waitForConnection('Connected');
  });
});

describe('the server killed with -9 and started again', () => {
  it('gets its tabs back by itself; they say what was lost and go on', async () => {
    const [ada, bob] = await Promise.all([open('crash', 'Ada'), open('crash', 'Bob')]);
    await ada.send('before the crash');
    await bob.message('before the crash').waitFor();

    await scene.gallery.kill('SIGKILL');
    await Promise.all([ada.waitForConnection('Offline'), bob.waitForConnection('Offline')]);
    await ada.send('into the void');
    await scene.startAgain();

    for (const tab of [ada, bob]) {
      await tab.waitForConnection('Connected');
      await tab.page.getByText('Not continuous: the server started a new log').waitFor();
    }
    await bob.message('into the void').waitFor();
    await bob.send('after the crash');
    await ada.message('after the crash').waitFor();
    const expected = ['before the crash', 'into the void', 'after the crash'];
    expect(await ada.texts()).toEqual(expected);
    expect(await bob.texts()).toEqual(expected);
    await screenshot(bob.page, 'chat-after-crash');
  });
});

describe('a gallery that keeps its rooms on the disk, killed with -9 and started again', () => {
  it('tells its tabs of no loss, and has for a newcomer what was said before', async () => {
    const data = mkdtempSync(join(tmpdir(), 'gallery-'));
    let kept = await startGallery(await findFreePort(), data);
    try {
      const at = `http://127.0.0.1:${kept.port}`;
      const ada = await open('kept', 'Ada', at);
      await ada.send('before the crash');
      await ada.message('before the crash').waitFor();
      await kept.kill('SIGKILL');
      await ada.waitForConnection('Offline');
      await ada.send('into the void');
      kept = await startGallery(kept.port, data);
      await ada.waitForConnection('Connected');
      await ada.page.getByText('stored at #2').waitFor();
      expect(await ada.page.getByText('Not continuous').count()).toBe(0);
      const bob = await open('kept', 'Bob', at);
      await bob.message('into the void').waitFor();
      expect(await bob.texts()).toEqual(['before the crash', 'into the void']);
    } finally {
      await kept.kill('SIGKILL');
      rmSync(data, { recursive: true });
    }
  });
});

describe('history', () => {
  it('pages upwards through 200 messages, and what is read stays where it is', async () => {
    await publishAll('long', numbered(1, 200));
    const ada = await open('long', 'Ada');
    await ada.message('message 200').waitFor();
    expect((await ada.texts()).length).toBeLessThan(200);

    const list = ada.page.getByRole('region', { name: 'Messages' });
    await list.hover();
    const first = await ada.page.getByTestId('message').first().getAttribute('data-key');
    const anchor = ada.page.locator(`[data-key="${first}"]`);
    await anchor.scrollIntoViewIfNeeded();
    await ada.page.waitForFunction(() => document.querySelectorAll('[data-testid=message]').length > 60);
    const box = await anchor.boundingBox();
    const frame = await list.boundingBox();
    expect(box!.y).toBeGreaterThanOrEqual(frame!.y - 1);
    expect(box!.y).toBeLessThan(frame!.y + frame!.height);

    while (!(await ada.page.getByText('This is where the room begins.').isVisible())) {
      await ada.page.mouse.wheel(0, -800);
      await ada.page.evaluate(() => new Promise(requestAnimationFrame));
    }
    expect(await ada.texts()).toEqual(numbered(1, 200));
    await screenshot(ada.page, 'chat-history-top');
  });

  it('keeps the place of a reader over a reload, and counts what is new below', async () => {
    await publishAll('place', numbered(1, 120));
    const ada = await open('place', 'Ada');
    await ada.message('message 120').waitFor();
    await ada.message('message 85').scrollIntoViewIfNeeded();
    await ada.page.getByRole('button', { name: 'To the newest' }).waitFor();
    await ada.page.getByLabel('Write to #place').fill('a draft');
    const before = await ada.message('message 85').boundingBox();

    await ada.page.reload();
    await ada.message('message 120').waitFor();
    const after = await ada.message('message 85').boundingBox();
    expect(Math.abs(after!.y - before!.y)).toBeLessThan(40);
    expect(await ada.page.getByLabel('Write to #place').inputValue()).toBe('a draft');

    await publishAll('place', numbered(121, 123));
    await ada.page.getByRole('button', { name: '3 new' }).click();
    await ada.message('message 123').waitFor();
    expect(await ada.message('message 123').isVisible()).toBe(true);
    expect((await ada.texts()).slice(-3)).toEqual(numbered(121, 123));
  });
});

describe('the keyboard alone', () => {
  it('takes a name, sends, and finds the content', async () => {
    const context = await scene.visit();
    const page = await context.newPage();
    await page.goto(`${scene.url}/chat/keys`);
    await page.getByLabel('Your display name').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');

    const tabTo = async (label: string): Promise<void> => {
      for (let step = 0; step < 20; step++) {
        await page.keyboard.press('Tab');
        const name = await page.evaluate(() => {
          const element = document.activeElement;
          return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
            ? element.labels?.[0]?.textContent
            : undefined;
        });
        if (name === label) return;
      }
      throw new Error(`The Tab key does not reach '${label}'.`);
    };
    await tabTo('Your display name');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    await page.getByLabel('Write to #keys').waitFor();
    // Where the keyboard goes on once the form for the name is gone.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('composer');
    await page.keyboard.type('one line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('and another');
    await page.keyboard.press('Enter');
    await page.getByTestId('message').getByText('one line\nand another').waitFor();
    const [text, time] = await Promise.all(
      ['.message-text', '.message-meta'].map((part) => page.getByTestId('message').locator(part).boundingBox()),
    );
    // Beside the last of its lines.
    expect(Math.abs(text!.y + text!.height - (time!.y + time!.height))).toBeLessThan(8);
  });
});
