import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findPlantedBugs } from './scenarios/bugs.js';
import { runChaos } from './run.js';
import { toHtml } from './report/html.js';
import { summarise } from './report/summary.js';
import { type StoreName, storeNames } from './stores/index.js';
import { usualSize } from './workload/layout.js';

/** `npm run chaos`: see README.md. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      store: { type: 'string', default: 'memory' },
      nodes: { type: 'string', default: '3' },
      clients: { type: 'string', default: '200' },
      rate: { type: 'string', default: '2200' },
      'faults-per-minute': { type: 'string', default: '12' },
      json: { type: 'string' },
      html: { type: 'string' },
      bugs: { type: 'boolean', default: false },
    },
  });
  if (values.bugs) return bugs(values.seed);
  const store = storeNames.find((name) => name === values.store) satisfies StoreName | undefined;
  if (!store) {
    console.error(`There is no store '${values.store}': it is one of ${storeNames.join(', ')}.`);
    return 2;
  }
  const result = await runChaos({
    seed: values.seed,
    durationMs: Number(values.minutes) * 60_000,
    store,
    nodes: Number(values.nodes),
    clients: Number(values.clients),
    processes: 2,
    publishers: 8,
    rate: Number(values.rate),
    unrestPerSecond: 4,
    faultsPerMinute: Number(values['faults-per-minute']),
    size: usualSize,
    revokes: true,
    onProgress: say,
  });
  say(summarise(result));
  if (values.json) writeFileSync(values.json, JSON.stringify(result, undefined, 1));
  if (values.html) writeFileSync(values.html, toHtml(result));
  return result.violations.length + result.crashes.length === 0 ? 0 : 1;
}

async function bugs(seed: string): Promise<number> {
  const verdicts = await findPlantedBugs(seed, say);
  const failed = verdicts.filter(({ asExpected }) => !asExpected).length;
  say(`${verdicts.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
