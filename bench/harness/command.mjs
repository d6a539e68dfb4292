import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeEnvironment } from './environment.mjs';
import { listPeers } from './peers.mjs';
import { runBenchmark } from './run-benchmark.mjs';
import { formatTable } from './table.mjs';
import { benchmarks } from '../scenarios/index.mjs';

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'string' },
    repetitions: { type: 'string' },
    out: { type: 'string' },
  },
});
const form = options.full ? 'full' : 'short';
const repetitions = Number(options.repetitions ?? (options.full ? 5 : 3));
const out = options.out ?? fileURLToPath(new URL(`../results/${form}.json`, import.meta.url));

/**
 * @template {{ name: string }} T
 * @param {T[]} all
 * @param {string | undefined} names
 */
function choose(all, names) {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`"${name}" is none of: ${all.map((one) => one.name).join(', ')}`);
    return found;
  });
}

const peers = choose(listPeers(), options.peers);
const environment = describeEnvironment();
const started = performance.now();
console.log(`# Longwave benchmark, ${form} form\n`);
for (const [name, value] of Object.entries(environment))
  console.log(`- ${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
for (const { name, setting } of peers) console.log(`- ${name}: ${setting}`);
console.log(`- medians of interleaved repetitions; server alone on one core, generator on another\n`);

const rows = [];
for (const benchmark of choose(benchmarks, options.only)) {
  const progress = (/** @type {string} */ text) => process.stderr.write(`  ${text}\n`);
  const times = benchmark.onceInShort && !options.full && !options.repetitions ? 1 : repetitions;
  const found = await runBenchmark(benchmark, peers, { full: options.full, repetitions: times, progress });
  rows.push(...found);
  if (found.length) console.log(formatTable(benchmark, found));
}

const seconds = Math.round((performance.now() - started) / 1000);
mkdirSync(dirname(out), { recursive: true });
const head = {
  form,
  seconds,
  repetitions,
  environment,
  settings: Object.fromEntries(peers.map(({ name, setting }) => [name, setting])),
};
const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
writeFileSync(out, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [\n${lines}\n  ]\n}\n`);
console.log(`${seconds} s`);
