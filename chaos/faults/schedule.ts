import { Random } from '@longwave/testkit/virtual';
import type { FaultKind, PlannedFault } from './fault.js';

export interface ScheduleOptions {
  readonly seed: string;
  readonly durationMs: number;
  readonly faultsPerMinute: number;
  readonly nodes: number;
  /** Kinds of faults that are possible here. */
  readonly kinds: readonly FaultKind[];
}

/** The last part of each minute is calm: a message that is noticed late then has no excuse. */
const minuteMs = 60_000;
const stormMs = 44_000;
const firstMs = 1500;

interface Recipe {
  readonly weight: number;
  readonly target: (node: number) => string;
  readonly durationMs: readonly [from: number, to: number];
  readonly amount?: readonly [from: number, to: number];
}

const nodeOf = (node: number): string => `node ${node}`;
const clientsOf = (node: number): string => `clients ${node}`;
const storeLinkOf = (node: number): string => `store link ${node}`;
const balancer = (): string => 'balancer';
const store = (): string => 'store';

const recipes: Readonly<Record<FaultKind, Recipe>> = {
  'kill-node': { weight: 6, target: nodeOf, durationMs: [200, 3000] },
  'freeze-node': { weight: 6, target: nodeOf, durationMs: [300, 9000] },
  'clock-jump': { weight: 3, target: nodeOf, durationMs: [2000, 8000], amount: [-3_600_000, 3_600_000] },
  'partition-clients': { weight: 5, target: clientsOf, durationMs: [500, 9000] },
  'one-way': { weight: 3, target: clientsOf, durationMs: [500, 9000] },
  'cut-clients': { weight: 6, target: clientsOf, durationMs: [10, 20] },
  'half-open': { weight: 3, target: clientsOf, durationMs: [8000, 10_000] },
  'slow-clients': { weight: 3, target: clientsOf, durationMs: [1000, 6000], amount: [20, 400] },
  'sliced-clients': { weight: 3, target: clientsOf, durationMs: [500, 2500], amount: [64, 1200] },
  'balancer-restart': { weight: 2, target: balancer, durationMs: [50, 1500] },
  'partition-store': { weight: 6, target: storeLinkOf, durationMs: [500, 9000] },
  'cut-store': { weight: 5, target: storeLinkOf, durationMs: [10, 2000] },
  'slow-store': { weight: 3, target: storeLinkOf, durationMs: [1000, 6000], amount: [5, 150] },
  'sliced-store': { weight: 2, target: storeLinkOf, durationMs: [500, 2500], amount: [64, 1200] },
  'kill-store': { weight: 5, target: store, durationMs: [200, 3000] },
  'freeze-store': { weight: 4, target: store, durationMs: [300, 6000] },
  'fail-over': { weight: 5, target: store, durationMs: [300, 2500] },
  'disk-full': { weight: 4, target: store, durationMs: [500, 4000] },
  'rolling-restart': { weight: 1, target: () => 'all nodes', durationMs: [4000, 8000] },
  'delete-channel': { weight: 3, target: store, durationMs: [10, 20], amount: [0, 1000] },
  'delete-stream': { weight: 3, target: store, durationMs: [10, 20], amount: [0, 8] },
  'purge-stream': { weight: 3, target: store, durationMs: [10, 20], amount: [0, 7] },
  'edit-settings': { weight: 3, target: store, durationMs: [500, 4000], amount: [0, 8] },
  'remove-folder': { weight: 2, target: () => 'all nodes', durationMs: [500, 3000] },
  'restore-backup': { weight: 2, target: () => 'all nodes', durationMs: [1000, 4000] },
  'same-pid': { weight: 2, target: store, durationMs: [500, 2000] },
  'freeze-master': { weight: 3, target: store, durationMs: [4000, 6000], amount: [0, 2] },
  revoke: { weight: 0, target: () => 'rights', durationMs: [10, 20] },
};

/** Plans the faults of a seed: the same seed and options give the same faults, in the order of their beginnings. */
export function planFaults({ seed, durationMs, faultsPerMinute, nodes, kinds }: ScheduleOptions): PlannedFault[] {
  const random = new Random(seed).stream('faults');
  const weights = Object.fromEntries(kinds.map((kind) => [kind, recipes[kind].weight])) as Record<FaultKind, number>;
  const busyUntil = new Map<string, number>();
  const faults: PlannedFault[] = [];
  if (faultsPerMinute <= 0 || kinds.length === 0) return faults;
  // As many as asked for, within the part of a minute that is not calm.
  const meanMs = stormMs / faultsPerMinute;
  let atMs = firstMs;
  for (;;) {
    atMs += random.interval(meanMs);
    const inMinute = atMs % minuteMs;
    if (inMinute > stormMs) atMs += minuteMs - inMinute + firstMs;
    if (atMs > durationMs - firstMs) return faults;
    const stormEnd = atMs - (atMs % minuteMs) + stormMs;
    const free = draw(random, weights, nodes, (target) => !isBusy(busyUntil, target, atMs));
    if (!free) continue;
    const { kind, node, target, lasts, amount } = free;
    const until = Math.min(atMs + lasts, Math.max(stormEnd, atMs + 50), durationMs);
    busyUntil.set(target, until + 200);
    faults.push({ kind, target, node, atMs: Math.round(atMs), durationMs: Math.round(until - atMs), amount });
  }
}

interface Drawn extends Pick<PlannedFault, 'kind' | 'node' | 'target' | 'amount'> {
  readonly lasts: number;
}

/** One whose target has nothing else to suffer just now, if there is one among the first few. */
function draw(
  random: Random,
  weights: Readonly<Record<FaultKind, number>>,
  nodes: number,
  isFree: (target: string) => boolean,
): Drawn | undefined {
  for (let attempt = 0; attempt < 8; attempt++) {
    const kind = random.weighted(weights);
    const { target: targetOf, durationMs, amount: range } = recipes[kind];
    const node = random.below(nodes);
    const target = targetOf(node);
    const [from, to] = durationMs;
    // Most are short.
    const lasts = from + (to - from) * random.next() ** 2;
    const amount = range ? Math.round(random.between(...range)) : random.below(2);
    if (isFree(target)) return { kind, node, target, lasts, amount };
  }
  return undefined;
}

/** Two faults of one target would undo each other; a rolling restart wants all nodes for itself. */
export function sharesTarget(a: string, b: string): boolean {
  const isNode = (name: string): boolean => name.startsWith('node ') || name === 'all nodes';
  return a === b || ((a === 'all nodes' || b === 'all nodes') && isNode(a) && isNode(b));
}

function isBusy(busyUntil: ReadonlyMap<string, number>, target: string, atMs: number): boolean {
  return [...busyUntil].some(([other, until]) => until > atMs && sharesTarget(other, target));
}
