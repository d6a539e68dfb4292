import { Redis } from 'ioredis';
import type { Address, RedisClientOptions } from '../options.js';

/** Slots from `first` to `last` are with the master at `address`. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly address: Address;
}

/**
 * A node's report on the owners of slots in a Cluster. Rejects when it does not say so in time, or knows no master of
 * some.
 */
export async function fetchSlots(
  address: Address,
  options: RedisClientOptions,
  timeoutMs: number,
): Promise<SlotRange[]> {
  const client = new Redis({
    ...options,
    ...address,
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: timeoutMs,
    disconnectTimeout: 100,
    commandTimeout: timeoutMs,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  const tooLong = setTimeout(() => client.disconnect(), timeoutMs);
  try {
    await client.connect();
    const reply = await client.cluster('SLOTS');
    return reply.flatMap(([first, last, master]) =>
      // An empty host is that of the node which answers.
      master ? [{ first, last, address: { host: master[0] || address.host, port: master[1] } }] : [],
    );
  } finally {
    clearTimeout(tooLong);
    client.disconnect();
  }
}

/** `natMap` of the client's options: where a node is reached that calls itself otherwise. */
export function reachable(address: Address, { natMap }: RedisClientOptions): Address {
  const name = `${address.host}:${address.port}`;
  if (typeof natMap === 'function') return natMap(name) ?? address;
  return natMap?.[name] ?? address;
}
