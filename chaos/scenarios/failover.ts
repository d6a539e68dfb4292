import type { PlannedFault } from '../faults/fault.js';
import { type RunResult, runChaos } from '../run.js';
import { Random } from '@longwave/testkit/virtual';
import { usualSize } from '../workload/layout.js';

export interface FailoverOptions {
  readonly seed: string;
  readonly times: number;
  readonly clients: number;
  readonly rate: number;
  readonly say: (line: string) => void;
}

const everyMs = 4000;

/** Failovers of Redis to a replica that has heard nothing for a while: who lost something is told, and nobody else. */
export function failOverOften({ seed, times, clients, rate, say }: FailoverOptions): Promise<RunResult> {
  const random = new Random(seed).stream('failovers');
  const planned = Array.from({ length: times }, (_, i): PlannedFault => ({
    ...{ kind: 'fail-over', target: 'store', node: 0, amount: 0, atMs: 2000 + i * everyMs },
    // Now and then the replica has everything.
    durationMs: random.chance(0.2) ? 0 : Math.round(random.between(50, 1500)),
  }));
  return runChaos({
    ...{ seed, planned, clients, rate, durationMs: 2000 + times * everyMs, store: 'redis-failover', nodes: 3 },
    ...{ processes: 2, publishers: 6, unrestPerSecond: 2, faultsPerMinute: 0, size: usualSize, revokes: false },
    onProgress: say,
  });
}
