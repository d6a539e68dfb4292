import type { ClientOptions } from '@longwave/client';
import type { ConnectionInfo, Logger, RoomHost } from '@longwave/core';
import { type ServerCoreOptions, coreRules } from '@longwave/node/server-core';
import {
  type Calls,
  type Channels,
  type ClientCalls,
  type Duration,
  type OptionRule,
  type RulesOf,
  option,
  toMilliseconds,
} from '@longwave/protocol';

/** The options of `createServer` that need no socket, and those of the world around it. */
export interface TestWorldOptions<
  C extends Channels,
  K extends Calls,
  Claims = unknown,
  H extends ClientCalls = ClientCalls,
> extends Omit<ServerCoreOptions<C, Claims, H>, 'calls' | 'rooms'> {
  /** The calls that clients may make, made by `defineCalls`. */
  readonly calls?: K;
  /** The rooms of a node, such as `() => serveRooms(channels, rules)`: called for each node, whenever it starts. */
  readonly rooms?: () => RoomHost;
  /** Nodes that act as one server. Default 1. */
  readonly nodes?: number;
  /** The time that every message takes, in either direction. Default 0: a message arrives before any time passes. */
  readonly latency?: Duration;
  /** Decides the ids, the delays before a reconnect, and which node takes which client. Default 1. */
  readonly seed?: number | string;
  /** Default: the next `settle` or `advance` throws what the server logs as an error; nothing else is kept. */
  readonly logger?: Logger;
}

/** The options of `connect` that need no host, and the request as the server sees it. */
export interface TestClientOptions extends Omit<
  ClientOptions,
  'transport' | 'path' | 'clock' | 'random' | 'createId' | 'environment'
> {
  /** The node to connect to while it is up, as an index into `world.nodes`. Default: any node. */
  readonly node?: number;
  /** `remoteAddress` in `authenticate` and in hooks. Default: one of its own. */
  readonly address?: string;
  /** `headers` in `authenticate` and in hooks. Default: none. */
  readonly headers?: ConnectionInfo['headers'];
}

const duration: OptionRule = {
  accepts: "whole milliseconds of at least 0, or a text such as '30s'",
  fits: (value) => {
    try {
      return toMilliseconds(value as Duration) >= 0;
    } catch {
      return false;
    }
  },
};

export const worldRules: RulesOf<TestWorldOptions<Channels, Calls>> = {
  ...coreRules,
  rooms: option.callback,
  nodes: option.wholeNumber(1, 100),
  latency: duration,
  seed: { accepts: 'a number or a text', fits: (value) => typeof value === 'number' || typeof value === 'string' },
  logger: option.methods('a logger', 'error', 'info'),
};

/** For the options that `connect` does not know: it judges the others itself. */
export function seatRulesOf(nodes: number): RulesOf<Pick<TestClientOptions, 'node' | 'address' | 'headers'>> {
  return {
    node: option.wholeNumber(0, nodes - 1),
    address: option.text,
    headers: option.record('headers by name', (value) => typeof value === 'string' || Array.isArray(value)),
  };
}
