import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.js';
import { findFreePort } from './free-port.js';
import { type RedisPair, startRedisPair } from './redis-pair.js';
import { runRedisCli } from './redis.js';
import { until } from './until.js';

export interface RedisSentinels extends RedisPair {
  /** The name of the group. */
  readonly name: string;
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** They take the replica for the master now. */
  failedOver(): Promise<void>;
}

/** Starts a pair that three Sentinels watch, who give up a master after 500 ms. */
export async function startRedisSentinels(settings: readonly string[] = []): Promise<RedisSentinels> {
  const pair = await startRedisPair(settings);
  const name = 'longwave';
  const folder = await mkdtemp(join(tmpdir(), 'longwave-sentinel-'));
  const sentinels: { daemon: Daemon; port: number }[] = [];
  for (let i = 0; i < 3; i++) {
    const port = await findFreePort();
    const file = join(folder, `${i}.conf`);
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${pair.master.port} 2`,
      `sentinel down-after-milliseconds ${name} 500`,
      `sentinel failover-timeout ${name} 3000`,
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    sentinels.push({ port, daemon: await startDaemon(['redis-server', file, '--sentinel'], [port]) });
  }
  const ask = (port: number, ...args: readonly string[]) => runRedisCli(port, ['SENTINEL', ...args]);
  const all = async (isSo: (port: number) => Promise<boolean>): Promise<boolean> =>
    (await Promise.all(sentinels.map(({ port }) => isSo(port)))).every(Boolean);
  await until(() =>
    all(async (port) => {
      const said = (await ask(port, 'MASTER', name)).split('\n');
      const value = (of: string): string | undefined => said[said.indexOf(of) + 1];
      return value('num-other-sentinels') === '2' && value('num-slaves') === '1';
    }),
  );
  return {
    ...pair,
    name,
    addresses: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
    failedOver: () =>
      until(() =>
        all(async (port) => (await ask(port, 'GET-MASTER-ADDR-BY-NAME', name)).includes(`${pair.replica.port}`)),
      ),
    stop: async () => {
      await Promise.all(sentinels.map(({ daemon }) => daemon.stop()));
      await pair.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
