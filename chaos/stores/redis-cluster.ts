import { startRedisCluster } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

/** A Cluster of three masters without replicas. A node asks them by their own addresses, so there are no links to them. */
export async function startRedisClusterStore(): Promise<StoreService> {
  const cluster = await startRedisCluster(3);
  return {
    name: 'redis-cluster',
    rules: { forgets: false, losesTail: false },
    levels: ['memory'],
    maxNodes: 16,
    port: undefined,
    choice: () => ({ kind: 'redis-cluster', nodes: cluster.addresses }),
    faults: {
      acts: {
        // A third of the channels stand still: no node may call itself ready.
        'freeze-master': async ({ durationMs, amount, nodesBecome }) => {
          const master = cluster.masters[amount % cluster.masters.length]!;
          master.freeze();
          try {
            await Promise.all([pause(durationMs), nodesBecome(false)]);
          } finally {
            master.thaw();
          }
          await nodesBecome(true);
        },
      },
    },
    stop: () => cluster.stop(),
  };
}
