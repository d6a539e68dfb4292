import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real browser that talks to nobody but the test. Throws with what to install when there is none. */
export async function launchChromium(): Promise<Browser> {
  const named = process.env['CHROMIUM'];
  const executablePath = named ? named : places.find((place) => existsSync(place));
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `No Chromium at ${named ?? places.join(', ')}. Install it: apt-get update && apt-get install -y chromium, or set CHROMIUM to its path.`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
