import type { OperatorAct, PlannedFault } from '../faults/fault.js';
import { type RunResult, runChaos } from '../run.js';
import { type StoreName, storeNames } from '../stores/index.js';
import { smallSize } from '../workload/layout.js';
import { writeUnderFaults } from './documents.js';
import { inParallel } from './in-parallel.js';
import { findPlantedBugs } from './bugs.js';

/** Fixed, so that all runs have the same faults. */
const seeds: Readonly<Record<StoreName, string>> = {
  memory: 'short 1',
  lmdb: 'short 2',
  redis: 'short 3',
  'redis-failover': 'short 4',
  nats: 'short 5',
  'redis-cluster': 'short 6',
};

const durationMs = 10_000;

/** In place of what the seed brings: one failover, with some faults around it. */
const aroundFailover: readonly PlannedFault[] = [
  { kind: 'cut-clients', target: 'clients 0', node: 0, amount: 0, atMs: 2000, durationMs: 20 },
  { kind: 'fail-over', target: 'store', node: 0, amount: 0, atMs: 3000, durationMs: 800 },
  { kind: 'kill-node', target: 'node 1', node: 1, amount: 0, atMs: 6000, durationMs: 500 },
  { kind: 'partition-store', target: 'store link 0', node: 0, amount: 0, atMs: 8000, durationMs: 1500 },
];

const act = (kind: OperatorAct, atMs: number, amount = 0, durationMs = 500): PlannedFault => ({
  ...{ kind, node: 0, amount, atMs, durationMs },
  target: kind === 'remove-folder' || kind === 'restore-backup' ? 'all nodes' : 'store',
});

/** Acts of operators, in runs of their own: their effects must not excuse those of faults. */
const byHand: readonly { readonly store: StoreName; readonly planned: readonly PlannedFault[] }[] = [
  {
    store: 'lmdb',
    planned: [act('same-pid', 1500), act('restore-backup', 4000), act('remove-folder', 6500, 0, 3000)],
  },
  {
    store: 'redis',
    planned: [
      act('edit-settings', 1500),
      act('delete-channel', 3500, 3),
      act('edit-settings', 5000, 1),
      act('delete-channel', 7000, 5),
    ],
  },
  { store: 'redis-cluster', planned: [act('freeze-master', 2000, 1, 5000)] },
  {
    store: 'nats',
    planned: [
      ...[act('edit-settings', 1500, 2, 1500), act('purge-stream', 4000, 1), act('delete-stream', 6000, 3)],
      act('delete-stream', 8000, 8),
    ],
  },
];

/**
 * The short form that `npm test` runs: each store for some seconds, then the planted bugs. Resolves with how many
 * failed.
 */
export async function shortForm(
  say: (line: string) => void,
  tell: (result: RunResult) => string,
): Promise<{ readonly passed: number; readonly failed: number }> {
  let failed = 0;
  // Faults that only a Cluster has are caused by hand.
  const alone = storeNames.filter((store) => store !== 'redis-cluster');
  const runs = [...alone.map((store) => ({ store, planned: undefined })), ...byHand];
  await inParallel(runs, 2, async ({ store, planned }) => {
    const result = await runChaos({
      ...{ seed: seeds[store], store, durationMs, nodes: 2, clients: 40, processes: 1, publishers: 4 },
      planned: planned ?? (store === 'redis-failover' ? aroundFailover : undefined),
      ...{ rate: 600, unrestPerSecond: 3, faultsPerMinute: 40, size: smallSize, revokes: true },
    });
    const isGood = result.violations.length + result.crashes.length === 0;
    if (!isGood) failed++;
    say(
      isGood
        ? `${store}${planned ? ', by hand' : ''}: ${result.totals.acked} acked, ${result.faults.length} faults, nothing found`
        : tell(result),
    );
  });
  const written = ['lmdb', 'redis'] as const;
  await inParallel(written, 2, async (store) => {
    const isGood = await writeUnderFaults({ seed: 'short', store, nodes: 2, times: 6, writers: 6, say });
    if (!isGood) failed++;
  });
  const verdicts = await findPlantedBugs('short', say);
  failed += verdicts.filter(({ asExpected }) => !asExpected).length;
  return { passed: runs.length + written.length + verdicts.length - failed, failed };
}
