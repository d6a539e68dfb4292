import { closeEngine } from './close-all.js';
import type { Breakage } from '../network/fake-link.js';
import type { Random } from '../random.js';
import type { SimNode } from './sim-node.js';
import type { World } from './world.js';

const faults = {
  break: 10,
  stall: 6,
  slow: 4,
  offline: 5,
  crash: 3,
  freeze: 2,
  drain: 2,
  sleep: 2,
  jump: 3,
  block: 12,
};
export const breakages: readonly Breakage[] = [
  'cut',
  'cut',
  'half-open',
  'client-untold',
  'server-untold',
  'deaf-client',
];

/** Faults around applications, and their ends. */
export class Faults {
  readonly #world: World;
  readonly #random: Random;
  /** How to undo what lasts. */
  readonly #lasting = new Set<() => void>();
  #raging = true;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.stream('faults');
  }

  start(): void {
    const next = (): void => {
      if (!this.#raging) return;
      this.#strike();
      this.#world.clock.after(this.#random.interval(this.#world.profile.faultEveryMs), next);
    };
    this.#world.clock.after(this.#random.interval(this.#world.profile.faultEveryMs), next);
  }

  /** Ends what lasts. Links that died without a word stay dead: to find out is the clients' part. */
  heal(): void {
    this.#raging = false;
    for (const undo of [...this.#lasting]) undo();
    const { cluster } = this.#world;
    cluster.faulty = false;
    for (const node of cluster.nodes) cluster.start(node);
  }

  #strike(): void {
    const { network, clients, cluster, clock, profile } = this.#world;
    const random = this.#random;
    const live = network.live;
    switch (random.weighted(faults)) {
      case 'break':
        if (live.length > 0) network.break(random.pick(live), random.pick(breakages));
        return;
      case 'stall':
      case 'slow': {
        if (live.length === 0) return;
        const link = random.pick(live);
        this.#note('network', 'a link stalls or slows down');
        link.troubledAt = Infinity;
        link.server?.setSpeed(random.chance(0.6) ? 0 : random.between(0.05, 1));
        return this.#last(random.between(100, 12_000), () => {
          link.server?.setSpeed(Infinity);
          if (!link.broken) link.troubledAt = clock.time;
        });
      }
      case 'offline': {
        const client = random.pick(clients);
        if (client.access !== 'online') return;
        this.#note(client.name, 'goes offline');
        client.access = random.pick(['refused', 'hanging']);
        network.breakFrom(client.host, random.pick(breakages));
        return this.#last(random.between(200, 6000), () => {
          client.access = 'online';
          if (random.chance(0.7)) client.wake();
        });
      }
      case 'crash':
        return this.#crash(random.pick(cluster.nodes));
      case 'freeze': {
        const { host } = random.pick(cluster.nodes);
        if (!host.running) return;
        this.#note(host.name, 'freezes');
        host.suspend();
        return this.#last(random.between(50, 9000), () => host.resume());
      }
      case 'drain':
        return void this.#drain(random.pick(cluster.nodes));
      case 'sleep': {
        const { host } = random.pick(clients);
        if (!host.running) return;
        this.#note(host.name, 'falls asleep');
        host.suspend();
        return this.#last(random.between(50, 20_000), () => host.resume());
      }
      case 'block': {
        const client = random.pick(clients);
        const route = random.pick(['websocket', 'websocket', 'stream'] as const);
        if (profile.transports === 'websocket' || client.blocked.has(route)) return;
        this.#note(client.name, `the network blocks ${route}`);
        client.blocked.set(route, random.pick(['refused', 'hanging']));
        network.breakFrom(client.host, random.pick(breakages));
        return this.#last(random.between(200, 4000), () => {
          client.blocked.delete(route);
          if (random.chance(0.7)) client.wake();
        });
      }
      case 'jump': {
        const hosts = [...clients, ...cluster.nodes].map(({ host }) => host);
        const host = random.pick([...hosts, cluster.storeHost]);
        const byMs = random.between(-1, 1) * random.pick([500, 10_000, 3_600_000]);
        this.#note(host.name, `its clock jumps by ${Math.round(byMs)} ms`);
        return host.jump(byMs);
      }
    }
  }

  #crash(node: SimNode): void {
    const { network, cluster, publishes } = this.#world;
    if (!node.engine) return;
    const dark = this.#random.chance(0.3);
    this.#note(node.name, dark ? 'loses power' : 'is killed');
    network.breakAll(node.host, dark ? 'half-open' : 'cut');
    publishes.orphan(node.host.name);
    node.crash(dark);
    this.#last(this.#random.between(50, 4000), () => cluster.start(node));
  }

  /** A deploy: everybody is sent elsewhere, then the process ends. It is closed then, or at times before that is done. */
  async #drain(node: SimNode): Promise<void> {
    const { network, cluster, publishes, checker, clock } = this.#world;
    const { engine, host } = node;
    if (!engine?.accepting || !host.running) return;
    this.#note(node.name, 'drains');
    cluster.draining++;
    const drained = engine.drain(this.#random.between(0, 1000));
    if (this.#random.chance(0.7)) await drained;
    if (node.engine === engine) await closeEngine(node, checker);
    cluster.draining--;
    if (node.engine !== engine) return;
    // Bytes that were written go out before the process ends.
    clock.after(20, () => {
      if (node.engine !== engine) return;
      network.breakAll(host, 'cut');
      publishes.orphan(host.name);
      node.crash(false);
      this.#last(this.#random.between(10, 1000), () => cluster.start(node));
    });
  }

  #last(forMs: number, undo: () => void): void {
    const once = (): void => {
      if (this.#lasting.delete(once)) undo();
    };
    this.#lasting.add(once);
    this.#world.clock.after(forMs, once);
  }

  #note(subject: string, what: string): void {
    this.#world.checker.trace(subject, () => what);
  }
}
