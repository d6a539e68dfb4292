// node bench/state/run.mjs [map] [viewport] [presence]: channels with state under load. The server has a core of its own.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { generatorCore } from '../harness/cores.mjs';
import { describeEnvironment } from '../harness/environment.mjs';
import { map, presence, viewport } from './scenarios.mjs';

execFileSync('taskset', ['-acp', String(generatorCore), String(process.pid)], { stdio: 'ignore' });
const only = process.argv.slice(2);
const runs = {
  map: [() => map({ watchers: 100 }), () => map({ watchers: 1000 })],
  viewport: [() => viewport({})],
  presence: [() => presence({})],
};
/** @type {Record<string, unknown[]>} */
const results = {};
for (const [name, cells] of Object.entries(runs)) {
  if (only.length > 0 && !only.includes(name)) continue;
  results[name] = [];
  for (const cell of cells) {
    const row = await cell();
    results[name].push(row);
    console.table([row]);
  }
}
if (only.length === 0) {
  const text = JSON.stringify({ environment: describeEnvironment(), results }, null, 2);
  writeFileSync(new URL('../results/state.json', import.meta.url), `${text}\n`);
}
process.exit(0);
