import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatorCore, serverCore } from '../harness/cores.mjs';
import { startChild } from './child.mjs';

const round = (/** @type {number} */ value) => Number(value.toPrecision(3));

/** Redis as compose.yaml has it, on the core of the servers. */
async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-sizing-'));
  const settings = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const child = spawn('taskset', ['-c', String(serverCore), 'redis-server', ...place, ...settings], {
    stdio: 'ignore',
  });
  const ask = (/** @type {string[]} */ ...words) =>
    execFileSync('redis-cli', ['-p', String(port), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  for (let tries = 0; ; tries++) {
    try {
      if (ask('ping').startsWith('PONG')) break;
    } catch (error) {
      if (tries > 100) throw error;
    }
    await sleep(50);
  }
  const field = (/** @type {string} */ text, /** @type {RegExp} */ name) => Number(name.exec(text)?.[1] ?? 0);
  return {
    url: `redis://127.0.0.1:${port}`,
    use: () => {
      const cpu = ask('info', 'cpu');
      return {
        at: performance.now(),
        cpuUs: 1e6 * (field(cpu, /used_cpu_sys:([\d.]+)/) + field(cpu, /used_cpu_user:([\d.]+)/)),
        scripts: field(ask('info', 'commandstats'), /cmdstat_evalsha:calls=(\d+)/),
      };
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What nodes cost Redis: each of them when nothing happens, an append, and an announcement to a node that watches.
 * @param {{ seconds: number, perSecond: number }} options
 */
export async function store({ seconds, perSecond }) {
  const redis = await startRedis();
  /** @type {Awaited<ReturnType<typeof startChild>>[]} */
  const nodes = [];
  const clients = await startChild('clients.mjs', generatorCore);
  const node = async () => {
    const child = await startChild('server.mjs', generatorCore, ['--redis', redis.url]);
    nodes.push(child);
    return child;
  };
  const rate = async () => {
    const before = redis.use();
    await sleep(seconds * 1000);
    const after = redis.use();
    const elapsed = (after.at - before.at) / 1000;
    return { cpuUs: (after.cpuUs - before.cpuUs) / elapsed, scripts: (after.scripts - before.scripts) / elapsed };
  };
  /** CPU of Redis for a second in which so much is published that so many nodes watch. */
  const publishing = async (/** @type {number} */ watching) => {
    for (const { port } of nodes.slice(1, 1 + watching)) await clients.tell('open', { port, tls: false, count: 1 });
    await sleep(500);
    await nodes[0]?.tell('publish', { channel: 'room/s0', batch: 10, perSecond, bytes: 100 });
    await sleep(500);
    const before = await nodes[0]?.tell('use');
    const busy = await rate();
    const after = await nodes[0]?.tell('use');
    await nodes[0]?.tell('stop');
    await sleep(500);
    return { busy, published: (after.published - before.published) / seconds };
  };
  try {
    const empty = await rate();
    await node();
    await sleep(1000);
    const one = await rate();
    for (let i = 0; i < 2; i++) await node();
    await sleep(1000);
    const three = await rate();
    const unwatched = await publishing(0);
    const watched = await publishing(2);
    const perAppend = (unwatched.busy.cpuUs - three.cpuUs) / unwatched.published;
    return {
      'scripts/s of an idle node': Math.round((three.scripts - one.scripts) / 2),
      'Redis us/s for an idle node': Math.round((three.cpuUs - one.cpuUs) / 2),
      'Redis us/s by itself': Math.round(empty.cpuUs),
      'messages/s': Math.round(watched.published),
      'Redis us per append': round(perAppend),
      'Redis us per announcement to a node': round(
        ((watched.busy.cpuUs - three.cpuUs) / watched.published - perAppend) / 2,
      ),
    };
  } finally {
    for (const child of [clients, ...nodes]) await child.stop();
    await redis.stop();
  }
}
