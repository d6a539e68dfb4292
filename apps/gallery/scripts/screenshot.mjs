// `npm run screenshot` takes the picture of README.md from the gallery as it was built: one page, light, after its first content.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** Whether vehicles are on the map: its canvas has the colour of ships and that of aircraft. Runs in the page. */
const isMapDrawn = () =>
  [...document.querySelectorAll('canvas')].some((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let red = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200 && data[at] > data[at + 2] + 80) red += 1;
    return red > 500;
  });

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = process.argv[2] ?? '/fleet';
const folder = `${root}docs/images`;
const gallery = spawn(process.execPath, [`${root}apps/gallery/dist/server/main.js`], {
  env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATA: '' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  let url;
  for await (const line of createInterface({ input: gallery.stdout })) {
    url = /http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) break;
  }
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  const tab = await browser.newPage({ viewport: { width: 1180, height: 900 }, colorScheme: 'light' });
  await tab.goto(url + page);
  await tab.getByTestId('connection').getByText('Connected').first().waitFor();
  // The page has content at once; lists beside it fill over some seconds.
  await tab.getByTestId('event').nth(7).waitFor();
  await tab.waitForFunction(isMapDrawn);
  mkdirSync(folder, { recursive: true });
  await tab.screenshot({ path: `${folder}/gallery.png`, clip: { x: 0, y: 0, width: 1180, height: 862 } });
  await browser.close();
  process.stdout.write('docs/images/gallery.png written\n');
} finally {
  gallery.kill();
  await once(gallery, 'exit');
}
