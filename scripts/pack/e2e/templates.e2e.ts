import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../../../apps/gallery/e2e/chromium.js';
import { drives } from './drives.js';
import { emptyFolder, runIn } from './empty-folder.js';
import { startApplication } from './running-application.js';

const packed = inject('packed');
const create = readdirSync(packed).find((name) => name.startsWith('create-longwave-')) ?? '';

/** `npm create longwave`, from the tarball. */
const createWords = (...words: string[]): string[] => [
  ...['npx', '--yes', '-p', path.join(packed, create), 'create-longwave'],
  ...words,
];

/** Chat alone, unless `TEMPLATES` names others: `all`, or some with commas. */
const asked = process.env['TEMPLATES'] ?? 'chat';
const names = Object.keys(drives).filter((name) => asked === 'all' || asked.split(',').includes(name));

describe('npm create longwave', () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser.close());

  it.each(names)('%s is created, installed, tested, built, started and used', async (template) => {
    const home = emptyFolder();
    await runIn(home, createWords('my-app', '--template', template, '--package-manager', 'npm'));
    const folder = path.join(home, 'my-app');
    await runIn(folder, ['npm', 'test']);
    await runIn(folder, ['npm', 'run', 'build']);
    const url = await startApplication(folder);

    const faults: string[] = [];
    const open = async (where = '/'): Promise<Page> => {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // A page that is no HTML names no icon.
        if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) faults.push(message.text());
      });
      await page.goto(url + where);
      return page;
    };
    await drives[template]!(open);
    expect(faults).toEqual([]);
  });

  it('refuses a folder that has something in it, and writes nothing without an installation', async () => {
    const home = emptyFolder();
    const words = createWords('my-app', '--template', 'bare', '--no-install');
    await runIn(home, words);
    expect(existsSync(path.join(home, 'my-app/node_modules'))).toBe(false);
    expect(await runIn(home, words, 2)).toContain('my-app is not empty');
  });
});
