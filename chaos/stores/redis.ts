import { startRedis } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

/** One server that writes each append to the disk before it answers: whatever befalls it, nothing acknowledged may be gone. */
export async function startRedisStore(): Promise<StoreService> {
  const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  return {
    name: 'redis',
    rules: { forgets: false, losesTail: false },
    levels: ['disk'],
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
      acts: {
        'delete-channel': async ({ amount }) => {
          // `{longwave:71}c:log/l0`
          const nameOf = (key: string) => key.slice(key.indexOf(':', key.indexOf('}')) + 1);
          const keys = (await server.command('KEYS', '*:log/*')).split('\n').filter((key) => key !== '');
          const names = [...new Set(keys.map(nameOf))].toSorted();
          const name = names[amount % Math.max(1, names.length)];
          const gone = keys.filter((key) => nameOf(key) === name);
          if (gone.length > 0) await server.command('DEL', ...gone);
          return { touches: (channel) => channel === name };
        },
        // Appends fail while it does not write to the disk, and go on afterwards.
        'edit-settings': async ({ durationMs, amount }) => {
          const [name, edited, usual]: readonly [string, string, string] =
            amount % 2 === 0 ? ['appendonly', 'no', 'yes'] : ['maxmemory-policy', 'allkeys-lru', 'noeviction'];
          await server.command('CONFIG', 'SET', name, edited);
          await pause(durationMs);
          await server.command('CONFIG', 'SET', name, usual);
        },
      },
    },
    stop: () => server.stop(),
  };
}
