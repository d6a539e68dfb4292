import { type Client, type Clock, connect } from '@longwave/client';
import { type LoadState, type Logger, MemoryStore } from '@longwave/core';
import type { ServerCore, ServerCoreOptions } from '@longwave/node/server-core';
import {
  type Calls,
  type Channels,
  type ClientCalls,
  type Duration,
  LongwaveError,
  type NameOf,
  checkOptions,
  toMilliseconds,
} from '@longwave/protocol';
import { type Breakage, FakeNetwork, Host, Random, VirtualClock, exact } from '@longwave/testkit/virtual';
import { Driver } from './driver.js';
import { type TestClientOptions, type TestWorldOptions, seatRulesOf, worldRules } from './options.js';
import { Seat } from './seat.js';
import { type TestNode, type TestServer, WorldNode } from './world-node.js';
import { WorldStore } from './world-store.js';

/** A server and its clients in one process, under a clock that only the test moves. */
export interface TestWorld<
  C extends Channels = Channels,
  K extends Calls = Calls,
  H extends ClientCalls = ClientCalls,
> {
  /**
   * The server as its application sees it. Any node that is up does the work, and `channel` and `user` go on with the node that they
   * began with. Throws `unavailable` when none is up.
   */
  readonly server: TestServer<C, H>;
  readonly nodes: readonly TestNode<C, H>[];
  /** The time of the world, for code of the application that takes a clock. It begins with the year 2026. */
  readonly clock: Clock;
  /**
   * A client of the server: the real one, connected by a link in memory. It connects in the next turn of the event loop: `settle` waits
   * for it. Without `onDiagnostic` it writes no warnings. Throws `TypeError` on an option that cannot be.
   */
  connect(options?: TestClientOptions): Client<C, K, H>;
  /**
   * Resolves when nothing is under way any more: every message has arrived and every promise has gone on. Time passes only as far as
   * `latency` takes. Rejects with what a handler threw, or a server logged as an error, since the last time; with several as
   * an `AggregateError`.
   */
  settle(): Promise<void>;
  /**
   * Lets time pass: timers fire and messages arrive in their order. Resolves when all that was due has been done, and rejects as
   * `settle` does. Throws `RangeError` on what is no duration.
   */
  advance(duration: Duration): Promise<void>;
  /**
   * Takes the client's network away. Its host says so and the connection breaks, with what was under way; the server finds out by its
   * heartbeat, as in life.
   */
  offline(client: Client<C, K, H>): void;
  /** Gives it back. The host says so, and the client connects at once, but at most once a second. */
  online(client: Client<C, K, H>): void;
  /**
   * Breaks the client's connection: messages that are under way are lost in both directions, and the client connects again by itself after a
   * moment. Advance the time for that. `how` says who is told of it, by default both (`cut`).
   */
  drop(client: Client<C, K, H>, how?: Breakage): void;
  /**
   * Loses the messages or entries of a channel, as a store without its disk does: everybody who is subscribed is told by a reset, with the
   * reason `epoch-changed`. Throws `RangeError` when the channel was never used.
   */
  reset(channel: NameOf<C>): void;
}

/**
 * Makes a world for one test: a real server, with a store in memory, and real clients, without sockets and without timers of the host. The
 * same seed gives the same ids and the same order of events. Nothing of it has to be closed. Throws `TypeError` that names an option
 * which cannot be.
 * @example
 * ```ts
 * const world = createTestWorld({ channels, authenticate: (token) => ({ user: token }) });
 * const ada = world.connect({ token: 'ada' });
 * const heard: unknown[] = [];
 * ada.channel('chat/lobby').subscribe((message) => heard.push(message));
 * await world.settle();
 * await world.server.channel('chat/lobby').publish({ text: 'Hello' });
 * await world.settle();
 * ```
 */
export function createTestWorld<
  const C extends Channels,
  const K extends Calls = Calls,
  Claims = unknown,
  H extends ClientCalls = ClientCalls,
>(options: TestWorldOptions<C, K, Claims, H>): TestWorld<C, K, H> {
  checkOptions('createTestWorld', options, worldRules);
  const { nodes: count = 1, latency = 0, seed = 1, logger, rooms, ...coreOptions } = options;
  const random = new Random(seed);
  const clock = new VirtualClock(inOrder());
  const driver = new Driver(clock);
  const fail = (message: string, cause?: unknown): void => driver.fail(new Error(message, { cause }));
  const network = new FakeNetwork({
    clock,
    random: random.stream('network'),
    latencyMs: toMilliseconds(latency),
    jitterMs: 0,
    exact: true,
    bufferBytes: 1024 * 1024,
    listeners: () => nodes,
    onMisuse: fail,
  });
  const own = new Host('world', clock, random.stream('world'), exact);
  const ids = random.stream('store');
  const owners: ((server: ServerCore<C, H>) => void)[] = [];
  const { authenticate } = coreOptions;
  const awaited: typeof authenticate =
    authenticate &&
    ((token, info) => {
      const answer = authenticate(token, info);
      if (answer instanceof Promise) driver.await(answer);
      return answer;
    });
  const context = {
    // Claims are what `authenticate` returned: to the nodes they have no type.
    options: { ...coreOptions, ...(awaited && { authenticate: awaited }) } as ServerCoreOptions<C, unknown, H>,
    rooms,
    clock,
    random,
    network,
    store: new WorldStore(() => new MemoryStore({ clock: own.clientClock, makeId: () => ids.id() })),
    logger: logger ?? ({ error: fail, info: () => undefined } satisfies Logger),
    prepare: (server: ServerCore<C, H>) => owners.forEach((add) => add(server)),
  };
  const nodes: WorldNode<C, H>[] = Array.from({ length: count }, (_, i) => new WorldNode(`node-${i}`, context));
  const seats = new WeakMap<Client<C, K, H>, Seat>();
  let clients = 0;

  const seatOf = (client: Client<C, K, H>): Seat => {
    const seat = seats.get(client);
    if (!seat) throw new TypeError('This is no client of this world: it was not made by world.connect().');
    return seat;
  };
  const anyServer = (): ServerCore<C, H> => {
    const up = nodes.find(({ reachable }) => reachable === 'up');
    if (!up) throw new LongwaveError('unavailable', 'No node of this world is up.');
    return up.server;
  };

  return {
    nodes,
    clock: own.clientClock,
    server: {
      get engine() {
        return anyServer().engine;
      },
      channel: (name) => anyServer().channel(name),
      user: (id) => anyServer().user(id),
      connection: (id) => anyServer().connection(id),
      inspect: (query) => anyServer().inspect(query),
      own(pattern, load: LoadState) {
        const add = (server: ServerCore<C, H>): void => server.own(pattern, load);
        for (const node of nodes) if (node.id !== undefined) add(node.server);
        owners.push(add);
      },
    },
    connect({ node, address, headers = {}, ...clientOptions } = {}) {
      checkOptions('connect', { node, address, headers }, seatRulesOf(count));
      const name = `client-${clients++}`;
      const mine = random.stream(name);
      const listeners = (): readonly WorldNode<C, H>[] => {
        const up = nodes.filter(({ reachable }) => reachable === 'up');
        const wanted = up.filter((each) => each === nodes[node ?? -1]);
        return [wanted, up, nodes].find((some) => some.length > 0) ?? nodes;
      };
      const info = { headers, remoteAddress: address ?? `10.0.${clients >> 8}.${clients & 255}` };
      const seat = new Seat(new Host(name, clock, mine.stream('host'), exact), network, info, listeners);
      const client = connect<C, K, H>('http://test.world', {
        reportError: (error) => driver.fail(error),
        // A test that has its client refused looks at the state, and its output stays clean.
        onDiagnostic: () => undefined,
        ...clientOptions,
        transport: seat.transport,
        environment: seat.environment,
        clock: seat.host.clientClock,
        random: () => mine.next(),
        createId: () => mine.id(),
      });
      seats.set(client, seat);
      return client;
    },
    settle: () => driver.settle(),
    advance: async (duration) => driver.advance(toMilliseconds(duration, 'advance: the duration')),
    offline: (client) => seatOf(client).goOffline(),
    online: (client) => seatOf(client).goOnline(),
    drop: (client, how = 'cut') => seatOf(client).drop(how),
    reset: (channel) => context.store.lose(channel),
  };
}

/** Numbers that rise: what was planned first comes first. */
function inOrder(): Pick<Random, 'next'> {
  let count = 0;
  return { next: () => count++ };
}
