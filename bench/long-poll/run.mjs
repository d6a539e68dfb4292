// node bench/long-poll/run.mjs [--repetitions N] [--clients N] [--cells 1,5,idle] [--seconds N] [--dry]: long polling against Engine.IO's, in one run.
// LONGWAVE_BENCH_BASE names another checkout of Longwave, built, that takes part as `base`. --dry writes no results.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generatorCore } from '../harness/cores.mjs';
import { describeEnvironment } from '../harness/environment.mjs';
import { installPeers } from '../harness/install.mjs';
import { median } from '../harness/statistics.mjs';
import { pollingPeers } from './clients.mjs';
import { measure } from './measure.mjs';

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '3' },
    clients: { type: 'string', default: '500' },
    cells: { type: 'string', default: '1,5,idle' },
    seconds: { type: 'string', default: '8' },
    dry: { type: 'boolean', default: false },
  },
});
const clients = Number(values.clients);
const seconds = Number(values.seconds);
const repetitions = Number(values.repetitions);
installPeers();
execFileSync('taskset', ['-acp', String(generatorCore), String(process.pid)], { stdio: 'ignore' });

const allCells = [
  { label: '1 msg/s', clients, rate: 1, seconds },
  { label: '5 msg/s', clients, rate: 5, seconds },
  // As long as both hold a poll, and a little more.
  { label: 'idle', clients: 100, rate: 0, seconds: 52 },
];
const cells = allCells.filter(({ label }) =>
  values.cells.split(',').includes(/** @type {string} */ (label.split(' ')[0])),
);
const names = Object.keys(pollingPeers);
const rows = [];
for (const cell of cells) {
  /** @type {Record<string, Awaited<ReturnType<typeof measure>>[]>} */
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let i = 0; i < (cell.rate === 0 ? 1 : repetitions); i++) {
    // A B, B A, A B: what changes with time hits both alike.
    for (const name of i % 2 === 0 ? names : names.toReversed()) {
      process.stderr.write(`  ${cell.label} ${i + 1}: ${name}\n`);
      runs[name]?.push(await measure(name, cell));
    }
  }
  for (const name of names) {
    const all = runs[name] ?? [];
    const figures = Object.fromEntries(
      Object.keys(all[0] ?? {}).map((key) => [
        key,
        Number(median(all.map((run) => /** @type {Record<string, number>} */ (run)[key] ?? NaN)).toPrecision(4)),
      ]),
    );
    // One for each repetition: their spread tells the noise.
    const toEngineIo = all.map((run, i) =>
      Number((run.cpuUsPerClientMinute / (runs['engine.io']?.[i]?.cpuUsPerClientMinute ?? NaN)).toFixed(2)),
    );
    rows.push({ cell: cell.label, clients: cell.clients, peer: name, figures, toEngineIo });
  }
}
console.table(rows.map(({ cell, peer, figures }) => ({ cell, peer, ...figures })));
console.table(rows.map(({ cell, peer, toEngineIo }) => ({ cell, peer, toEngineIo: toEngineIo.join(' ') })));
if (!values.dry)
  writeFileSync(
    new URL('../results/long-poll.json', import.meta.url),
    `${JSON.stringify({ environment: describeEnvironment(), repetitions, rows }, null, 2)}\n`,
  );
