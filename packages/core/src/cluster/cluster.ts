import { inboxPrefix } from '../channels/registry.js';
import { type ResolvedRetention, type StateBounds, isLog, presencePrefix } from '@longwave/protocol';
import type { Context } from '../sessions/session.js';
import type { MakeId } from '../base/ports.js';
import type { Timers } from '../base/timers.js';
import { type MaybePromise, chain } from '../base/maybe-promise.js';
import { recheck } from '../sessions/rights/recheck.js';
import {
  type Here,
  type Order,
  type UserConnection,
  type UserConnections,
  connectionsHere,
  disconnectHere,
  recheckHere,
} from './user-connections.js';
import { type Answers, Bus, calls, orders } from './bus.js';
import { callHandlers, othersBy } from './call-handlers.js';
import { type CensusQuery, type NodeChannel, takeCensus } from './census.js';
import { type NodeInfo, NodeList } from './node-list.js';
import type { DocumentSize } from '../channels/document-format.js';
import type { Notices } from './notices.js';

/** Channels of which a node tells at most. */
const maxListed = 100;

/** A channel as all nodes have it together. */
export interface ClusterChannel {
  readonly channel: string;
  readonly mode: string;
  readonly epoch: string;
  readonly floor: number;
  readonly top: number;
  /** Undefined: a room, which keeps nothing in the store. */
  readonly keeps: ResolvedRetention | StateBounds | undefined;
  readonly subscribers: number;
  /** Subscribers that lag: they read on from the log, or their link takes no more. */
  readonly behind: number;
  /** Operations between the slowest of these, on whichever node, and the top. */
  readonly lag: number;
  /** Where the channel has presence. */
  readonly members?: number | undefined;
  /** Where it is a document: how many of its versions are kept. */
  readonly versions?: number | undefined;
  /** Where it is a document: how much the store keeps of it. */
  readonly stored?: DocumentSize | undefined;
  /** Nodes where somebody is subscribed to it, and how far each knows the log. */
  readonly nodes: readonly { readonly node: string; readonly subscribers: number; readonly top: number }[];
}

/** Report of all nodes, as `server.inspect()` and `longwave inspect` give it. */
export interface ClusterReport {
  readonly nodes: readonly NodeInfo[];
  /** Nodes that did not answer. */
  readonly missing: readonly string[];
  /** Those with the most subscribers first. */
  readonly channels: readonly ClusterChannel[];
}

/** Choice of what `server.inspect()` reports. */
export interface InspectQuery {
  /** Channels whose names begin so. Default: all. */
  readonly prefix?: string;
  /** From 1 to 100. Default 50. */
  readonly limit?: number;
}

/** How often something was done, and where it may not have been. */
export interface Reached {
  /** Connections of the user on all nodes that answered. */
  readonly connections: number;
  /** Nodes that did not answer within 2 s: they do it as soon as they hear of it. */
  readonly missing: readonly string[];
}

/** A node's answer to an inspection of the cluster. */
interface Census {
  readonly info: NodeInfo;
  readonly channels: readonly NodeChannel[];
}

export interface ClusterOptions {
  readonly context: Context;
  readonly timers: Timers;
  readonly makeId: MakeId;
  /** For people: where the node runs. */
  readonly label: string;
  readonly notices: Notices;
  readonly isDraining: () => boolean;
}

/** Work that the nodes of one store do together. They know each other by the store alone. */
export class Cluster {
  readonly #context: Context;
  readonly #bus: Bus;
  /** By which calls to clients go, and their answers. */
  readonly calls: Bus;
  readonly #list: NodeList;
  readonly #describeNode: () => NodeInfo;

  constructor({ context, timers, makeId, label, notices, isDraining }: ClusterOptions) {
    const { node, store, hub, logger, clock, stats } = (this.#context = context);
    const startedAt = clock.now();
    const describe = (this.#describeNode = () => ({
      ...{ node, label, startedAt },
      state: isDraining() ? 'draining' : 'running',
      connections: stats.connections,
      subscriptions: stats.subscriptions,
      channels: stats.channels,
    }));
    this.#list = new NodeList({ store, clock, logger, describe });
    this.#bus = new Bus({
      ...{ log: orders, node, store, hub, timers, logger, makeId },
      handlers: {
        disconnect: (order) => answer(disconnectHere(context, order as Order)),
        recheck: (order) => answer(recheckHere(context, (order as Order).user)),
        connections: (user) => connectionsHere(context, user as string),
        census: (query) => this.#census(query as CensusQuery),
      },
      onMissed: () => {
        logger.info('This node was cut off from the others: the rights of all connections are asked for anew.');
        for (const session of context.directory.sessions) void recheck(session);
        for (const guest of context.directory.guests) guest.rights++;
      },
    });
    this.calls = new Bus({
      ...{ log: calls, node, store, hub, timers, logger, makeId },
      handlers: { ...callHandlers(context), ...notices.handlers() },
      // A call is made once or not at all: its caller is told in time (CALL-4).
      onMissed: () => undefined,
    });
    context.asking.others = othersBy(this.calls);
    notices.join(this.calls);
  }

  /** The nodes that are known to be there. Rejects with what the store failed with. */
  async nodes(): Promise<readonly string[]> {
    return (await this.#list.read()).map(({ node }) => node);
  }

  /** Called every second. */
  tick(): void {
    this.#list.tick();
  }

  /** It is told at once that the node drains. */
  say(): void {
    this.#list.say();
  }

  leave(): MaybePromise<void> {
    return this.#list.leave();
  }

  /** Counts all other nodes. */
  disconnectUser(order: Order): Promise<Reached> {
    return this.#order('disconnect', order);
  }

  /** Those to all other nodes. */
  async connectionsOf(user: string): Promise<UserConnections> {
    const { byNode, missing } = await this.#ask('connections', user);
    return { connections: [...byNode.values()].flatMap((answer) => answer as readonly UserConnection[]), missing };
  }

  /** Counts all other nodes. */
  recheckUser(user: string): Promise<Reached> {
    return this.#order('recheck', { user });
  }

  /** Rejects with `unavailable` when the store cannot be reached. */
  async inspect({ prefix, limit = 50 }: InspectQuery): Promise<ClusterReport> {
    const query: CensusQuery = { prefix, limit: Math.min(Math.max(1, limit), maxListed) };
    const [nodes, { byNode, missing }] = await Promise.all([this.#list.read(), this.#ask('census', query)]);
    const told = new Map([...byNode].map(([node, answer]) => [node, answer as Census]));
    told.set(this.#context.node, this.#census(query));
    const found = new Map<string, { readonly node: string; readonly has: NodeChannel }[]>();
    for (const [node, { channels }] of told) {
      for (const has of channels) {
        const others = found.get(has.channel);
        if (others) others.push({ node, has });
        else found.set(has.channel, [{ node, has }]);
      }
    }
    const most = [...found].toSorted(([, a], [, b]) => sum(b) - sum(a)).slice(0, query.limit);
    // One document after the other: all of each is read.
    let measured: Promise<unknown> = Promise.resolve();
    const measure = (channel: string): Promise<DocumentSize | undefined> => {
      // One that changes too fast to be read is told of without it.
      const size = measured.then(() => this.#context.documents.size(channel).catch(() => undefined));
      measured = size;
      return size;
    };
    const channels = await Promise.all(most.map(async ([channel, on]) => this.#describe(channel, on, measure)));
    return {
      nodes: nodes.map((known) => told.get(known.node)?.info ?? known),
      missing,
      channels: channels.filter((channel) => channel !== undefined),
    };
  }

  #census(query: CensusQuery): Census {
    return { info: this.#describeNode(), channels: takeCensus(this.#context.directory.sessions, query) };
  }

  async #describe(
    channel: string,
    on: readonly { readonly node: string; readonly has: NodeChannel }[],
    measure: (channel: string) => Promise<DocumentSize | undefined>,
  ): Promise<ClusterChannel | undefined> {
    const { registry, store, documents } = this.#context;
    const { definition } = (channel.startsWith(inboxPrefix) && registry.inbox) || (registry.resolve(channel) ?? {});
    if (!definition) return undefined;
    const { epoch, floor, top } = await store.bounds(channel);
    const presence = definition.presence && (await store.read(presencePrefix + channel, { limit: Infinity }));
    return {
      ...{ channel, epoch, floor, top },
      mode: definition.mode,
      keeps: isLog(definition) ? definition.retain : 'bounds' in definition ? definition.bounds : undefined,
      subscribers: sum(on),
      behind: on.reduce((all, { has }) => all + has.behind, 0),
      lag: on.reduce((most, { has }) => Math.max(most, has.lag + Math.max(0, top - has.top)), 0),
      members: presence?.ops.length,
      ...(definition.mode === 'doc' && {
        versions: (await documents.versions(channel)).length,
        stored: await measure(channel),
      }),
      nodes: on.map(({ node, has }) => ({ node, subscribers: has.subscribers, top: has.top })),
    };
  }

  async #order(of: string, order: Order): Promise<Reached> {
    const { byNode, missing } = await this.#ask(of, order);
    const connections = [...byNode.values()].reduce<number>((all, count) => all + Number(count), 0);
    return { connections, missing };
  }

  #ask(of: string, data: unknown): Promise<Answers> {
    // While the store is away the list of nodes cannot be read: take the answers that come, and wait for nobody.
    return this.#bus.ask(
      of,
      data,
      this.nodes().catch(() => []),
    );
  }
}

function answer({ connections, done }: Here): MaybePromise<number> {
  return chain(done, () => connections);
}

function sum(on: readonly { readonly has: NodeChannel }[]): number {
  return on.reduce((all, { has }) => all + has.subscribers, 0);
}
