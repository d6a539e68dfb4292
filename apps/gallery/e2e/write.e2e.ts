import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DocumentTab, openDocumentTab } from './document-tab.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { openGalleryScene } from './gallery-scene.js';
import { findFreePort, startGallery } from './gallery-process.js';
import { screenshot, screenshotForced, screenshotThemes } from './screenshots.js';

const scene = openGalleryScene();
const viewport = { width: 1280, height: 800 };

async function open(id: string, name: string | undefined, at = scene.url): Promise<DocumentTab> {
  return openDocumentTab(await scene.visit({ viewport }), at, `/write/${id}`, name);
}

const textOf = (tab: DocumentTab): Promise<string> =>
  tab.text.evaluate((element) => {
    const lines = [...element.children].map((block) => {
      const copy = block.cloneNode(true) as Element;
      for (const caret of copy.querySelectorAll('.caret, .ProseMirror-trailingBreak')) caret.remove();
      return (copy.textContent ?? '').replaceAll('\u2060', '');
    });
    return lines.join('\n');
  });

async function expectText(tabs: readonly DocumentTab[], text: string): Promise<void> {
  for (const tab of tabs) await expect.poll(() => textOf(tab)).toBe(text);
}

async function type(tab: DocumentTab, ...lines: string[]): Promise<void> {
  await tab.text.click();
  await tab.page.keyboard.press('Control+End');
  for (const [i, line] of lines.entries()) {
    if (i > 0) await tab.page.keyboard.press('Enter');
    await tab.page.keyboard.type(line);
  }
}

describe('two tabs', () => {
  it('write one document, and undo only what is their own', async () => {
    const [ada, bob] = await Promise.all([open('pair', 'Ada'), open('pair', 'Bob')]);
    await type(ada, '# Plan', 'Ada was here.');
    await expectText([ada, bob], 'Plan\nAda was here.');
    expect(await bob.text.locator('h1').textContent()).toBe('Plan');
    await type(bob, ' Bob, too.');
    await expectText([ada, bob], 'Plan\nAda was here. Bob, too.');

    await ada.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => textOf(bob)).not.toContain('Ada');
    expect(await textOf(bob)).toContain(' Bob, too.');
    await ada.page.getByRole('button', { name: 'Redo' }).click();
    await expectText([ada, bob], 'Plan\nAda was here. Bob, too.');
    for (const tab of [ada, bob]) await tab.saved.getByText('All saved').first().waitFor();
    await bob.page.getByTestId('words').getByText('6 words').waitFor();
  });

  it('show what others write as text, whatever it looks like, with nothing that the pages do not allow', async () => {
    const [ada, bob] = await Promise.all([open('odd', 'Ada'), open('odd', 'Bob')]);
    const complaints: string[] = [];
    bob.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    bob.page.on('pageerror', (error) => complaints.push(String(error)));
    await type(ada, '<img src=x onerror="document.title=1">', 'مرحبا بالعالم', 'x'.repeat(300));
    await expect.poll(() => textOf(bob)).toContain('x'.repeat(300));
    expect(await bob.text.locator('img:not(.ProseMirror-separator), script').count()).toBe(0);
    expect(await bob.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('name the document by its first line, in the list of everybody', async () => {
    const ada = await open('minutes', 'Ada');
    await ada.text.getByText('Decided').waitFor();
    await ada.text.press('Control+a');
    await ada.page.keyboard.press('Delete');
    await type(ada, '# Minutes of the pier');
    const reader = await open('welcome', undefined);
    await reader.page.getByRole('link', { name: 'Minutes of the pier' }).waitFor();
  });
});

describe('a reader without a name', () => {
  it('reads and cannot write, until they take one', async () => {
    const reader = await open('welcome', undefined);
    await reader.text.getByText('Write together').waitFor();
    await reader.saved.getByText('Read only').first().waitFor();
    expect(await reader.text.getAttribute('contenteditable')).toBe('false');
    expect(await reader.page.getByRole('toolbar').count()).toBe(0);
    await screenshotThemes(reader.page, 'wide-write-reader');
    await reader.page.getByRole('button', { name: 'Choose a name to write' }).click();
    await reader.page.getByLabel('Your display name').fill('Cy');
    await reader.page.getByRole('button', { name: 'Join' }).click();
    await reader.page.getByRole('toolbar', { name: 'Formatting' }).waitFor();
    await type(reader, ' Cy was here.');
    await reader.saved.getByText('All saved').first().waitFor();
  });
});

describe('comments', () => {
  it('stay with their words, are answered, resolved and opened again', async () => {
    const [ada, bob] = await Promise.all([open('comments', 'Ada'), open('comments', 'Bob')]);
    await type(ada, 'One two three.');
    await expectText([bob], 'One two three.');
    await ada.text.click();
    await ada.page.keyboard.press('Control+Home');
    for (let i = 0; i < 4; i++) await ada.page.keyboard.press('ArrowRight');
    for (let i = 0; i < 3; i++) await ada.page.keyboard.press('Shift+ArrowRight');
    await ada.page.getByRole('button', { name: 'Comment', exact: true }).click();
    await ada.page.getByLabel('Comment on this').fill('Is this the word?');
    await ada.page.getByLabel('Comment on this').press('Control+Enter');
    const thread = bob.page.getByTestId('thread');
    await thread.locator('.comment-text', { hasText: 'Is this the word?' }).waitFor();
    expect(await bob.text.locator('.commented').textContent()).toBe('two');

    await bob.text
      .locator('p')
      .first()
      .click({ position: { x: 1, y: 10 } });
    await bob.page.keyboard.type('Zero. ');
    await expectText([ada, bob], 'Zero. One two three.');
    expect(await ada.text.locator('.commented').textContent()).toBe('two');

    await thread.getByRole('button', { name: 'Reply' }).click();
    await thread.getByRole('textbox', { name: 'Reply' }).fill('It is.');
    await thread.getByRole('button', { name: 'Reply' }).click();
    await ada.page.locator('.comment-text', { hasText: 'It is.' }).waitFor();
    await screenshotThemes(ada.page, 'wide-write-comments');
    await screenshotForced(ada.page, 'wide-write-comments');
    // Only one's own words can be taken back.
    expect(
      await ada.page
        .getByTestId('thread')
        .getByRole('button', { name: /^Remove/ })
        .count(),
    ).toBe(1);
    await ada.page.getByTestId('thread').getByRole('button', { name: 'Resolve' }).click();
    await expect.poll(() => bob.text.locator('.commented').count()).toBe(0);
    await bob.page.getByText('1 resolved').click();
    await bob.page.getByRole('button', { name: 'Open again' }).click();
    await ada.text.locator('.commented').waitFor();

    await ada.text.locator('.commented').dblclick();
    await ada.page.keyboard.press('Delete');
    await bob.page.getByTestId('thread').getByTitle('These words are gone').waitFor();
  });
});

describe('versions', () => {
  it('are kept under a name, compared with the text, and restored while others have it open', async () => {
    const [ada, bob] = await Promise.all([open('versions', 'Ada'), open('versions', 'Bob')]);
    await type(ada, 'The first draft.');
    await ada.saved.getByText('All saved').first().waitFor();
    await ada.page.getByRole('button', { name: 'Versions' }).click();
    await ada.page.getByLabel('Name of a new version').fill('First');
    await ada.page.getByRole('button', { name: 'Save' }).click();
    await ada.page.getByTestId('version').getByText('First', { exact: true }).waitFor();

    await expectText([bob], 'The first draft.');
    await type(bob, ' And more by Bob.');
    await expectText([ada], 'The first draft. And more by Bob.');
    await bob.saved.getByText('All saved').first().waitFor();
    await ada.page.getByRole('button', { name: 'Compare with First' }).click();
    const difference = ada.page.getByTestId('difference');
    await difference.locator('ins', { hasText: 'And more by Bob.' }).waitFor();
    expect(await difference.locator('.difference-text ins').getAttribute('title')).toBe('by Bob');
    await screenshotThemes(ada.page, 'wide-write-versions');

    await ada.page.getByRole('button', { name: 'Restore First' }).click();
    await expectText([ada, bob], 'The first draft.');
    await type(bob, ' Going on.');
    await expectText([ada, bob], 'The first draft. Going on.');
  });
});

describe('offline', () => {
  let proxy: FaultProxy;

  beforeEach(async () => {
    proxy = await startFaultProxy(scene.gallery.port);
  });

  afterEach(() => proxy.close());

  it('keeps what is written, over a reload as well, and says where it is', async () => {
    const [ada, bob] = await Promise.all([open('tunnel', 'Ada', proxy.url), open('tunnel', 'Bob')]);
    await type(ada, 'Before.');
    await expectText([ada, bob], 'Before.');
    await ada.saved.getByText('All saved').first().waitFor();

    proxy.cut();
    await ada.waitForConnection('Offline');
    await type(ada, ' Ada, offline.');
    await ada.saved.getByText(/^Offline: \d+ changes? kept in this browser/).waitFor();
    await screenshot(ada.page, 'write-offline');
    await type(bob, ' Bob, online.');
    // The page itself comes from the server, the document does not.
    proxy.heal();
    await ada.page.route('**/longwave**', (route) => route.abort());
    await ada.page.routeWebSocket('**/longwave**', (socket) => void socket.close());
    await ada.page.reload();
    await expect.poll(() => textOf(ada)).toBe('Before. Ada, offline.');
    await ada.saved.getByText('kept in this browser').first().waitFor();
    await type(ada, ' And more.');

    await ada.page.unrouteAll();
    await ada.page.reload();
    await ada.saved.getByText('All saved').first().waitFor();
    for (const tab of [ada, bob]) {
      for (const part of ['Ada, offline.', 'And more.', 'Bob, online.']) {
        await expect.poll(() => textOf(tab)).toContain(part);
      }
    }
    expect(await textOf(ada)).toBe(await textOf(bob));
    expect((await textOf(ada)).split('Ada, offline.')).toHaveLength(2);
  });
});

describe('a gallery that keeps its documents on the disk, killed with -9 and started again', () => {
  it('has everything that it said was saved, and goes on', async () => {
    const data = mkdtempSync(join(tmpdir(), 'gallery-'));
    let kept = await startGallery(await findFreePort(), data);
    try {
      const at = `http://127.0.0.1:${kept.port}`;
      const ada = await open('kept', 'Ada', at);
      await type(ada, 'Before the crash.');
      await ada.saved.getByText('All saved').first().waitFor();
      await kept.kill('SIGKILL');
      await ada.waitForConnection('Offline');
      await type(ada, ' Into the void.');
      kept = await startGallery(kept.port, data);
      await ada.waitForConnection('Connected');
      await ada.saved.getByText('All saved').first().waitFor();
      const bob = await open('kept', 'Bob', at);
      await expectText([ada, bob], 'Before the crash. Into the void.');
      await bob.page.goto(`${at}/write/welcome`);
      await bob.text.getByText('Write together').waitFor();
      expect(await bob.text.getByText('Write together').count()).toBe(1);
    } finally {
      await kept.kill('SIGKILL');
      rmSync(data, { recursive: true });
    }
  });
});

describe('a phone', () => {
  it('has room for the text, the tools and the comments', async () => {
    const context = await scene.visit({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
    });
    const ada = await openDocumentTab(context, scene.url, '/write/phone', 'Ada');
    await type(ada, '# From a phone', 'Some words.');
    await ada.text.getByText('Some words.').dblclick();
    await ada.page.getByRole('button', { name: 'Comment', exact: true }).tap();
    await ada.page.getByLabel('Comment on this').fill('From a phone, too.');
    await ada.page.getByLabel('Comment on this').press('Control+Enter');
    await ada.page.locator('.comment-text', { hasText: 'From a phone, too.' }).waitFor();
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await screenshotThemes(ada.page, 'phone-write');
    await ada.page.getByRole('button', { name: /^Comments/ }).tap();
    await screenshot(ada.page, 'phone-write-text');
  });
});
