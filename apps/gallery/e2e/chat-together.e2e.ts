import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { reactions } from '../shared/chat.js';
import { type ChatTab, openChat } from './chat-tab.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { screenshot, screenshotThemes } from './screenshots.js';
import { openGalleryScene } from './gallery-scene.js';

const scene = openGalleryScene();

async function open(room: string, name: string, at = scene.url): Promise<ChatTab> {
  const context = await scene.visit({ viewport: { width: 1100, height: 720 } });
  return openChat(context, at, room, name);
}

const peopleCount = (page: Page, count: number): Promise<void> =>
  page.getByTestId('people').getByText(`${count} here`, { exact: true }).waitFor();

async function act(tab: ChatTab, text: string, action: string): Promise<void> {
  const message = tab.message(text);
  await message.getByRole('button', { name: 'Actions' }).click();
  await message.getByRole('button', { name: action, exact: true }).click();
}

const reaction = (tab: ChatTab, text: string) => tab.message(text).locator('.reaction');

/** Everything that `people` says from now on, once each time it changes. */
async function recordPeople(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const target = document.querySelector('[data-testid=people]')!;
    const said: string[] = [target.textContent ?? ''];
    new MutationObserver(() => {
      const text = target.textContent ?? '';
      if (text !== said.at(-1)) said.push(text);
    }).observe(target, { subtree: true, childList: true, characterData: true, attributes: true });
    Object.assign(globalThis, { said });
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}

describe('who is there', () => {
  it('counts persons, not tabs, and lets them go', async () => {
    const [ada, bob] = await Promise.all([open('people', 'Ada'), open('people', 'Bob')]);
    await Promise.all([peopleCount(ada.page, 2), peopleCount(bob.page, 2)]);
    const second = await bob.page.context().newPage();
    await second.goto(`${scene.url}/chat/people`);
    await peopleCount(second, 2);
    await ada.page.getByTestId('people').getByText('2 here').click();
    expect(await ada.page.getByTestId('people').getByRole('listitem').allTextContents()).toEqual(['Ada (you)', 'Bob']);
    await bob.page.goto(`${scene.url}/`);
    await second.getByRole('link', { name: 'random' }).click();
    await peopleCount(ada.page, 1);
  });

  it('does not flap over a reload, nor over a reconnect', async () => {
    const proxy = await startFaultProxy(scene.gallery.port);
    try {
      const [ada, bob] = await Promise.all([open('steady', 'Ada'), open('steady', 'Bob', proxy.url)]);
      await Promise.all([peopleCount(ada.page, 2), peopleCount(bob.page, 2)]);
      const said = await recordPeople(ada.page);
      await bob.page.reload();
      await peopleCount(bob.page, 2);
      proxy.cut();
      await bob.waitForConnection('Offline');
      proxy.heal();
      await bob.waitForConnection('Connected');
      // Longer than the grace: the tab before the reload has left by now.
      await ada.page.waitForTimeout(11_000);
      expect(await said()).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  }, 60_000);
});

describe('typing', () => {
  it('shows while somebody types, and ends with the message or by itself', async () => {
    const [ada, bob] = await Promise.all([open('typing', 'Ada'), open('typing', 'Bob')]);
    await peopleCount(bob.page, 2);
    const line = bob.page.getByTestId('typing');
    await ada.page.getByLabel('Write to #typing').fill('something lo');
    await line.getByText('Ada is typing…').waitFor();
    expect(await ada.page.getByTestId('typing').textContent()).toBe('');
    await ada.send('something long');
    await bob.message('something long').waitFor();
    expect(await line.textContent()).toBe('');

    await ada.page.getByLabel('Write to #typing').fill('left unsaid');
    await line.getByText('Ada is typing…').waitFor();
    await line.getByText('Ada is typing…').waitFor({ state: 'detached' });
  });
});

describe('edits, removals and reactions', () => {
  it('are in step, and a late joiner sees them', async () => {
    const [ada, bob] = await Promise.all([open('marks', 'Ada'), open('marks', 'Bob')]);
    for (const text of ['a tpyo', 'a secret', 'good news']) await ada.send(text);
    await bob.message('good news').waitFor();

    await act(ada, 'a tpyo', 'Edit');
    await ada.page.getByLabel('Edit the message').fill('a typo');
    await ada.page.keyboard.press('Enter');
    await bob.message('a typo').getByText('edited').waitFor();
    await act(ada, 'a secret', 'Delete');
    await bob.message('This message was deleted.').waitFor();
    await act(bob, 'good news', 'React with 🎉');
    await reaction(ada, 'good news').getByText('1').waitFor();
    await reaction(ada, 'good news').click();
    await Promise.all([ada, bob].map((tab) => reaction(tab, 'good news').getByText('2').waitFor()));

    const cleo = await open('marks', 'Cleo');
    await cleo.message('This message was deleted.').waitFor();
    expect(await cleo.texts()).toEqual(['a typo', 'This message was deleted.', 'good news']);
    expect(await reaction(cleo, 'good news').getAttribute('aria-label')).toBe('🎉 by Ada and Bob');
    await cleo.message('good news').getByRole('button', { name: 'Actions' }).click();
    const offered = await cleo.message('good news').locator('.menu-items').getByRole('button').allTextContents();
    expect(offered).toEqual([...reactions]);
    await screenshotThemes(ada.page, 'chat-marks');

    await reaction(ada, 'good news').click();
    await reaction(bob, 'good news').getByText('1').waitFor();
    await reaction(bob, 'good news').click();
    await reaction(ada, 'good news').waitFor({ state: 'detached' });
  });

  it('are shown at once without a connection, and arrive when it is back', async () => {
    const proxy: FaultProxy = await startFaultProxy(scene.gallery.port);
    try {
      const [ada, bob] = await Promise.all([open('marks-offline', 'Ada', proxy.url), open('marks-offline', 'Bob')]);
      await bob.send('hello');
      await ada.message('hello').waitFor();
      proxy.cut();
      await ada.waitForConnection('Offline');
      await act(ada, 'hello', 'React with 👍');
      await reaction(ada, 'hello').getByText('1').waitFor();
      expect(await reaction(bob, 'hello').count()).toBe(0);
      proxy.heal();
      await reaction(bob, 'hello').getByText('1').waitFor();
      expect(await reaction(ada, 'hello').getAttribute('aria-pressed')).toBe('true');
    } finally {
      await proxy.close();
    }
  });

  it('can be made by keyboard alone', async () => {
    const ada = await open('marks-keys', 'Ada');
    await ada.send('first');
    await ada.message('first').waitFor();
    await ada.message('first').getByRole('button', { name: 'Actions' }).focus();
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('Enter');
    await reaction(ada, 'first').getByText('1').waitFor();
    // The focus is on the button that opened the menu, which Escape would close.
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Escape');
    expect(await ada.page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    expect(await ada.page.evaluate(() => document.activeElement?.className)).toBe('menu-toggle');
  });
});

describe('what was read', () => {
  it('is counted by room, and told to the author', async () => {
    const [ada, bob] = await Promise.all([open('lobby', 'Ada'), open('lobby', 'Bob')]);
    await ada.send('one');
    await ada.message('one').getByText('Seen by 1').waitFor();
    await bob.page.getByRole('link', { name: 'random' }).click();
    await bob.page.getByLabel('Write to #random').waitFor();
    for (const text of ['two', 'three']) await ada.send(text);
    const badge = bob.page.getByRole('link', { name: 'lobby' }).getByTestId('unread');
    await badge.getByText('2').waitFor();
    expect(await ada.message('three').getByText('Seen by').count()).toBe(0);
    await screenshot(bob.page, 'chat-unread');

    await bob.page.reload();
    await badge.getByText('2').waitFor();
    await bob.page.getByRole('link', { name: 'lobby 2 unread' }).click();
    await badge.waitFor({ state: 'detached' });
    await ada.message('three').getByText('Seen by 1').waitFor();
  });
});

describe('on a phone', () => {
  it('all of it fits', async () => {
    const ada = await open('phone', 'Ada');
    const bob = await open('phone', 'Bob');
    await bob.page.setViewportSize({ width: 390, height: 800 });
    await ada.send(
      'A message that is long enough to be wrapped on a small display, as people write them now and then.',
    );
    await bob.send('short');
    await ada.message('short').waitFor();
    await act(ada, 'short', 'React with ❤️');
    await reaction(bob, 'short').getByText('1').waitFor();
    await bob.page.getByTestId('people').getByText('2 here').click();
    await bob.message('short').getByRole('button', { name: 'Actions' }).click();
    const edit = bob.message('short').getByRole('button', { name: 'Edit' });
    const box = (await edit.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
    expect(await bob.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await ada.page.getByLabel('Write to #phone').fill('more');
    await bob.page.getByText('Ada is typing…').waitFor();
    await screenshotThemes(bob.page, 'phone-chat-marks');
  });
});
