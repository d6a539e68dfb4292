import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { type Options, readOptions, usage } from './options.js';
import { toHtml } from './report/html.js';
import { summarise } from './report/summary.js';
import { type RunResult, runChaos } from './run.js';
import { findPlantedBugs } from './scenarios/bugs.js';
import { writeUnderFaults } from './scenarios/documents.js';
import { failOverOften } from './scenarios/failover.js';
import { killNode } from './scenarios/kill-node.js';
import { rolling } from './scenarios/rolling.js';
import { shortForm } from './scenarios/short.js';
import { usualSize } from './workload/layout.js';

/** `npm run chaos`: see README.md. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  // Child processes end with this process, which it only does where the process ends by itself.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return (await perform(options)) ? 0 : 1;
}

async function perform(options: Options): Promise<boolean> {
  const { what, seed, nodes, tickMs, times, store } = options;
  switch (what) {
    case 'run':
      return finish(options, await run(options));
    case 'bugs': {
      const verdicts = await findPlantedBugs(seed, say);
      return count(verdicts.length, verdicts.filter(({ asExpected }) => !asExpected).length);
    }
    case 'short': {
      const { passed, failed } = await shortForm(say, summarise);
      return count(passed + failed, failed);
    }
    case 'kill-node':
      return killNode({
        store: store ?? 'redis',
        nodes,
        clients: options.clients ?? 5000,
        tickMs: tickMs ?? 1000,
        say,
      });
    case 'rolling':
      return rolling({ store: store ?? 'redis', nodes, clients: options.clients ?? 500, tickMs: tickMs ?? 50, say });
    case 'documents':
      return writeUnderFaults({ seed, store: store ?? 'lmdb', nodes, times, writers: options.clients ?? 12, say });
    case 'failover': {
      const { clients = 120, rate = 600 } = options;
      return finish(options, await failOverOften({ seed, times, clients, rate, say }));
    }
  }
}

function run({
  seed,
  minutes,
  store = 'memory',
  nodes,
  clients = 200,
  rate = 2200,
  faultsPerMinute,
  operator,
}: Options) {
  return runChaos({
    ...{ seed, store, nodes, clients, rate, faultsPerMinute, operator, durationMs: minutes * 60_000 },
    ...{ processes: 2, publishers: 8, unrestPerSecond: 4, size: usualSize, revokes: true, onProgress: say },
  });
}

function finish({ html, json }: Options, result: RunResult): boolean {
  say(summarise(result));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 1)}\n`);
  if (html !== undefined) writeFileSync(html, toHtml(result));
  return result.violations.length + result.crashes.length === 0;
}

/** The closing line that `npm test` counts by. */
function count(total: number, failed: number): boolean {
  say(`${total - failed} passed, ${failed} failed`);
  return failed === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
