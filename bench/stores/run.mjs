// node bench/stores/run.mjs [publish] [fan-out]: acknowledged publishes a second on each store, and what fan-out costs a node over it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startNats, startRedis } from '@longwave/testkit/services';
import { describeEnvironment } from '../harness/environment.mjs';

const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const wants = (/** @type {string} */ name) => only.length === 0 || only.includes(name);
const seconds = 5;
const repetitions = 3;
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'longwave-bench-'));
const [redis, redisAlways, nats] = await Promise.all([
  startRedis(),
  startRedis(['--appendonly', 'yes', '--appendfsync', 'always']),
  startNats(),
]);
const natsUrl = `nats://${nats.url}`;
/** @type {Record<string, string>} */
const stores = {
  'lmdb (fsync)': `lmdb:${join(folder, 'lmdb')}`,
  'redis (appendfsync always)': redisAlways.url,
  'redis (memory)': redis.url,
  'nats (file, sync_interval 2 min)': natsUrl,
};
/** @type {Record<string, unknown>} */
const results = {};

if (wants('publish')) {
  /** @type {any[]} */
  const rows = [];
  for (const inFlight of [1, 64, 1024]) {
    /** @type {Map<string, any[]>} */
    const measured = new Map(Object.keys(stores).map((name) => [name, []]));
    for (let round = 0; round < repetitions; round++) {
      const names = round % 2 === 0 ? Object.keys(stores) : Object.keys(stores).toReversed();
      for (const name of names) {
        const args = [here('publish.mjs'), stores[name], String(inFlight), String(seconds), '64'];
        const output = execFileSync(process.execPath, /** @type {string[]} */ (args), { encoding: 'utf8' });
        measured.get(name)?.push(JSON.parse(output));
      }
    }
    for (const [store, found] of measured) {
      const median = (/** @type {string} */ key) =>
        found.map((one) => one[key]).toSorted((a, b) => a - b)[Math.floor(found.length / 2)];
      rows.push({
        store,
        inFlight,
        ...Object.fromEntries(['perSecond', 'p50', 'p99', 'max', 'cpuMicros'].map((key) => [key, median(key)])),
      });
    }
  }
  console.table(rows);
  results['publish'] = rows;
}

if (wants('fan-out')) {
  const names = ['longwave', 'longwave-lmdb', 'longwave-redis', 'longwave-nats'];
  const out = join(folder, 'fan-out.json');
  spawnSync(
    process.execPath,
    [here('../run.mjs'), '--only', 'fan-out', '--peers', names.join(','), '--repetitions', '3', '--out', out],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        LONGWAVE_BENCH_STORES: `lmdb=lmdb:${join(folder, 'fan-out')},redis=${redis.url},nats=${natsUrl}`,
      },
    },
  );
  results['fanOut'] = JSON.parse(readFileSync(out, 'utf8'));
}

if (only.length === 0) {
  const text = JSON.stringify({ environment: describeEnvironment(), results }, null, 2);
  writeFileSync(new URL('../results/stores.json', import.meta.url), `${text}\n`);
}
await Promise.all([redis.stop(), redisAlways.stop(), nats.stop()]);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
