import { type FreezableLink, startLink } from './freezable-link.js';
import { type RedisServer, startRedis } from './redis.js';
import { until } from './until.js';

export interface RedisPair {
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** Between the two. */
  readonly link: FreezableLink;
  /** The replica has all that the master has. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a master with a replica, that is fed through a link which can be frozen. */
export async function startRedisPair(settings: readonly string[] = []): Promise<RedisPair> {
  const master = await startRedis(settings);
  const link = await startLink(master.port);
  const replica = await startRedis([...settings, '--replicaof', `127.0.0.1 ${link.port}`]);
  const caughtUp = async (): Promise<void> => {
    const offsets = await Promise.all(
      [master, replica].map(async (server) => {
        const info = await server.command('INFO', 'replication');
        return /master_link_status:down/.test(info) ? NaN : Number(/(?:slave|master)_repl_offset:(\d+)/.exec(info)?.[1]);
      }),
    );
    if (offsets[1]! < offsets[0]! || Number.isNaN(offsets[1]!)) throw new Error('not yet');
  };
  const pair = {
    master,
    replica,
    link,
    caughtUp: () => until(() => caughtUp().then(() => true)),
    stop: async () => {
      await Promise.all([master.stop(), replica.stop(), link.close()]);
    },
  };
  await pair.caughtUp();
  return pair;
}
