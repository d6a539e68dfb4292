import type { Bounds } from '@longwave/core';
import { FaultLink, findFreePort } from '@longwave/testkit/services';
import type { ActOutcome, PlannedFault } from '../faults/fault.js';
import type { BugName } from '../plants/bugs.js';
import type { NodeConfig } from '../processes/messages.js';
import type { StoreService } from '../stores/store-service.js';
import { ChaosNode, type NodeEvents } from './chaos-node.js';
import { pause } from './pause.js';

export interface WorldOptions {
  readonly service: StoreService;
  readonly nodes: number;
  readonly bug?: BugName | undefined;
  readonly events: NodeEvents;
  readonly hasBackEnd?: boolean;
  readonly node: Pick<NodeConfig, 'heartbeatMs' | 'drainMs'>;
}

/** The store, the nodes, and every link between them and to their clients. */
export class World {
  readonly service: StoreService;
  readonly nodes: readonly ChaosNode[];
  /** A node that no client is led to: for who publishes whatever happens to the others. */
  readonly backEnd: ChaosNode | undefined;
  /** One for each node, so that each can lose the store by itself. Empty where the store is no process. */
  readonly storeLinks: readonly FaultLink[];
  readonly balancer: FaultLink;
  readonly #revoked: Set<string>;

  private constructor(
    service: StoreService,
    nodes: readonly ChaosNode[],
    storeLinks: readonly FaultLink[],
    balancer: FaultLink,
    revoked: Set<string>,
    backEnd: ChaosNode | undefined,
  ) {
    this.service = service;
    this.nodes = nodes;
    this.storeLinks = storeLinks;
    this.balancer = balancer;
    this.#revoked = revoked;
    this.backEnd = backEnd;
  }

  static async start({ service, nodes: count, bug, events, hasBackEnd = false, node }: WorldOptions): Promise<World> {
    const revoked = new Set<string>();
    const nodes: ChaosNode[] = [];
    const storeLinks: FaultLink[] = [];
    for (let i = 0; i < count; i++) {
      const link = service.port === undefined ? undefined : await FaultLink.start([service.port]);
      if (link) storeLinks.push(link);
      const config = { name: `node ${i}`, port: await findFreePort(), store: service.choice(link?.port), bug, ...node };
      nodes.push(new ChaosNode(config, revoked, events));
    }
    const own = { name: 'back end', port: await findFreePort(), store: service.choice(service.port), bug, ...node };
    const backEnd = hasBackEnd ? new ChaosNode(own, revoked, events) : undefined;
    await Promise.all([...nodes, ...(backEnd ? [backEnd] : [])].map((node) => node.start()));
    const balancer = await FaultLink.start(nodes.map(({ port }) => port));
    return new World(service, nodes, storeLinks, balancer, revoked, backEnd);
  }

  get url(): string {
    return `http://127.0.0.1:${this.balancer.port}`;
  }

  /** Withdraws the rights of the user at all nodes. One that does not answer is down, and learns of it when it starts. */
  async revoke(user: string): Promise<void> {
    this.#revoked.add(user);
    await Promise.allSettled(this.nodes.map((node) => node.ask({ type: 'revoke', user })));
  }

  /** How each channel stands, when all nodes say the same. Rejects when they do not within 20 s. */
  async bounds(channels: readonly string[]): Promise<ReadonlyMap<string, Bounds>> {
    const until = performance.now() + 20_000;
    for (;;) {
      let problem: string;
      try {
        const all = (await Promise.all(
          this.nodes.map((node) => node.ask({ type: 'bounds', channels })),
        )) as (readonly Bounds[])[];
        const [first, ...others] = all as [readonly Bounds[], ...(readonly Bounds[])[]];
        const differs = channels.find((_, i) => others.some((other) => !isSame(other[i]!, first[i]!)));
        if (differs === undefined) return new Map(channels.map((channel, i) => [channel, first[i]!] as const));
        problem = `they differ about ${differs}`;
      } catch (error) {
        problem = String(error);
      }
      if (performance.now() > until) throw new Error(`The nodes do not say how the logs stand: ${problem}.`);
      await pause(200);
    }
  }

  /** Does it, waits for as long as it lasts, and puts it right again. */
  async inflict({ kind, node: index, durationMs, amount }: PlannedFault): Promise<ActOutcome | void> {
    const node = this.nodes[index]!;
    const clients = this.balancer.legs[index]!;
    const link = this.storeLinks[index]?.leg;
    const { faults } = this.service;
    switch (kind) {
      case 'kill-node':
        await node.kill();
        await pause(durationMs);
        return node.start();
      case 'freeze-node':
        node.freeze();
        await pause(durationMs);
        return node.thaw();
      case 'clock-jump':
        await node.ask({ type: 'jump', offsetMs: amount });
        await pause(durationMs);
        await node.ask({ type: 'jump', offsetMs: 0 });
        return;
      case 'partition-clients':
        return during(
          durationMs,
          () => clients.freeze(),
          () => clients.heal(),
        );
      case 'one-way':
        return during(
          durationMs,
          () => clients.freeze([amount === 0 ? 'down' : 'up']),
          () => clients.heal(),
        );
      case 'cut-clients':
        return during(
          durationMs,
          () => clients.cut(),
          () => undefined,
        );
      case 'half-open':
        return during(
          durationMs,
          () => clients.halfOpen(),
          () => clients.heal(),
        );
      case 'slow-clients':
        return during(
          durationMs,
          () => clients.delay(amount),
          () => clients.heal(),
        );
      case 'sliced-clients':
        return during(
          durationMs,
          () => clients.slice(amount),
          () => clients.heal(),
        );
      case 'balancer-restart':
        await this.balancer.stop();
        await pause(durationMs);
        return this.balancer.restart();
      case 'partition-store':
        return during(
          durationMs,
          () => link!.freeze(),
          () => link!.heal(),
        );
      case 'cut-store':
        return during(
          durationMs,
          () => {
            link!.refuse();
            link!.cut();
          },
          () => link!.heal(),
        );
      case 'slow-store':
        return during(
          durationMs,
          () => link!.delay(amount),
          () => link!.heal(),
        );
      case 'sliced-store':
        return during(
          durationMs,
          () => link!.slice(amount),
          () => link!.heal(),
        );
      case 'kill-store':
        return faults.kill!(durationMs);
      case 'freeze-store':
        return faults.freeze!(durationMs);
      case 'disk-full':
        return faults.fillDisk!(durationMs);
      case 'fail-over':
        return faults.failOver!(durationMs, () => this.#leadToStore());
      case 'rolling-restart':
        for (const each of this.nodes) {
          await each.drain();
          await each.start();
        }
        return;
      case 'revoke':
        return;
      case 'delete-channel':
      case 'delete-stream':
      case 'purge-stream':
      case 'edit-settings':
      case 'remove-folder':
      case 'restore-backup':
      case 'same-pid':
      case 'freeze-master':
        return faults.acts![kind]!({
          durationMs,
          amount,
          restartNodes: (meanwhile) => this.#restartAll(meanwhile),
          nodesBecome: (ready) => this.#become(ready),
        });
    }
  }

  async #become(ready: boolean): Promise<void> {
    const until = performance.now() + 10_000;
    for (;;) {
      const answers = await Promise.all(this.nodes.map((node) => node.isReady()));
      if (answers.every((isReady) => isReady === ready)) return;
      if (performance.now() > until) throw new Error(`the nodes do not become ${ready ? 'ready' : 'unready'}`);
      await pause(100);
    }
  }

  async #restartAll(meanwhile: () => Promise<void> | void): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await meanwhile();
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  /** Ends whatever fault may still be on. */
  heal(): void {
    for (const leg of this.balancer.legs) leg.heal();
    for (const { leg } of this.storeLinks) leg.heal();
    for (const node of this.nodes) node.thaw();
  }

  /** Ends the nodes, and says what is wrong with what they leave. */
  async findDamage(): Promise<readonly string[]> {
    await this.#endNodes();
    return (this.service.findDamage?.() ?? []).map((what) => `the files of ${this.service.name}: ${what}`);
  }

  async #endNodes(): Promise<void> {
    await Promise.all([...this.nodes, ...(this.backEnd ? [this.backEnd] : [])].map((node) => node.kill()));
  }

  async stop(): Promise<void> {
    await this.#endNodes();
    await this.balancer.stop();
    for (const link of this.storeLinks) await link.stop();
    await this.service.stop();
  }

  /** The links lead to where the store is now. */
  #leadToStore(): void {
    for (const { leg } of this.storeLinks) {
      leg.target = this.service.port!;
      leg.cut();
    }
  }
}

function isSame(a: Bounds, b: Bounds): boolean {
  return a.epoch === b.epoch && a.top === b.top;
}

async function during(durationMs: number, begin: () => void, end: () => void): Promise<void> {
  begin();
  await pause(durationMs);
  end();
}
