import process from 'node:process';
import { type Duration, type RulesOf, checkOptions, isWellFormed, option, toMilliseconds } from '@longwave/protocol';
import type { Clock, Logger, MakeId } from '@longwave/core';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { makeId as randomId } from './make-id.js';
import { readServers } from './server-urls.js';

/** Options of `nats`. */
export interface NatsOptions {
  /**
   * Addresses of NATS servers, one or some of the cluster: `host:port`, or `nats://user:password@host:port`,
   * `nats://token@host`, `tls://host`, or several of them separated by commas. Default `127.0.0.1:4222`.
   */
  readonly servers?: string | readonly string[];
  /**
   * Name of the deployment, with which its streams and subjects begin: at most 32 letters, digits, `-` and `_`. Default
   * `longwave`.
   */
  readonly prefix?: string;
  /**
   * Number of streams that the channels are spread over, 1 to 64; fixed when the first node of a deployment starts.
   * Default 8.
   */
  readonly shards?: number;
  /** Number of servers that hold each stream: 1, 3 or 5. Default 1. */
  readonly replicas?: 1 | 3 | 5;
  /** Where a new deployment keeps its streams. Default `file`. */
  readonly storage?: 'file' | 'memory';
  /**
   * Set it to true if the servers write each message to the disk before they acknowledge it (`sync_interval: always`,
   * NATS 2.10 or newer). Default false.
   */
  readonly synced?: boolean;
  /**
   * Clients whose publishes are remembered in each channel, at most 64 and at most half of them of one user (PUB-2,
   * PUB-11); fixed when the first node of a deployment starts. Default 10,000.
   */
  readonly maxProducers?: number;
  /**
   * Time without an answer of the servers after which an append or a read fails, such as `'5s'` or milliseconds. Default
   * `'2s'`.
   */
  readonly timeout?: Duration;
  /** Most bytes of memory for channels that nobody watches; the least recently used go first. Default 256 MiB. */
  readonly cacheBytes?: number;
  /** Most bytes that may wait to be stored; above it an append fails. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
  /**
   * Bytes of a channel's journal after its last checkpoint that cause the next one; a larger channel gets it after as
   * many bytes as it has itself. Default 64 KiB.
   */
  readonly checkpointBytes?: number;
  /** Further options of the connection: credentials, TLS. */
  readonly connection?: Pick<
    NodeConnectionOptions,
    'authenticator' | 'user' | 'pass' | 'token' | 'tls' | 'inboxPrefix'
  >;
  /** Told of outages, once each, and of what an operator did to the streams. Default: standard error. */
  readonly logger?: Logger;
  /** Default `Date.now`. */
  readonly clock?: Pick<Clock, 'now'>;
  readonly makeId?: MakeId;
}

export interface Settings {
  readonly servers: string[];
  readonly prefix: string;
  readonly shards: number;
  readonly replicas: number;
  readonly storage: 'file' | 'memory';
  readonly synced: boolean;
  readonly maxProducers: number;
  readonly timeoutMs: number;
  readonly cacheBytes: number;
  readonly maxWaitingBytes: number;
  readonly checkpointBytes: number;
  readonly connection: NonNullable<NatsOptions['connection']>;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
}

const standardError: Logger = {
  error: (message) => void process.stderr.write(`${message}\n`),
  info: (message) => void process.stderr.write(`${message}\n`),
};

const isServer = (value: unknown): boolean => option.text.fits(value) && isWellFormed(value as string);
const secret = { ...option.text, secret: true };

const rules: RulesOf<NatsOptions> = {
  servers: {
    accepts: "addresses such as '127.0.0.1:4222', a text or a list of texts",
    fits: (value) => isServer(value) || (Array.isArray(value) && value.length > 0 && value.every(isServer)),
    secret: true,
  },
  prefix: {
    accepts: 'letters, digits, "-" and "_", 32 at most',
    fits: (value) => typeof value === 'string' && /^[\w-]{1,32}$/.test(value),
  },
  shards: option.wholeNumber(1, 64),
  replicas: option.oneOf(1, 3, 5),
  storage: option.oneOf('file', 'memory'),
  synced: option.flag,
  maxProducers: option.wholeNumber(1, 1e7),
  timeout: option.duration(10, 600_000),
  cacheBytes: option.wholeNumber(0),
  maxWaitingBytes: option.wholeNumber(1),
  checkpointBytes: option.wholeNumber(1),
  connection: option.fields({
    authenticator: {
      accepts: 'a function or a list of functions',
      fits: (value) => [value].flat().every((each) => typeof each === 'function'),
    },
    user: secret,
    pass: secret,
    token: secret,
    tls: { accepts: 'an object, or null', fits: (value) => value === null || option.object.fits(value) },
    inboxPrefix: option.text,
  } satisfies RulesOf<Settings['connection']>),
  logger: option.methods('a logger', 'error', 'info'),
  clock: option.methods('a clock', 'now'),
  makeId: option.callback,
};

/** Throws `TypeError` that names an option which cannot be. */
export function resolveOptions(options: NatsOptions): Settings {
  checkOptions('nats', options, rules);
  const { servers = '127.0.0.1:4222', prefix = 'longwave', shards = 8, replicas = 1 } = options;
  const {
    maxProducers = 10_000,
    timeout = '2s',
    cacheBytes = 256 * 2 ** 20,
    maxWaitingBytes = 64 * 2 ** 20,
    checkpointBytes = 64 * 1024,
  } = options;
  const { storage = 'file', synced = false, connection = {}, logger = standardError } = options;
  const { addresses, credentials } = readServers(typeof servers === 'string' ? [servers] : servers);
  const { clock = { now: () => Date.now() }, makeId = randomId } = options;
  return {
    synced,
    ...{ servers: addresses, prefix, shards, replicas, storage },
    ...{ maxProducers, timeoutMs: toMilliseconds(timeout), cacheBytes, maxWaitingBytes, checkpointBytes },
    ...{ connection: { ...credentials, ...connection }, logger, clock, makeId },
  };
}
