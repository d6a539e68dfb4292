// What compose.yaml starts, without containers: Redis with a log on disk, three nodes, and nginx or HAProxy with the files of
// this folder. Clients go through the proxy while nodes are restarted, one is killed, and the proxy is reloaded.
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { findFreePort } from '@longwave/testkit/services';
import { nodeTransport } from '@longwave/node/client';
import { connect } from 'longwave/client';
import { aptInstall } from '../../scripts/lib/apt.mjs';
import { certificate, haproxyFiles, nginxFiles } from './fill.mjs';
import { cache, expect, findProgram, root, say, start, statusOf, take, until } from './run.mjs';

const secret = randomBytes(32).toString('hex');
const cli = 'packages/longwave/bin/longwave.js';
const transport = nodeTransport({ tls: { ca: readFileSync(certificate) } });
const clientCount = 12;

/** @param {string} user */
const tokenOf = (user) => `${user}.${createHmac('sha256', secret).update(user).digest('base64url')}`;
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The configuration of this folder; where the command does not choose the store yet, with Redis named in it. */
function configFile() {
  if (take([process.execPath, cli, 'serve', '--help']).includes('--store')) return 'deploy/longwave.config.mjs';
  mkdirSync(cache, { recursive: true });
  writeFileSync(
    `${cache}longwave.config.mjs`,
    `import { redis } from '@longwave/redis';
export * from '${path.join(root, 'deploy/longwave.config.mjs')}';
export const store = redis({ url: process.env.LONGWAVE_STORE });
`,
  );
  return `${cache}longwave.config.mjs`;
}

/** @param {string} config @param {number} port @param {string} store */
async function startNode(config, port, store) {
  const node = start(
    [process.execPath, cli, 'serve', config, '--host', '127.0.0.1', '--port', String(port), '--drain', '2'],
    { LONGWAVE_STORE: store, LONGWAVE_TOKEN_SECRET: secret, LONGWAVE_API_KEY: 'key', NODE_ENV: 'production' },
  );
  await until(`node on ${port} ready`, async () => (await statusOf(`http://127.0.0.1:${port}/readyz`)) === 200).catch(
    (/** @type {unknown} */ error) => {
      throw new Error(`${error}\n${node.said()}`);
    },
  );
  return node;
}

/** @param {number} port */
async function connectionsOf(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^longwave_connections(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
}

/** Somebody in the room, who holds what comes against what must come. @param {string} url @param {number} i */
function join(url, i) {
  const client = connect(url, { token: tokenOf(`user${i}`), transport });
  /** @type {number[]} */
  const offsets = [];
  const problems = { resets: 0, ended: 0, disorder: 0 };
  const subscription = client
    .channel('chat/lobby')
    .subscribe(
      { from: 'now', onReset: () => problems.resets++, onEnd: () => problems.ended++ },
      (/** @type {unknown} */ _, /** @type {{ offset: number }} */ { offset }) => {
        const last = offsets.at(-1);
        if (last !== undefined && offset !== last + 1) problems.disorder++;
        offsets.push(offset);
      },
    );
  return { client, offsets, problems, ready: subscription.ready };
}

/**
 * @param {string} name
 * @param {(place: import('./fill.mjs').Place) => Record<string, string>} files
 * @param {(folder: string) => string[]} command
 */
async function behind(name, files, command) {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-deploy-'));
  const ports = await Promise.all(Array.from({ length: 6 }, findFreePort));
  const [port = 0, tlsPort = 0, redisPort = 0, ...nodePorts] = ports;
  const store = `redis://127.0.0.1:${redisPort}`;
  const config = configFile();
  for (const [file, text] of Object.entries(files({ port, tlsPort, nodes: nodePorts, folder })))
    writeFileSync(path.join(folder, file), text);
  const redis = start([
    ...['redis-server', '--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
  ]);
  const nodes = await Promise.all(nodePorts.map((each) => startNode(config, each, store)));
  const proxy = start(command(folder));
  const url = `https://localhost:${tlsPort}`;
  /** @type {ReturnType<typeof join>[]} */
  const people = [];
  try {
    await until(`${name} passes requests on`, async () => {
      return (await statusOf(`http://127.0.0.1:${port}/v1/openapi.json`)) === 200;
    });
    expect((await statusOf(`http://127.0.0.1:${port}/metrics`)) === 404, `${name}: /metrics is not for the public`);
    expect((await statusOf(`http://127.0.0.1:${port}/longwave`)) === 426, `${name}: /longwave is passed on`);
    // Half of them over TLS.
    for (let i = 0; i < clientCount; i++) people.push(join(i % 2 ? url : `http://127.0.0.1:${port}`, i));
    await Promise.all(people.map(({ ready }) => ready));
    const shares = await Promise.all(nodePorts.map(connectionsOf));
    expect(
      shares.every((share) => share > 0),
      `${name}: ${clientCount} clients on three nodes: ${shares.join(', ')}`,
    );

    /** @type {number[]} */
    const acked = [];
    const traffic = { on: true };
    const publishing = (async () => {
      for (let n = 0; traffic.on; n++) {
        const { client } = /** @type {ReturnType<typeof join>} */ (people[n % people.length]);
        acked.push((await client.channel('chat/lobby').publish({ n })).position.offset);
        await pause(10);
      }
    })();
    publishing.catch(() => undefined);

    for (const [i, each] of nodePorts.entries()) {
      const node = /** @type {(typeof nodes)[number]} */ (nodes[i]);
      const isKilled = i === 1;
      const ended = node.stop(isKilled ? 'SIGKILL' : 'SIGTERM');
      // A drain goes on for two seconds: who comes meanwhile must get in all the same.
      for (let n = 0; n < 10; n++) {
        const visitor = connect(url, { token: tokenOf('visitor'), transport });
        await visitor.channel('chat/hall').publish({ n }, { timeout: 5000 });
        visitor.close();
      }
      const code = await ended;
      expect(
        code === (isKilled ? 'SIGKILL' : '0'),
        `${name}: node ${i + 1} ended (${code}), visitors got in meanwhile`,
      );
      nodes[i] = await startNode(config, each, store);
    }
    if (name === 'nginx') {
      process.kill(proxy.pid, 'SIGHUP');
      await pause(3000);
    }
    traffic.on = false;
    await publishing;
    const last = Math.max(...acked);
    await until('everything arrived', () => people.every(({ offsets }) => (offsets.at(-1) ?? 0) >= last));
    const sum = { resets: 0, ended: 0, disorder: 0, received: 0 };
    for (const { offsets, problems } of people) {
      sum.resets += problems.resets;
      sum.ended += problems.ended;
      sum.disorder += problems.disorder;
      sum.received += offsets.length;
    }
    const states = `${acked.length} acknowledged, ${sum.received} received by ${clientCount}`;
    expect(new Set(acked).size === acked.length && acked.length > 100, `${name}: ${states}, no offset twice`);
    expect(
      sum.resets + sum.ended + sum.disorder === 0 && sum.received === acked.length * clientCount,
      `${name}: nothing lost, repeated or reordered, no reset`,
    );
  } catch (error) {
    throw new Error(`${/** @type {Error} */ (error).message}\n${proxy.said()}`, { cause: error });
  } finally {
    for (const { client } of people) client.close();
    // Killed, the proxy would leave its workers behind.
    await Promise.all([proxy.stop('SIGTERM'), ...[...nodes, redis].map(({ stop }) => stop('SIGKILL'))]);
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function checkCluster() {
  const missing = ['redis-server', 'nginx', 'haproxy'].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) await aptInstall(missing);
  const nginx = findProgram('nginx');
  const haproxy = findProgram('haproxy');
  if (!nginx || !haproxy || !findProgram('redis-server')) {
    throw new Error('It takes redis-server, nginx and haproxy: sudo apt-get install redis-server nginx haproxy');
  }
  say('  Redis, three nodes, nginx');
  await behind('nginx', nginxFiles, (folder) => [nginx, '-e', 'stderr', '-c', `${folder}/nginx.conf`]);
  say('  Redis, three nodes, HAProxy');
  await behind('HAProxy', haproxyFiles, (folder) => [haproxy, '-db', '-q', '-f', `${folder}/haproxy.cfg`]);
}
