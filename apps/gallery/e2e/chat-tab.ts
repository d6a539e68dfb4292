import type { BrowserContext, Locator, Page } from 'playwright-core';

/** A person's actions in the chat, and their view of it. */
export interface ChatTab {
  readonly page: Page;
  send(text: string): Promise<void>;
  /** The texts of the stored messages shown, in their order. */
  texts(): Promise<string[]>;
  message(text: string): Locator;
  /** The connection badge says this. */
  waitForConnection(words: 'Connected' | 'Offline'): Promise<void>;
}

/** Opens a room under a name, in a context of its own storage. */
export async function openChat(context: BrowserContext, url: string, room: string, name: string): Promise<ChatTab> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${url}/chat/${room}`);
  await join(page, name);
  const tab: ChatTab = {
    page,
    send: async (text) => {
      await page.getByLabel(`Write to #${room}`).fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    },
    texts: () => page.getByTestId('message').locator('.message-text').allTextContents(),
    message: (text) =>
      page.getByTestId('message').filter({ has: page.locator('.message-text', { hasText: exactly(text) }) }),
    waitForConnection: (words) => page.getByTestId('connection').getByText(words).first().waitFor(),
  };
  await tab.waitForConnection('Connected');
  return tab;
}

export async function join(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your display name').fill(name);
  await page.getByRole('button', { name: 'Join' }).click();
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
}
