// node examples/embed-next/run.mjs: installs this application beside packed packages, in a folder of its own, and goes through Next with every
// transport and with Chromium: development, production, and a server beside. It installs 350 MB, so no other test runs it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from 'longwave/client';
import { chromium } from 'playwright-core';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = path.join(here, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'embed-next-'));
const npm = (cwd, ...args) =>
  execFileSync('npm', [...args, '--silent'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

cpSync(here, folder, { recursive: true, filter: (file) => !file.includes('node_modules') });
const packages = ['protocol', 'websocket', 'core', 'client', 'react', 'node', 'longwave'];
npm(root, 'pack', '--pack-destination', folder, ...packages.flatMap((name) => ['-w', `packages/${name}`]));
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
  const name = file.replace(/-[\d.]+\.tgz$/, '').replace(/^longwave-/, '@longwave/');
  manifest.dependencies[name] = `file:${file}`;
}
writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
npm(folder, 'install', '--ignore-scripts', '--no-audit', '--no-fund');

/** Runs a program until `use` is done with it; `use` is called when it prints `text`. */
async function during(args, env, text, use) {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    await new Promise((resolve, reject) => {
      lines.on('line', (line) => line.includes(text) && resolve());
      void ended.then(() => reject(new Error(`${args.join(' ')} ended`)));
    });
    await use();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** The page shows the news, and each transport carries them there and back. */
async function check(url, expected) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000); // Next compiles a page when it is first asked for
    await page.goto(url);
    await page.getByText(expected).first().waitFor();
    for (const transport of ['websocket', 'stream', 'poll']) {
      const client = connect(url, { transport });
      const news = client.channel('news').subscribe();
      await news.ready;
      await client.channel('news').publish({ text: `over ${transport}` });
      for await (const { data } of news) {
        if (data.text === `over ${transport}`) break;
      }
      client.close();
      await page.getByText(`over ${transport}`).first().waitFor();
    }
    console.log('ok', url, expected);
  } finally {
    await browser.close();
  }
}

const next = 'node_modules/next/dist/bin/next';
const [own, beside, server] = [3311, 3312, 3313];
await during(['server.js'], { PORT: own }, 'http://', () => check(`http://localhost:${own}`, 'from next'));
execFileSync(process.execPath, [next, 'build'], { cwd: folder, stdio: 'inherit' });
await during(['server.js'], { PORT: own, NODE_ENV: 'production' }, 'http://', () =>
  check(`http://localhost:${own}`, 'from next'),
);
const env = { BESIDE: '1', SERVER: `http://127.0.0.1:${server}` };
execFileSync(process.execPath, [next, 'build'], { cwd: folder, stdio: 'inherit', env: { ...process.env, ...env } });
await during(['beside.js'], { PORT: server, PAGE: `http://localhost:${beside}` }, 'A server', () =>
  during([next, 'start', '-p', beside], env, 'Ready', () => check(`http://localhost:${beside}`, 'from beside')),
);
rmSync(folder, { recursive: true, force: true });
