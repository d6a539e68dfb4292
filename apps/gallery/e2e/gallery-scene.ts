import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from './chromium.js';
import { type GalleryProcess, findFreePort, startGallery } from './gallery-process.js';

/** A browser and the gallery's server, for the tests of one file. */
export interface GalleryScene {
  readonly browser: Browser;
  readonly gallery: GalleryProcess;
  /** The gallery's address, without a slash at its end. */
  readonly url: string;
  /** A visitor: a context with storage of its own, that is closed after the test. */
  visit(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Starts the server at its port again, after the test killed it. */
  startAgain(): Promise<void>;
}

/** Starts Chromium and the built gallery before the tests of this file, and ends both after them. */
export function openGalleryScene(): GalleryScene {
  let browser: Browser | undefined;
  let gallery: GalleryProcess | undefined;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [browser, gallery] = await Promise.all([launchChromium(), findFreePort().then(startGallery)]);
  });

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  afterAll(async () => {
    await browser?.close();
    await gallery?.kill('SIGKILL');
  });

  return {
    get browser() {
      return browser!;
    },
    get gallery() {
      return gallery!;
    },
    get url() {
      return `http://127.0.0.1:${gallery!.port}`;
    },
    visit: async (options) => {
      const context = await browser!.newContext(options);
      contexts.push(context);
      return context;
    },
    startAgain: async () => {
      gallery = await startGallery(gallery!.port);
    },
  };
}
