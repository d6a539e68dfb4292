// node bench/client-cost/run.mjs [--repetitions N] [--rate N] [--seconds N] [--warm-up N] [--only a,b] [--chromium] [--profile]: what a client
// pays for each of many small messages, beside a WebSocket with JSON.parse and a callback, and beside socket.io-client, in one run.
// --profile leaves a profile of each client in Node in the folder `profiles` here, and prints the functions of a page in Chromium.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startServer } from '../harness/server-process.mjs';
import { installPeers } from '../harness/install.mjs';
import { median } from '../harness/statistics.mjs';
import { measureInChromium, openChromium } from './chromium-client.mjs';
import { sourceOf } from './sources.mjs';

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '3' },
    rate: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '5' },
    'warm-up': { type: 'string', default: '4' },
    only: { type: 'string', default: Object.keys(sourceOf).join() },
    chromium: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
installPeers();
const names = /** @type {import('./sources.mjs').ClientName[]} */ (values.only.split(','));
const options = { warmUp: Number(values['warm-up']), seconds: Number(values.seconds), profile: values.profile };
const pathOf = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const run = promisify(execFile);

/** @param {import('./sources.mjs').ClientName} name @param {number} port @returns {Promise<{ messages: number, faults: number, us: number, scriptUs?: number }>} */
async function measureInNode(name, port) {
  const profiling = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${pathOf('profiles')}`] : [];
  const { stdout } = await run(process.execPath, [
    ...profiling,
    ...[pathOf('node-client.mjs'), name, String(port), values['warm-up'], values.seconds],
  ]);
  return JSON.parse(stdout);
}

const chromium = values.chromium ? await openChromium() : undefined;
/** @type {Map<string, { us: number, messages: number, faults: number, scriptUs?: number }[]>} */
const runs = new Map(names.map((name) => [name, []]));
for (let i = 0; i < Number(values.repetitions); i++) {
  // A B, B A, A B: what changes with time hits all alike.
  for (const name of i % 2 === 0 ? names : names.toReversed()) {
    process.stderr.write(`  ${i + 1}: ${name}\n`);
    const source = await startServer([process.execPath, pathOf('source.mjs'), sourceOf[name], values.rate]);
    try {
      const measured = chromium
        ? await measureInChromium(chromium, name, source.port, options)
        : await measureInNode(name, source.port);
      runs.get(name)?.push(measured);
    } finally {
      await source.stop();
    }
  }
}
await chromium?.browser.close();

/** Microseconds of a client to those of the other, in each repetition. @param {string} name @param {string} other */
const ratios = (name, other) =>
  (runs.get(name) ?? []).map(({ us }, i) => (us / (runs.get(other)?.[i]?.us ?? NaN)).toFixed(2)).join(' ');
console.table(
  names.map((name) => {
    const all = runs.get(name) ?? [];
    return {
      client: name,
      'µs a message': median(all.map(({ us }) => us)).toFixed(2),
      // A page has this figure beside the other: the browser's own work is not in it.
      ...(chromium && { 'µs of script': median(all.map(({ scriptUs = NaN }) => scriptUs)).toFixed(2) }),
      'messages/s': Math.round(median(all.map(({ messages }) => messages)) / options.seconds),
      faults: all.reduce((sum, { faults }) => sum + faults, 0),
      'to bare': ratios(name, 'bare'),
      'to bare-batched': ratios(name, 'bare-batched'),
      'to socket.io': ratios(name, 'socket.io'),
    };
  }),
);
