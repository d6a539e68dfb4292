import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lmdb } from '@longwave/lmdb';
import { type Client, connect } from 'longwave/client';
import { expect, it, onTestFinished } from 'vitest';
import type { GalleryChannels } from '../shared/channels.js';
import { guestToken } from '../shared/chat.js';
import { type ChatTab, openChat } from './chat-tab.js';
import { findFreePort, startGallery } from './gallery-process.js';
import { openGalleryScene } from './gallery-scene.js';
import { screenshotThemes } from './screenshots.js';

const scene = openGalleryScene();
const gone = 'This message was deleted.';
/** In all that the author said, and in nothing else. */
const secret = /5550100/;

async function open(name: string, at: string): Promise<ChatTab> {
  const context = await scene.visit({ viewport: { width: 1100, height: 720 } });
  return openChat(context, at, 'deletion', name);
}

/** Opens the actions of the message with this text, and goes on with the Tab key to the one named so. */
async function chooseByKeyboard({ page, message }: ChatTab, text: string, action: string): Promise<void> {
  await message(text).getByRole('button', { name: 'Actions' }).focus();
  await page.keyboard.press('Enter');
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    if (focused === action) return page.keyboard.press('Enter');
  }
  throw new Error(`The Tab key does not reach '${action}'.`);
}

function connectAs(name: string, at: string): Client<GalleryChannels> {
  const client = connect<GalleryChannels>(at, { token: guestToken.encode(name) });
  onTestFinished(() => client.close());
  return client;
}

/** All that the store on the disk gives of the room, with the operations of its log and the marks on its messages. */
async function readDisk(path: string): Promise<string> {
  const store = lmdb({ path });
  try {
    const pages = ['chat/deletion', 'chat-marks/deletion'].map(async (channel) => store.read(channel, { limit: 1000 }));
    const ops = (await Promise.all(pages)).flatMap((page) => page.ops);
    return ops.map(({ kind, user, payload }) => `${kind} ${user} ${textOf(payload)}`).join('\n');
  } finally {
    await store.close();
  }
}

function textOf(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? payload : Buffer.from(payload).toString();
}

it('a deleted message is gone for both tabs, from history and from the disk, and its place stays', async () => {
  const data = mkdtempSync(join(tmpdir(), 'gallery-'));
  let gallery = await startGallery(await findFreePort(), data);
  try {
    const at = `http://127.0.0.1:${gallery.port}`;
    const [ada, bob] = await Promise.all([open('Ada', at), open('Bob', at)]);
    for (const text of ['before', 'call me: 5550100', 'after']) await ada.send(text);
    await bob.message('after').waitFor();
    await chooseByKeyboard(ada, 'call me: 5550100', 'Edit');
    await ada.page.getByLabel('Edit the message').fill('call me at 5550100');
    await ada.page.keyboard.press('Enter');
    await bob.message('call me at 5550100').getByText('edited').waitFor();
    await bob.message('call me at 5550100').getByRole('button', { name: 'Actions' }).click();
    expect(await bob.page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0);
    await bob.message('call me at 5550100').getByRole('button', { name: 'React with 👀' }).click();
    await ada.message('call me at 5550100').locator('.reaction').waitFor();

    const bobsClient = connectAs('Bob', at).channel('chat/deletion');
    const before = await bobsClient.history();
    const { meta } = before.messages[1]!;
    expect(JSON.stringify(before)).toMatch(secret);
    await expect(bobsClient.redact(meta)).rejects.toMatchObject({ code: 'forbidden' });

    await chooseByKeyboard(ada, 'call me at 5550100', 'Delete');
    for (const tab of [ada, bob]) {
      await tab.message(gone).waitFor();
      expect(await tab.texts()).toEqual(['before', gone, 'after']);
      expect(await tab.page.content()).not.toMatch(secret);
      expect(await tab.message(gone).getByRole('button').count()).toBe(0);
    }
    // The keyboard goes on at the place of the message.
    expect(await ada.page.evaluate(() => document.activeElement?.textContent)).toContain(gone);
    await screenshotThemes(ada.page, 'chat-deleted');
    await bob.page.setViewportSize({ width: 390, height: 800 });
    await screenshotThemes(bob.page, 'phone-chat-deleted');

    const after = await bobsClient.history();
    expect(after.messages.map((message) => message.meta.offset)).toEqual([1, 2, 3]);
    expect(after.messages[1]).toMatchObject({ data: undefined, meta: { user: 'Ada', redacted: true } });
    expect(JSON.stringify(after)).not.toMatch(secret);
    const cleo = await open('Cleo', at);
    await cleo.message(gone).waitFor();
    expect(await cleo.page.content()).not.toMatch(secret);

    await gallery.kill('SIGKILL');
    const disk = await readDisk(join(data, 'rooms'));
    expect(disk).not.toMatch(secret);
    expect(disk).toMatch(/^redacted Ada $/m);
    expect(disk).toContain('before');

    gallery = await startGallery(gallery.port, data);
    const dan = await open('Dan', at);
    await dan.message(gone).waitFor();
    expect(await dan.texts()).toEqual(['before', gone, 'after']);
  } finally {
    await gallery.kill('SIGKILL');
    rmSync(data, { recursive: true });
  }
});
