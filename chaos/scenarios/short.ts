import type { FaultKind } from '../faults/fault.js';
import { type RunResult, runChaos } from '../run.js';
import { type StoreName, storeNames } from '../stores/index.js';
import { smallSize } from '../workload/layout.js';
import { findPlantedBugs } from './bugs.js';

interface ShortRun {
  readonly seed: string;
  readonly seconds: number;
  readonly kinds?: readonly FaultKind[];
}

/** Fixed seeds, so that two runs have the same faults. */
const shortRuns: Readonly<Record<StoreName, ShortRun>> = {
  memory: { seed: 'short 1', seconds: 12 },
  lmdb: { seed: 'short 2', seconds: 14 },
  redis: { seed: 'short 3', seconds: 14 },
  'redis-failover': {
    seed: 'short 4',
    seconds: 14,
    kinds: ['fail-over', 'kill-node', 'partition-store', 'cut-clients'],
  },
  nats: { seed: 'short 5', seconds: 14 },
};

/** What `npm test` runs: each store for some seconds, then the planted bugs. Resolves with how many failed. */
export async function shortForm(
  say: (line: string) => void,
  tell: (result: RunResult) => string,
): Promise<{ readonly passed: number; readonly failed: number }> {
  let failed = 0;
  for (const store of storeNames) {
    const { seed, seconds, kinds } = shortRuns[store];
    const result = await runChaos({
      ...{ seed, store, kinds, durationMs: seconds * 1000, nodes: 2, clients: 40, processes: 1, publishers: 4 },
      ...{ rate: 600, unrestPerSecond: 3, faultsPerMinute: 40, size: smallSize, revokes: true },
    });
    const isGood = result.violations.length + result.crashes.length === 0;
    if (!isGood) failed++;
    say(
      isGood ? `${store}: ${result.totals.acked} acked, ${result.faults.length} faults, nothing found` : tell(result),
    );
  }
  const verdicts = await findPlantedBugs('short', say);
  failed += verdicts.filter(({ asExpected }) => !asExpected).length;
  return { passed: storeNames.length + verdicts.length - failed, failed };
}
