import type { FaultKind, PlannedFault } from '../faults/fault.js';
import { type PlantedBug, plantedBugs } from '../plants/bugs.js';
import { type RunOptions, type RunResult, runChaos } from '../run.js';
import type { StoreName } from '../stores/index.js';
import { smallSize } from '../workload/layout.js';
import { inParallel } from './in-parallel.js';

export interface BugVerdict {
  readonly bug: PlantedBug;
  readonly result: RunResult;
  /** It was found as what it is; or, where it must be absorbed, nothing was found. */
  readonly asExpected: boolean;
}

const provocations: Readonly<
  Record<
    PlantedBug['provokedBy'],
    Pick<RunOptions, 'faultsPerMinute' | 'revokes' | 'durationMs' | 'planned'> & {
      readonly kinds: FaultKind[];
      /** Default: `memory`. */
      readonly store?: StoreName;
    }
  >
> = {
  nothing: { kinds: [], faultsPerMinute: 0, revokes: false, durationMs: 4000 },
  silence: { kinds: [], faultsPerMinute: 0, revokes: false, durationMs: 7000 },
  cuts: { kinds: ['cut-clients'], faultsPerMinute: 60, revokes: false, durationMs: 5000 },
  kills: { kinds: ['kill-node'], faultsPerMinute: 25, revokes: false, durationMs: 6000 },
  removal: byHand('lmdb', { kind: 'remove-folder', target: 'all nodes', durationMs: 3000 }),
  deletion: byHand('redis', { kind: 'delete-channel', target: 'store', durationMs: 20 }),
  revocation: { kinds: [], faultsPerMinute: 0, revokes: true, durationMs: 5000 },
};

function byHand(store: StoreName, fault: Pick<PlannedFault, 'kind' | 'target' | 'durationMs'>) {
  const planned = [{ ...fault, node: 0, amount: 0, atMs: 2000 }];
  return { store, planned, kinds: [], faultsPerMinute: 0, revokes: false, durationMs: 6000 };
}

/** Plants each bug in a short run of its own, and sees whether the checker finds it. */
export async function findPlantedBugs(seed: string, onVerdict: (line: string) => void): Promise<BugVerdict[]> {
  return inParallel(plantedBugs, 3, async (bug) => {
    const result = await runChaos({
      store: 'memory',
      ...provocations[bug.provokedBy],
      ...{ seed: `${seed} ${bug.name}`, nodes: 1, bug: bug.name },
      ...{ clients: 24, processes: 1, publishers: 3, rate: 1200, unrestPerSecond: 2, size: smallSize },
      ...{ patienceMs: 1500, atLeast: { acked: 4000, delivered: 15_000 } },
    });
    const found = Object.keys(result.violationCounts);
    const asExpected =
      result.crashes.length === 0 &&
      (bug.caughtBy ? bug.caughtBy.some((kind) => found.includes(kind)) : found.length === 0);
    onVerdict(describe({ bug, result, asExpected }));
    return { bug, result, asExpected };
  });
}

function describe({ bug, result, asExpected }: BugVerdict): string {
  const found = Object.entries(result.violationCounts).map(([kind, count]) => `${kind} ${count}`);
  const expected = bug.caughtBy?.join(' or ') ?? 'nothing';
  const verdict = asExpected ? (bug.caughtBy ? 'caught  ' : 'absorbed') : 'MISSED  ';
  return `${verdict} ${bug.name.padEnd(24)} expected ${expected}, found ${found.join(', ') || 'nothing'}${result.crashes.map((crash) => `; CRASH ${crash}`).join('')}`;
}
