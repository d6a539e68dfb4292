import type { ConnectionInfo, Logger, RoomHost, Session, Sink } from '@longwave/core';
import { type ServerCore, type ServerCoreOptions, createServerCore } from '@longwave/node/server-core';
import { type Channels, type ClientCalls, type Duration, LongwaveError, toMilliseconds } from '@longwave/protocol';
import { type FakeNetwork, Host, type Listener, Random, type VirtualClock, exact } from '@longwave/testkit/virtual';
import type { WorldStore } from './world-store.js';

/** A server as the tests of an application see it. */
export type TestServer<C extends Channels = Channels, H extends ClientCalls = ClientCalls> = ServerCore<C, H>;

/** One node of the server. All share a store, which outlives them. */
export interface TestNode<C extends Channels = Channels, H extends ClientCalls = ClientCalls> {
  /** As in `state.node` of a client that is connected to it, until it is started again. Undefined while it is down. */
  readonly id: string | undefined;
  /** This node alone. Throws `unavailable` while it is down. */
  readonly server: TestServer<C, H>;
  /** As `close` of a server: sends its clients elsewhere within `drain` (default 0: at once), then ends. Time has to be advanced by as much. */
  close(options?: { readonly drain?: Duration }): Promise<void>;
  /** As if the process was killed: nothing is sent any more, and its clients see their connections break. */
  crash(): void;
  /** Starts it anew, if it is down. */
  start(): void;
}

export interface NodeContext<C extends Channels, H extends ClientCalls> {
  readonly options: ServerCoreOptions<C, unknown, H>;
  readonly rooms: (() => RoomHost) | undefined;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly network: FakeNetwork;
  readonly store: WorldStore;
  readonly logger: Logger;
  /** Done to each server before it takes its first connection. */
  readonly prepare: (server: ServerCore<C, H>) => void;
}

export class WorldNode<C extends Channels, H extends ClientCalls> implements TestNode<C, H>, Listener {
  readonly #context: NodeContext<C, H>;
  readonly #name: string;
  readonly #random: Random;
  #starts = 0;
  #host!: Host;
  #core: ServerCore<C, H> | undefined;

  constructor(name: string, context: NodeContext<C, H>) {
    this.#name = name;
    this.#context = context;
    this.#random = context.random.stream(name);
    this.start();
  }

  get id(): string | undefined {
    return this.#core?.engine.node;
  }

  get server(): ServerCore<C, H> {
    if (!this.#core) throw new LongwaveError('unavailable', `${this.#name} is down: start() it.`);
    return this.#core;
  }

  get host(): Host {
    return this.#host;
  }

  get reachable(): 'up' | 'refusing' {
    return this.#core?.engine.accepting ? 'up' : 'refusing';
  }

  accept(sink: Sink, info: ConnectionInfo): Session {
    return this.server.engine.accept(sink, info);
  }

  start(): void {
    if (this.#core) return;
    const { options, rooms, clock, store, logger, prepare } = this.#context;
    const label = `${this.#name}.${this.#starts++}`;
    const random = this.#random.stream(label);
    this.#host = new Host(label, clock, random.stream('host'), exact);
    this.#core = createServerCore(rooms ? { ...options, rooms: rooms() } : options, {
      store: store.forNode(this.#host),
      clock: this.#host.serverClock,
      random: () => random.next(),
      makeId: () => random.id(),
      digest,
      logger,
      label: this.#name,
    });
    prepare(this.#core);
  }

  async close({ drain = 0 }: { readonly drain?: Duration } = {}): Promise<void> {
    const core = this.#core;
    if (!core) return;
    await core.engine.drain(toMilliseconds(drain, 'close: drain'));
    await core.engine.close();
    if (this.#core === core) this.#core = undefined;
  }

  crash(): void {
    if (!this.#core) return;
    this.#core = undefined;
    this.#host.stop();
    this.#context.network.breakAll(this.#host, 'cut');
  }
}

/** Names members. No secret has to be kept in a test. */
function digest(text: string): string {
  return new Random(`member ${text}`).id();
}
