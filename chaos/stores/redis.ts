import { startRedis } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

/** One server that writes each append to the disk before it answers: whatever befalls it, nothing acknowledged may be gone. */
export async function startRedisStore(): Promise<StoreService> {
  const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  return {
    name: 'redis',
    rules: { forgets: false, losesTail: false },
    maxNodes: 16,
    port: server.port,
    choice: (port) => ({ kind: 'redis', url: `redis://127.0.0.1:${port}`, durability: 'disk' }),
    faults: {
      kill: async (downMs) => {
        await server.kill();
        await pause(downMs);
        await server.restart();
      },
      freeze: async (forMs) => {
        server.freeze();
        await pause(forMs);
        server.thaw();
      },
    },
    stop: () => server.stop(),
  };
}
