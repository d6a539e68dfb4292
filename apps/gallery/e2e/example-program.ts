import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './chromium.js';

/** A browser, and the address of an example's server: there from the first test of a file on, until its last. */
export interface RunningExample {
  readonly browser: Browser;
  readonly url: string;
}

/** Starts `examples/NAME/server.ts`, as it was built, for the tests of a file. */
export function runExample(name: string): () => RunningExample {
  const program = fileURLToPath(new URL(`../../../examples/dist/${name}/server.js`, import.meta.url));
  let server: ChildProcess;
  let running: RunningExample;
  beforeAll(async () => {
    server = spawn(process.execPath, [program], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [[url], browser] = await Promise.all([
      once(createInterface({ input: server.stdout! }), 'line') as Promise<[string]>,
      launchChromium(),
    ]);
    running = { browser, url };
  });
  afterAll(async () => {
    await running.browser.close();
    server.kill('SIGKILL');
  });
  return () => running;
}
