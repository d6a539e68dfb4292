import { type RedisServer, startRedis } from './redis.js';
import { until } from './until.js';

export interface RedisPair {
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** From now on the replica gets nothing, and still answers. */
  holdReplication(): Promise<void>;
  resumeReplication(): Promise<void>;
  /** Resolves when the replica has all that the master has. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a master with a replica. */
export async function startRedisPair(settings: readonly string[] = []): Promise<RedisPair> {
  // A user of its own, who can be turned away while everybody else is served.
  const user = ['--user', 'replication', 'on', 'nopass', '~*', '&*', '+@all'];
  const all = [...settings, ...user, '--masteruser', 'replication', '--masterauth', 'any'];
  const master = await startRedis(all);
  const replica = await startRedis([...all, '--replicaof', '127.0.0.1', `${master.port}`]);
  const hasAll = async (): Promise<boolean> => {
    const [there, here] = await Promise.all([master, replica].map((server) => server.command('INFO', 'replication')));
    const offset = Number(/slave_repl_offset:(\d+)/.exec(here!)?.[1]);
    return here!.includes('master_link_status:up') && offset >= Number(/master_repl_offset:(\d+)/.exec(there!)?.[1]);
  };
  const caughtUp = () => until(hasAll);
  await caughtUp();
  return {
    master,
    replica,
    holdReplication: async () => {
      await master.command('ACL', 'SETUSER', 'replication', 'off');
      await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
    },
    resumeReplication: async () => {
      await master.command('ACL', 'SETUSER', 'replication', 'on');
      await caughtUp();
    },
    caughtUp,
    stop: async () => {
      await Promise.all([master.stop(), replica.stop()]);
    },
  };
}
