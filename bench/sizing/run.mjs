// node bench/sizing/run.mjs [--small] [idle] [connects] [fanOut] [channels] [store] [heartbeat]: what a connection, a delivery and
// a channel cost, for docs/scaling.md. The server has a core of its own. A whole run writes bench/results/sizing.json.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { generatorCore } from '../harness/cores.mjs';
import { describeEnvironment } from '../harness/environment.mjs';
import { channels, connects, fanOut, heartbeat, idle } from './scenarios.mjs';
import { store } from './store.mjs';

execFileSync('taskset', ['-acp', String(generatorCore), String(process.pid)], { stdio: 'ignore' });
const args = process.argv.slice(2);
const isSmall = args.includes('--small');
const only = args.filter((arg) => !arg.startsWith('--'));

/** A file for each connection in each of two processes, and some to spare. */
const mostFiles = Number(/Max open files +\d+ +(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]) - 500;
const most = Math.min(isSmall ? 4000 : 50_000, mostFiles);
const stages = [0.1, 0.5, 1].map((part) => Math.floor(most * part));
const tlsStages = stages.map((stage) => Math.floor(stage / 4));
const seconds = isSmall ? 3 : 15;
const repetitions = isSmall ? 1 : 3;

const batches = [
  { subscribers: 1000, batch: 1, perSecond: 50 },
  { subscribers: 1000, batch: 10, perSecond: 50 },
  { subscribers: 1000, batch: 100, perSecond: 20 },
  { subscribers: 10_000, batch: 1, perSecond: 5 },
  { subscribers: 10_000, batch: 10, perSecond: 5 },
].filter(({ subscribers }) => subscribers <= most);

/** @type {Record<string, (() => Promise<Record<string, unknown>>)[]>} */
const runs = {
  idle: [() => idle({ tls: false, stages }), () => idle({ tls: true, stages: tlsStages })],
  connects: [
    () => connects({ tls: false, resume: false, count: isSmall ? 1000 : 10_000 }),
    () => connects({ tls: true, resume: false, count: isSmall ? 500 : 5000 }),
    () => connects({ tls: true, resume: true, count: isSmall ? 500 : 5000 }),
  ],
  fanOut: batches.map((cell) => () => fanOut({ ...cell, seconds })),
  channels: [
    () => channels({ connections: isSmall ? 50 : 200, each: 100, messages: 0 }),
    () => channels({ connections: isSmall ? 50 : 200, each: 100, messages: 10 }),
  ],
  store: [() => store({ seconds: isSmall ? 3 : 15, perSecond: 200 })],
  heartbeat: [() => heartbeat({ connections: most, seconds: isSmall ? 10 : 60 })],
};
const unknown = only.filter((name) => !Object.hasOwn(runs, name));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(runs).join(', ')}.`);

/** Of equal cells that were measured in turn: the median of each figure. @param {Record<string, unknown>[]} rows */
function middle(rows) {
  return Object.fromEntries(
    Object.entries(rows[0] ?? {}).map(([name, value]) => {
      if (typeof value === 'boolean') return [name, name === 'all equal' ? rows.every((row) => row[name]) : value];
      const values = rows.map((row) => Number(row[name])).toSorted((a, b) => a - b);
      return [name, values[Math.floor(values.length / 2)]];
    }),
  );
}

/** @type {Record<string, Record<string, unknown>[]>} */
const results = {};
for (const [name, cells] of Object.entries(runs)) {
  if (only.length > 0 && !only.includes(name)) continue;
  /** @type {Record<string, unknown>[][]} */
  const rows = cells.map(() => []);
  for (let i = 0; i < repetitions; i++) for (const [j, cell] of cells.entries()) rows[j]?.push(await cell());
  results[name] = rows.map(middle);
  process.stdout.write(`\n${name}\n`);
  console.table(results[name]);
}
if (only.length === 0 && !isSmall) {
  const text = JSON.stringify({ environment: describeEnvironment(), repetitions, results }, null, 2);
  writeFileSync(new URL('../results/sizing.json', import.meta.url), `${text}\n`);
}
