import type { Store } from '@longwave/core';
import { NatsStore } from './nats-store.js';
import { type NatsOptions, resolveOptions } from './options.js';

/**
 * Logs and state in NATS JetStream, for any number of nodes. It connects in the background and goes on trying for as long as the
 * store is not closed; what is asked of it while the servers are away fails after `timeoutMs`. Throws `TypeError`
 * that names an option which cannot be.
 */
export function nats(options: NatsOptions = {}): Store {
  return new NatsStore(resolveOptions(options));
}

export type { NatsOptions } from './options.js';
