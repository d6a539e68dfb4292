import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

/** Opens the browser, and the script that its pages run. */
export async function openChromium() {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { Count, clients } from './clients.mjs';
        const count = (globalThis.count = new Count());
        globalThis.run = (name, port) => clients[name](port, count.take, WebSocket);`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  const script = /** @type {{ text: string }} */ (outputFiles[0]).text;
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    // The page comes from `route`, so Chromium takes it for one of another network than its server's.
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
  return { browser, script };
}

/**
 * The time of the page's main thread for one client. With `profile`, the functions that took the most of it are told.
 * @param {Awaited<ReturnType<typeof openChromium>>} chromiumAndScript
 * @param {import('./sources.mjs').ClientName} name @param {number} port @param {{ warmUp: number, seconds: number, profile: boolean }} options
 */
export async function measureInChromium({ browser, script }, name, port, { warmUp, seconds, profile }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const origin = `http://127.0.0.1:${port}`;
  // A page of the server's own origin, which every server lets in.
  await page.route(`${origin}/page`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<script>${script}</script>` }),
  );
  await page.goto(`${origin}/page`);
  await page.evaluate(`run(${JSON.stringify(name)}, ${port})`);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await sleep(warmUp * 1000);
  if (profile) {
    await devtools.send('Profiler.enable');
    await devtools.send('Profiler.start');
  }
  const read = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const valueOf = (/** @type {string} */ name) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return {
      task: valueOf('TaskDuration'),
      script: valueOf('ScriptDuration'),
      messages: Number(await page.evaluate('count.messages')),
    };
  };
  const before = await read();
  await sleep(seconds * 1000);
  const after = await read();
  const faults = Number(await page.evaluate('count.faults'));
  if (profile) printTop((await devtools.send('Profiler.stop')).profile);
  await context.close();
  const messages = after.messages - before.messages;
  const perMessage = (/** @type {number} */ seconds) => (seconds * 1e6) / messages;
  return {
    messages,
    faults,
    us: perMessage(after.task - before.task),
    scriptUs: perMessage(after.script - before.script),
  };
}

/** @param {{ nodes: readonly { id: number, callFrame: { functionName: string } }[], samples?: readonly number[], timeDeltas?: readonly number[] }} profile */
function printTop({ nodes, samples = [], timeDeltas = [] }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']));
  /** @type {Map<string, number>} */
  const self = new Map();
  for (const [i, id] of samples.entries()) {
    const functionName = names.get(id) ?? '?';
    self.set(functionName, (self.get(functionName) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  }
  const rows = [...self].toSorted(([, a], [, b]) => b - a).slice(0, 25);
  console.table(rows.map(([functionName, ms]) => ({ functionName, ms: Math.round(ms) })));
}
