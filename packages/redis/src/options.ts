import { type Duration, type RulesOf, checkOptions, isPlainObject, option, toMilliseconds } from '@longwave/protocol';
import type { Logger } from '@longwave/core';
import type { RedisOptions } from 'ioredis';

/** Options of `ioredis`, without those that would change the stored keys and replies. */
export type RedisClientOptions = Omit<RedisOptions, 'keyPrefix' | 'replyMapping'>;

/** Host and port of a Redis server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The Redis to use: one server by `url`, a group that Sentinels watch, or a Cluster by some of its nodes. */
export type RedisTarget =
  /** URL with the scheme `redis` or `rediss`. Default `redis://127.0.0.1:6379`. */
  | { readonly url?: string; readonly sentinels?: undefined; readonly cluster?: undefined }
  /** `name`: the name of the master group at the Sentinels. */
  | { readonly sentinels: readonly Address[]; readonly name: string; readonly cluster?: undefined }
  | { readonly cluster: readonly Address[]; readonly sentinels?: undefined };

/** Options of `redis`. */
export type RedisStoreOptions = RedisTarget & {
  /**
   * Options of `ioredis` for every connection: credentials, TLS, `natMap` and the like. Those that queue, retry and
   * resend have no effect: the store does that itself.
   */
  readonly client?: RedisClientOptions;
  /** Prefix of every key, without braces. Default `longwave:`. */
  readonly prefix?: string;
  /**
   * Number of hash tags that channels are spread over: a power of two up to 16,384, fixed with the first start. Default
   * 128.
   */
  readonly shards?: number;
  /**
   * The failure that an append survives once it has returned. `memory`: only the death of a node; the master has
   * it. `disk`: the crash of the master; refuses a server whose `appendfsync` is not `always`. `replicated`: the loss
   * of the master, when a replica that has it takes over. Default `memory`.
   */
  readonly durability?: 'memory' | 'disk' | 'replicated';
  /** For `replicated`: number of replicas that must have an append. Default 1. */
  readonly replicas?: number;
  /**
   * For `replicated`: time to wait for the replicas, such as `'500ms'` or milliseconds, at most half of `commandTimeout`.
   * Default `'1s'`.
   */
  readonly replicaTimeout?: Duration;
  /**
   * Time without an answer after which a connection is given up and its commands are rejected, such as `'5s'` or
   * milliseconds. Default `'2s'`.
   */
  readonly commandTimeout?: Duration;
  /**
   * Clients whose publishes are remembered in each channel, at most 64 and at most half of them of one user (PUB-2,
   * PUB-11). Default 10,000.
   */
  readonly maxProducers?: number;
  /**
   * Channels that may be held, about: each shard takes its part. One more is refused with `too-many`. Default
   * 1,000,000.
   */
  readonly maxChannels?: number;
  /**
   * Time between two looks for announcements that were lost, such as `'500ms'` or milliseconds. Default `'1s'`.
   */
  readonly pollInterval?: Duration;
  /** Default: the standard error stream. */
  readonly logger?: Logger;
};

/** The options with everything that has a default. */
export type ResolvedOptions = Required<Omit<RedisStoreOptions, TargetOption | keyof typeof durationRules>> & {
  readonly target: RedisTarget;
  readonly replicaTimeoutMs: number;
  readonly commandTimeoutMs: number;
  readonly pollMs: number;
};

const standardError: Logger = {
  error: (message, cause) =>
    void process.stderr.write(`${message}${cause === undefined ? '' : ` ${reasonOf(cause)}`}\n`),
  info: (message) => void process.stderr.write(`${message}\n`),
};

type TargetOption = 'url' | 'sentinels' | 'name' | 'cluster';

const isAddress = (value: unknown): boolean =>
  isPlainObject(value) && option.text.fits(value['host']) && option.wholeNumber(1, 65_535).fits(value['port']);
const addresses = {
  accepts: 'a list of { host, port }, one at least',
  fits: (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isAddress),
};
const maxShards = 16_384;
const durationRules = {
  replicaTimeout: option.duration(),
  commandTimeout: option.duration(2),
  pollInterval: option.duration(),
};

const rules: RulesOf<
  Omit<RedisStoreOptions, TargetOption | keyof typeof durationRules> & Record<TargetOption, unknown>
> = {
  ...durationRules,
  url: {
    accepts: 'a URL such as redis://127.0.0.1:6379 or rediss://example.com',
    fits: (value) => typeof value === 'string' && /^rediss?:\/\//.test(value) && URL.canParse(value),
    secret: true,
  },
  sentinels: addresses,
  name: option.text,
  cluster: addresses,
  client: {
    accepts: 'options of ioredis, without keyPrefix and replyMapping',
    fits: (value) => isPlainObject(value) && !('keyPrefix' in value) && !('replyMapping' in value),
  },
  prefix: { accepts: 'a text without braces', fits: (value) => typeof value === 'string' && !/[{}]/.test(value) },
  shards: {
    accepts: `a power of two up to ${maxShards}`,
    fits: (value) => option.wholeNumber(1, maxShards).fits(value) && Number.isInteger(Math.log2(value as number)),
  },
  durability: option.oneOf('memory', 'disk', 'replicated'),
  replicas: option.wholeNumber(1),
  maxProducers: option.wholeNumber(1),
  maxChannels: option.wholeNumber(1),
  logger: option.methods('a logger', 'error', 'info'),
};

/** Throws `TypeError` that names an option which cannot be. */
export function resolveOptions(options: RedisStoreOptions): ResolvedOptions {
  checkOptions('redis', options, rules);
  checkTarget(options);
  const { prefix = 'longwave:', shards = 128, commandTimeout = '2s' } = options;
  const commandTimeoutMs = toMilliseconds(commandTimeout);
  const mostMs = Math.floor(commandTimeoutMs / 2);
  const replicaTimeoutMs = toMilliseconds(options.replicaTimeout ?? Math.min(1000, mostMs));
  if (replicaTimeoutMs > mostMs) {
    throw new TypeError(
      `redis: replicaTimeout is ${replicaTimeoutMs} ms; it must be half of commandTimeout, ${commandTimeoutMs} ms, at most.`,
    );
  }
  return {
    target: options,
    client: options.client ?? {},
    prefix,
    shards,
    durability: options.durability ?? 'memory',
    replicas: options.replicas ?? 1,
    replicaTimeoutMs,
    commandTimeoutMs,
    maxProducers: options.maxProducers ?? 10_000,
    maxChannels: options.maxChannels ?? 1_000_000,
    pollMs: toMilliseconds(options.pollInterval ?? '1s'),
    logger: options.logger ?? standardError,
  };
}

/** One of the ways to say which Redis it is. */
function checkTarget({ url, sentinels, name, cluster }: Partial<Record<TargetOption, unknown>>): void {
  const given = Object.entries({ url, sentinels, cluster }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new TypeError(`redis: ${given.map(([option]) => option).join(' and ')} are given; it must be one of them.`);
  if ((sentinels === undefined) !== (name === undefined)) {
    throw new TypeError('redis: sentinels and name are given together: the group of a master, and those who watch it.');
  }
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The reason of the error that this one was made for, without the sentence around it. */
export function originOf(error: Error): string {
  return reasonOf(error.cause ?? error);
}
