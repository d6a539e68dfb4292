import type { Store } from '@longwave/core';
import { NatsStore } from './nats-store.js';
import { type NatsOptions, resolveOptions } from './options.js';

/**
 * Creates a store on NATS JetStream, for any number of nodes. It connects in the background and retries until it is
 * closed; while the servers are away, its methods fail after `timeout`. Throws `TypeError` that names an unknown or
 * invalid option.
 * @example
 * ```ts
 * const server = createServer({ channels, store: nats({ servers: 'nats://localhost:4222' }) });
 * ```
 */
export function nats(options: NatsOptions = {}): Store {
  return new NatsStore(resolveOptions(options));
}

export type { NatsOptions } from './options.js';
