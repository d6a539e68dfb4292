import type { BrowserContext, Locator, Page } from 'playwright-core';

/** A person's view of a document or a board. */
export interface DocumentTab {
  readonly page: Page;
  /** The editor of a document. */
  readonly text: Locator;
  /** The note that says whether everything is stored. */
  readonly saved: Locator;
  waitForConnection(words: 'Connected' | 'Offline'): Promise<void>;
}

/** Opens a document or a board under a name, in a context of its own storage; without a name as a reader. */
export async function openDocumentTab(
  context: BrowserContext,
  url: string,
  path: string,
  name: string | undefined,
): Promise<DocumentTab> {
  if (name !== undefined) {
    await context.addInitScript((saved) => localStorage.setItem('name', JSON.stringify(saved)), name);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(url + path);
  const tab: DocumentTab = {
    page,
    text: page.getByRole('textbox', { name: 'Text', exact: true }),
    saved: page.getByTestId('saved'),
    waitForConnection: (words) => page.getByTestId('connection').getByText(words).first().waitFor(),
  };
  await tab.waitForConnection('Connected');
  await (path.startsWith('/write') ? tab.text : page.getByTestId('canvas')).waitFor();
  return tab;
}
