import type { Bounds } from '@longwave/core';
import type { Durability } from '@longwave/protocol';
import { ChannelBook } from './checker/channel-book.js';
import { type Tally, emptyTally, judge } from './checker/judge.js';
import { type Violation, type ViolationKind, Violations } from './checker/violations.js';
import { ClientHost } from './cluster/client-host.js';
import { listenForLogs } from './cluster/listen-for-logs.js';
import { pause } from './cluster/pause.js';
import { World } from './cluster/world.js';
import {
  type ActOutcome,
  type FaultKind,
  type InflictedFault,
  type PlannedFault,
  isOperatorAct,
  operatorActs,
} from './faults/fault.js';
import { excusesOf, requireSilence } from './faults/acts.js';
import { planFaults, sharesTarget } from './faults/schedule.js';
import type { BugName } from './plants/bugs.js';
import { type ClientsConfig, type EndState, type Written, sharedNow } from './processes/messages.js';
import { type QuietResult, type Second, Timeline } from './report/timeline.js';
import { type StoreName, stores } from './stores/index.js';
import type { StoreService } from './stores/store-service.js';
import { retainCount } from './workload/contract.js';
import { Layout, type Size, guestOf } from './workload/layout.js';

export interface RunOptions {
  readonly seed: string;
  readonly durationMs: number;
  readonly store: StoreName;
  readonly nodes: number;
  /** Subscribing clients, over all processes. */
  readonly clients: number;
  readonly processes: number;
  readonly publishers: number;
  /** Messages a second, over all processes. */
  readonly rate: number;
  readonly unrestPerSecond: number;
  readonly faultsPerMinute: number;
  readonly size: Size;
  /** Default: all that this store and this number of nodes can suffer. */
  readonly kinds?: readonly FaultKind[] | undefined;
  /** In place of what the seed would bring. */
  readonly planned?: readonly PlannedFault[] | undefined;
  readonly bug?: BugName | undefined;
  /** Operators lay hands on the store, too: then logs may begin anew, or lose their end, and everybody has to be told. */
  readonly operator?: boolean | undefined;
  /** Withdraw the rights of each guest in the course of the run. */
  readonly revokes: boolean;
  /** It goes on until so many were acknowledged and delivered, for another 30 s at most. */
  readonly atLeast?: { readonly acked: number; readonly delivered: number } | undefined;
  /** Default: 30 s. */
  readonly patienceMs?: number | undefined;
  readonly onProgress?: (line: string) => void;
}

interface Percentiles {
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

export interface RunResult {
  readonly seed: string;
  readonly store: string;
  readonly nodes: number;
  readonly clients: number;
  readonly subscriptions: number;
  readonly bug: BugName | undefined;
  readonly durationMs: number;
  readonly startedAt: number;
  /** Where the seconds of `seconds` are counted from. */
  readonly timelineFrom: number;
  readonly totals: Timeline['totals'];
  readonly tally: Tally;
  readonly faults: readonly InflictedFault[];
  readonly faultCounts: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly diagnostics: Readonly<Record<string, number>>;
  readonly quiet: QuietResult;
  /** From a publish until it was delivered. */
  readonly latencyMs: Percentiles;
  /** From a publish until its ack. */
  readonly ackMs: Percentiles;
  readonly violations: readonly Violation[];
  readonly violationCounts: Readonly<Partial<Record<ViolationKind, number>>>;
  /** Failures of the harness or of a process, beyond the inflicted ones. */
  readonly crashes: readonly string[];
  readonly seconds: readonly Second[];
}

/** After the last fault: the links are whole, and what stood still has to notice. */
const afterFaultsMs = 2000;

/** Kinds of faults that can be inflicted here. */
function kindsFor(service: StoreService, nodes: number, operator: boolean): FaultKind[] {
  const { kill, freeze, failOver, fillDisk, acts = {} } = service.faults;
  return [
    ...(['kill-node', 'freeze-node', 'clock-jump', 'partition-clients', 'one-way', 'cut-clients'] as const),
    ...(['half-open', 'slow-clients', 'sliced-clients', 'balancer-restart'] as const),
    ...(nodes > 1 ? (['rolling-restart'] as const) : []),
    ...(service.port === undefined ? [] : (['partition-store', 'cut-store', 'slow-store', 'sliced-store'] as const)),
    ...(kill ? (['kill-store'] as const) : []),
    ...(freeze ? (['freeze-store'] as const) : []),
    ...(failOver ? (['fail-over'] as const) : []),
    ...(fillDisk ? (['disk-full'] as const) : []),
    ...(operator ? operatorActs.filter((act) => acts[act]) : []),
  ];
}

/** One run: starts everything, torments it, and judges what came of it. Rejects only when it could not be started. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { store, onProgress = () => undefined } = options;
  const crashes: string[] = [];
  const onCrash = (what: string): void => void crashes.push(what);
  const service = await stores[store]();
  const nodes = Math.min(options.nodes, service.maxNodes);
  const layout = new Layout(options.size);
  const violations = new Violations(sharedNow);
  const books = new Map(layout.logs.map((channel) => [channel, new ChannelBook(channel, violations)]));
  const timeline = new Timeline(sharedNow());
  const world = await World.start({
    service,
    nodes,
    bug: options.bug,
    node: { heartbeatMs: 2000, drainMs: 1500 },
    events: { onCrash, onLag: (lagMs) => timeline.onNodeLag(sharedNow(), lagMs) },
  });
  const hosts: ClientHost[] = [];
  try {
    for (let index = 0; index < options.processes; index++) {
      hosts.push(
        new ClientHost(clientsConfig(options, world.url, index, service.levels), {
          onInterval: (interval) => timeline.onInterval(interval),
          onQuiet: (sightings) => timeline.onQuiet(sightings),
          onChannel: (dump) => books.get(dump.channel)!.absorb(dump),
          onCrash,
        }),
      );
    }
    const ready = await Promise.all(hosts.map((host) => host.ready()));
    const subscriptions = ready.reduce((sum, each) => sum + each.subscriptions, 0);
    onProgress(`${subscriptions} subscriptions stand`);
    for (const host of hosts) host.start();
    const startedAt = sharedNow();
    const kinds = options.kinds ?? kindsFor(service, nodes, options.operator === true);
    const planned = options.planned ?? planFaults({ ...options, nodes, kinds });
    const acts = new Map<InflictedFault, ActOutcome>();
    const isByHand = planned.some(({ kind }) => isOperatorAct(kind));
    const stopListening = isByHand ? listenForLogs(world.nodes, books) : () => undefined;
    await torment({ options, world, hosts, planned, timeline, acts, layout, onCrash, onProgress });
    world.heal();
    if (planned.length > 0) await pause(afterFaultsMs);
    const stopped = await Promise.all(hosts.map((host) => host.stop()));
    const logs = await world.bounds(layout.logs).catch((error: unknown) => {
      crashes.push(String(error));
      return new Map<string, Bounds>();
    });
    stopListening();
    const end: EndState = { logs, written: stopped.flatMap(({ written }) => written), members: membersOf(stopped) };
    await Promise.all(hosts.map((host) => host.settle(end)));
    await Promise.all(hosts.map((host) => host.dump()));
    for (const host of hosts) violations.absorb(host.violations.counts, host.violations.kept);
    const tally = emptyTally();
    const rules = { ...service.rules, excuses: excusesOf(timeline.faults, acts, timeline.strains), retainCount };
    for (const { silence } of acts.values()) if (silence) requireSilence(timeline, silence, violations);
    for (const [channel, final] of logs) judge(books.get(channel)!, final, rules, violations, tally);
    crashes.push(...(await world.findDamage()));
    const quiet = timeline.quiet(startedAt + 2000);
    for (const { where, publishedAt, seenAt } of quiet.late) {
      const message = `noticed after ${Math.round(seenAt - publishedAt)} ms, with nothing wrong anywhere`;
      violations.add({ kind: 'late', where, message, at: seenAt });
    }
    return {
      ...{ seed: options.seed, store, nodes, clients: options.clients, subscriptions, bug: options.bug },
      ...{
        durationMs: options.durationMs,
        startedAt,
        timelineFrom: timeline.startedAt,
        totals: timeline.totals,
        tally,
        faults: timeline.faults,
      },
      faultCounts: countBy(timeline.faults.map(({ kind }) => kind)),
      ...{ rejected: timeline.rejected, diagnostics: timeline.diagnostics, quiet, crashes },
      latencyMs: { p50: timeline.latency('delivery', 0.5), p99: timeline.latency('delivery', 0.99) },
      ackMs: { p50: timeline.latency('ack', 0.5), p99: timeline.latency('ack', 0.99) },
      violations: violations.kept,
      violationCounts: Object.fromEntries(violations.counts),
      seconds: timeline.seconds(),
    };
  } finally {
    await Promise.all(hosts.map((host) => host.end()));
    await world.stop();
  }
}

interface Torment {
  readonly options: RunOptions;
  readonly world: World;
  readonly hosts: readonly ClientHost[];
  readonly planned: readonly PlannedFault[];
  readonly timeline: Timeline;
  /** The targets of the acts of operators among the faults. */
  readonly acts: Map<InflictedFault, ActOutcome>;
  readonly layout: Layout;
  readonly onCrash: (what: string) => void;
  readonly onProgress: (line: string) => void;
}

async function torment({ options, world, hosts, planned, timeline, acts, layout, onCrash, onProgress }: Torment) {
  const from = sharedNow();
  const until = (atMs: number): Promise<void> => pause(Math.max(0, from + atMs - sharedNow()));
  const under: Promise<void>[] = [];
  const last = new Map<string, Promise<void>>();
  const inflict = async (fault: PlannedFault): Promise<void> => {
    // An earlier fault of the same target may take longer than planned: a process has to start again.
    const before = [...last].filter(([other]) => sharesTarget(other, fault.target)).map(([, done]) => done);
    await until(fault.atMs);
    await Promise.all(before);
    const { kind, target, node, amount } = fault;
    const began = sharedNow();
    let note: string | undefined;
    let outcome: ActOutcome | undefined;
    try {
      outcome = (await world.inflict(fault)) ?? undefined;
    } catch (error) {
      // A clock cannot be set where the node was killed meanwhile; everything else has to work.
      note = String(error);
      if (kind !== 'clock-jump') onCrash(`${kind} of ${target}: ${note}`);
    }
    const inflicted = { kind, target, node, amount, from: began, to: sharedNow(), ...(note && { note }) };
    timeline.faults.push(inflicted);
    if (outcome) acts.set(inflicted, outcome);
  };
  for (const fault of planned) {
    const done = inflict(fault);
    last.set(fault.target, done);
    under.push(done);
  }
  if (options.revokes) {
    for (const [i, channel] of layout.guarded.entries()) {
      under.push(
        (async () => {
          await until(((i + 1) * options.durationMs) / (layout.guarded.length + 1));
          const user = guestOf(channel);
          await world.revoke(user);
          for (const host of hosts) host.revoked(user, sharedNow());
        })(),
      );
    }
  }
  const beat = setInterval(() => {
    const { published, acked, delivered } = timeline.totals;
    const seconds = Math.round((sharedNow() - from) / 1000);
    const found = hosts.flatMap(({ violations }) => [...violations.counts.values()]).reduce((a, b) => a + b, 0);
    onProgress(
      `${seconds} s: ${published} published, ${acked} acked, ${delivered} delivered, ${timeline.faults.length} faults, ${found} violations`,
    );
  }, 10_000);
  await until(options.durationMs);
  await Promise.all(under);
  const { acked, delivered } = options.atLeast ?? { acked: 0, delivered: 0 };
  const enough = (): boolean => timeline.totals.acked >= acked && timeline.totals.delivered >= delivered;
  for (let i = 0; i < 300 && !enough(); i++) await pause(100);
  clearInterval(beat);
}

function clientsConfig(options: RunOptions, url: string, index: number, levels: readonly Durability[]): ClientsConfig {
  const { seed, processes, size, bug, patienceMs = 30_000 } = options;
  const share = (total: number): number => Math.max(1, Math.round(total / processes));
  return {
    ...{ url, seed, index, processes, size, bug, patienceMs, levels },
    clients: share(options.clients),
    publishers: share(options.publishers),
    rate: options.rate / processes,
    transports: ['websocket', 'websocket', 'auto', 'stream', 'websocket', 'poll'],
    unrestPerSecond: options.unrestPerSecond / processes,
  };
}

function membersOf(
  stopped: readonly {
    readonly entered: readonly (readonly [lobby: string, who: string])[];
    readonly written: readonly Written[];
  }[],
): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const [lobby, who] of stopped.flatMap(({ entered }) => entered)) {
    members.set(lobby, [...(members.get(lobby) ?? []), who].toSorted());
  }
  return members;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
