import {
  type Clock,
  type ClusterReport,
  Engine,
  type InspectQuery,
  type LoadState,
  type Logger,
  type MakeId,
  type Store,
} from '@longwave/core';
import { type Channels, type ClientCalls, type MessageInput, type NameOf, readDuration } from '@longwave/protocol';
import { readLimits } from './limit-options.js';
import { type ServerChannelOf, createServerChannel } from './server-channel.js';
import { type ServerConnection, type ServerUser, createServerConnection, createServerUser } from './server-user.js';
import type { ServerCoreOptions } from './server-options.js';

export type { ServerCoreOptions } from './server-options.js';
export { coreRules } from './server-rules.js';

/** The parts that a server gets from its host. */
export interface ServerHost {
  readonly store: Store;
  readonly clock: Clock;
  /** At least 0, less than 1. */
  readonly random: () => number;
  readonly makeId: MakeId;
  /** A one-way function: at least 64 bits of its result as text of at most 64 units. */
  readonly digest: (text: string) => string;
  readonly logger: Logger;
  /** Where this node runs, for those who look at the cluster. */
  readonly label: string;
}

/** A server as its application sees it. */
export interface ServerCore<C extends Channels = Channels, H extends ClientCalls = ClientCalls> {
  /** The engine below it, for hosts of other transports. */
  readonly engine: Engine;
  /** A channel as the server sees it: no rights are asked. */
  channel<N extends NameOf<C>>(name: N): ServerChannelOf<C, N>;
  /**
   * The state of the channels with this name or pattern is the application's: `load` is asked for it when the store has
   * none (STATE-6).
   */
  own(pattern: keyof C & string, load: LoadState): void;
  user(id: string): ServerUser<MessageInput<C, '@me'>, H>;
  /** One connection, by the id that hooks, calls and `user(id).connections()` tell, on whichever node. */
  connection(id: string): ServerConnection<H>;
  /**
   * Nodes and channels of the whole cluster, as `longwave inspect` prints them: the channels with the most subscribers first.
   * Rejects with `unavailable` when the store cannot be reached.
   */
  inspect(query?: InspectQuery): Promise<ClusterReport>;
}

/**
 * A server without sockets: what is accepted by its engine is served. The options are taken as they are, `coreRules`
 * judges them.
 */
export function createServerCore<C extends Channels, Claims, H extends ClientCalls>(
  options: ServerCoreOptions<C, Claims, H>,
  host: ServerHost,
): ServerCore<C, H> {
  const { channels, calls, clientCalls, authenticate, authorize, on, documents, rooms, modes, limits, heartbeat } =
    options;
  const { label, ...ports } = host;
  const engine = new Engine({
    channels,
    ...ports,
    cluster: { label },
    authority: {
      authenticate: authenticate ?? (() => ({})),
      ...(authorize && { authorize }),
    },
    ...(calls && { calls }),
    ...(documents && { documents }),
    ...(rooms && { rooms }),
    ...(clientCalls && { clientCalls }),
    ...(modes && { modes }),
    ...(on && { hooks: on }),
    ...(limits && { limits: readLimits(limits) }),
    ...(heartbeat !== undefined && { heartbeatMs: readDuration(heartbeat) }),
  });
  return {
    engine,
    channel: (name) => createServerChannel<C, typeof name>(engine, name),
    own: (pattern, load) => engine.own(pattern, load),
    user: (id) => createServerUser(engine, id),
    connection: (id) => createServerConnection(engine, id),
    inspect: (query) => engine.inspect(query),
  };
}
