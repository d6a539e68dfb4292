import { startBalancer } from '../cluster/balancer.js';
import { pause } from '../cluster/pause.js';
import { WatcherHost } from '../cluster/watcher-host.js';
import { World } from '../cluster/world.js';
import { type Watched, sharedNow } from '../processes/messages.js';
import { type StoreName, stores } from '../stores/index.js';

export interface WatchingOptions {
  readonly store: StoreName;
  readonly nodes: number;
  readonly clients: number;
  /** Milliseconds between two messages of a channel. */
  readonly tickMs: number;
  readonly say: (line: string) => void;
}

export interface Watching {
  readonly watched: readonly Watched[];
  readonly crashes: readonly string[];
}

/** The product's heartbeat, and a drain as a deployment has it. */
const node = { heartbeatMs: 10_000, drainMs: 10_000 };
/** Clients in one process, at most. */
const clientsOfProcess = 2500;
const warmUpMs = 3000;
/** So long it is waited for what should be over in a moment. */
const patienceS = 30;

/** Starts a cluster and clients that watch it, does something to it, and tells what they saw. */
export async function watch(
  options: WatchingOptions,
  act: (world: World) => Promise<void>,
  isOver: (watched: readonly Watched[]) => boolean,
): Promise<Watching> {
  const crashes: string[] = [];
  const events = { onCrash: (what: string) => void crashes.push(what), onLag: () => undefined };
  const service = await stores[options.store]();
  if (service.maxNodes < options.nodes) throw new Error(`${options.store} cannot be shared by ${options.nodes} nodes.`);
  const world = await World.start({ service, nodes: options.nodes, events, hasBackEnd: true, node });
  const balancer = await startBalancer(world.nodes.map(({ port }) => port));
  const hosts: WatcherHost[] = [];
  try {
    const channels = Array.from({ length: 20 }, (_, i) => `log/tick${i}`);
    const processes = Math.ceil(options.clients / clientsOfProcess);
    for (let index = 0; index < processes; index++) {
      const clients = Math.round(options.clients / processes);
      hosts.push(new WatcherHost({ url: balancer.url, index, clients, channels }, events.onCrash));
    }
    await Promise.all(hosts.map((host) => host.ready));
    options.say(`${options.clients} clients are subscribed at ${options.nodes} nodes`);
    await world.backEnd!.ask({ type: 'tick', channels, everyMs: options.tickMs });
    await pause(warmUpMs);
    const at = sharedNow();
    for (const host of hosts) host.arm(at);
    await act(world);
    let watched: readonly Watched[] = [];
    for (let i = 0; i < patienceS; i++) {
      await pause(1000);
      watched = (await Promise.all(hosts.map((host) => host.measure()))).flat();
      if (isOver(watched)) break;
    }
    return { watched, crashes };
  } finally {
    await Promise.all(hosts.map((host) => host.end()));
    await balancer.stop();
    await world.stop();
  }
}

/** `p50 12 ms, p99 80 ms, max 95 ms`. */
export function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}

/** Events that must not happen, in one line. */
export function damage({ watched, crashes }: Watching): { readonly line: string; readonly isNone: boolean } {
  const sum = (of: (each: Watched) => number): number => watched.reduce((total, each) => total + of(each), 0);
  const [missing, repeated, resets] = [
    sum((each) => each.missing),
    sum((each) => each.repeated),
    sum((each) => each.resets),
  ];
  return {
    line: `lost ${missing}, repeated ${repeated}, resets ${resets}${crashes.map((crash) => `, CRASH ${crash}`).join('')}`,
    isNone: missing + repeated + resets + crashes.length === 0,
  };
}
