import { findFreePort } from './free-port.js';
import { type RedisServer, runRedisCli, startRedis } from './redis.js';
import { until } from './until.js';

export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  /** One for each master, if there are any. */
  readonly replicas: readonly RedisServer[];
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Moves a slot with its keys to another master. */
  moveSlot(slot: number, to: RedisServer): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Cluster of three masters or more, each with a replica if `replicas` says so, that fails over after a second. */
export async function startRedisCluster(masterCount: number, replicas = false): Promise<RedisCluster> {
  const settings = [
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '1000',
    '--cluster-replica-validity-factor',
    '0',
  ];
  const start = async (): Promise<RedisServer> => {
    const [port, busPort] = [await findFreePort(), await findFreePort()];
    return startRedis([...settings, '--cluster-port', `${busPort}`], port);
  };
  const servers = await Promise.all(Array.from({ length: masterCount * (replicas ? 2 : 1) }, start));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    await join(servers, masterCount);
  } catch (error) {
    await stop();
    throw error;
  }
  const roles = await Promise.all(servers.map((server) => server.command('ROLE')));
  const masters = servers.filter((_, i) => roles[i]!.startsWith('master'));
  const idOf = (server: RedisServer) => server.command('CLUSTER', 'MYID');
  return {
    masters,
    replicas: servers.filter((server) => !masters.includes(server)),
    addresses: servers.map(({ port }) => ({ host: '127.0.0.1', port })),
    moveSlot: async (slot, to) => {
      const from = await ownerOf(masters, slot);
      const [source, target] = [await idOf(from), await idOf(to)];
      await to.command('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', source);
      await from.command('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', target);
      for (;;) {
        const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', `${slot}`, '100')).split('\n').filter(Boolean);
        if (keys.length === 0) break;
        await from.command('MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '5000', 'KEYS', ...keys);
      }
      for (const server of [to, from, ...masters]) {
        await server.command('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', target);
      }
    },
    stop,
  };
}

/** Makes one Cluster of them, in which everybody knows everybody. */
async function join(servers: readonly RedisServer[], masterCount: number): Promise<void> {
  await runRedisCli(servers[0]!.port, [
    ...['--cluster', 'create', ...servers.map(({ port }) => `127.0.0.1:${port}`)],
    ...['--cluster-replicas', servers.length > masterCount ? '1' : '0', '--cluster-yes'],
  ]);
  await until(async () => {
    const said = await Promise.all(servers.map((server) => server.command('CLUSTER', 'INFO')));
    const nodes = await Promise.all(servers.map((server) => server.command('CLUSTER', 'NODES')));
    const known = nodes.every((text) => (text.match(/\bslave /g) ?? []).length === servers.length - masterCount);
    return known && said.every((text) => text.includes('cluster_state:ok'));
  });
}

async function ownerOf(masters: readonly RedisServer[], slot: number): Promise<RedisServer> {
  for (const server of masters) {
    const mine = await server.command('CLUSTER', 'NODES');
    const ranges = /myself[^\n]*connected (.*)/.exec(mine)?.[1]?.split(' ') ?? [];
    const has = ranges.some((range) => {
      const [first, last = first] = range.split('-').map(Number);
      return first! <= slot && slot <= last!;
    });
    if (has) return server;
  }
  throw new Error(`No master has slot ${slot}.`);
}
