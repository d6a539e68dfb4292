import { type RedisServer, startRedis, until } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

/** Commands of replication, which can be refused while everything else is served. */
const replication = [
  ...['--user', 'replication', 'on', 'nopass', '~*', '&*', '+@all'],
  ...['--masteruser', 'replication', '--masterauth', 'any'],
];

/**
 * A master with a replica, and nothing on a disk. In a failover the replica, which has heard nothing for a while, takes the place of
 * the master, which is killed: the end of the logs is lost, and everybody who had it has to be told.
 */
export async function startRedisFailover(): Promise<StoreService> {
  const pair = [await startRedis(replication), await startRedis(replication)];
  const roles = { master: pair[0]!, replica: pair[1]! };
  await follow(roles.replica, roles.master);

  return {
    name: 'redis-failover',
    rules: { forgets: false, losesTail: true },
    levels: ['memory'],
    maxNodes: 16,
    get port() {
      return roles.master.port;
    },
    choice: (port) => ({ kind: 'redis', url: `redis://127.0.0.1:${port}`, durability: 'memory' }),
    faults: {
      freeze: async (forMs) => {
        const { master } = roles;
        master.freeze();
        await pause(forMs);
        master.thaw();
      },
      failOver: async (staleMs, onPromoted) => {
        const { master, replica } = roles;
        await master.command('ACL', 'SETUSER', 'replication', 'off');
        await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
        await pause(staleMs);
        await master.kill();
        await replicate(replica, 'NO', 'ONE');
        roles.master = replica;
        roles.replica = master;
        // Before the old one is back: until it follows it is empty, and nobody may be led to it.
        onPromoted();
        await master.restart();
        await follow(master, replica);
      },
    },
    stop: async () => {
      await Promise.all(pair.map((server) => server.stop()));
    },
  };
}

/** One that has just started may be loading what it had, and refuses meanwhile. */
function replicate(server: RedisServer, ...from: readonly [host: string, port: string]): Promise<void> {
  return until(async () => (await server.command('REPLICAOF', ...from)).startsWith('OK'));
}

async function follow(replica: RedisServer, master: RedisServer): Promise<void> {
  await replicate(replica, '127.0.0.1', `${master.port}`);
  await until(async () => (await replica.command('INFO', 'replication')).includes('master_link_status:up'));
}
