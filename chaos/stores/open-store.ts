import type { Store } from '@longwave/core';
import { lmdb } from '@longwave/lmdb';
import { nats } from '@longwave/nats';
import { redis } from '@longwave/redis';
import { memory } from 'longwave';

/** Which store a node opens, and where it is. */
export type StoreChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'lmdb'; readonly path: string }
  | { readonly kind: 'redis'; readonly url: string; readonly durability: 'memory' | 'disk' }
  | { readonly kind: 'redis-cluster'; readonly nodes: readonly { readonly host: string; readonly port: number }[] }
  | { readonly kind: 'nats'; readonly servers: string; readonly shards: number };

const quiet = { error: () => undefined, info: () => undefined };

/** In the process of the node. */
export function openStore(choice: StoreChoice): Store {
  switch (choice.kind) {
    case 'memory':
      return memory();
    case 'lmdb':
      return lmdb({ path: choice.path });
    case 'redis':
      return redis({ url: choice.url, durability: choice.durability, logger: quiet });
    case 'redis-cluster':
      return redis({ cluster: choice.nodes, durability: 'memory', logger: quiet });
    case 'nats':
      return nats({ servers: choice.servers, shards: choice.shards, logger: quiet });
  }
}
