// node bench/stores/workers.mjs [--rate 300] [--subscribers 500]: what a second worker adds. For each number of workers there are as many
// times the subscribers, so that each worker does the same; how much less CPU time a delivery takes, or more, is what it scales by.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connect } from 'longwave/client';
import { describeEnvironment } from '../harness/environment.mjs';
import { RawClient } from '../state/raw-client.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '300' },
    subscribers: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '8' },
    repetitions: { type: 'string', default: '3' },
  },
});
const [rate, subscribers, seconds, repetitions] = [
  values.rate,
  values.subscribers,
  values.seconds,
  values.repetitions,
].map(Number);
const bin = fileURLToPath(new URL('../../packages/longwave/bin/longwave.js', import.meta.url));

/** Nanoseconds on a core, of all threads. @param {number} pid */
function cpuOf(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );
}

/** @param {number} pid */
function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** @param {number} workers */
async function measure(workers) {
  const folder = mkdtempSync(join(tmpdir(), 'longwave-bench-'));
  const args = [
    'serve',
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--drain',
    '0',
    '--workers',
    String(workers),
    '--store',
    `lmdb:${folder}`,
  ];
  const server = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => {
    createInterface(server.stdout).on('line', (line) => {
      const match = /listens on \S+:(\d+)/.exec(line);
      if (match) resolve(Number(match[1]));
    });
  });
  const clients = await Promise.all(
    Array.from({ length: /** @type {number} */ (subscribers) * workers }, async (_, i) => {
      const client = await new RawClient(port).open();
      client.send({ type: 'connect', version: 1, client: `c${i}` }, { type: 'subscribe', id: 1, channel: 'room/a' });
      client.stay();
      return client;
    }),
  );
  const publisher = connect(`http://127.0.0.1:${port}`, { transport: 'websocket' });
  const room = publisher.channel('room/a');
  const payload = 'x'.repeat(64);
  let published = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * /** @type {number} */ (rate));
    for (; published < due; published++) room.publish(payload).catch(() => {});
  }, 5);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const pids =
    workers === 1 && childrenOf(/** @type {number} */ (server.pid)).length === 0
      ? [server.pid]
      : childrenOf(/** @type {number} */ (server.pid));
  const before = {
    cpu: pids.map((pid) => cpuOf(/** @type {number} */ (pid))),
    bytes: clients.map(({ bytes }) => bytes),
    published,
  };
  await new Promise((resolve) => setTimeout(resolve, /** @type {number} */ (seconds) * 1000));
  const cpu = pids.map((pid, i) => cpuOf(/** @type {number} */ (pid)) - /** @type {number} */ (before.cpu[i]));
  const deliveries = (published - before.published) * clients.length;
  clearInterval(timer);
  // Everything came to everybody.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const bytes = new Set(clients.map((client) => client.bytes));
  for (const client of clients) client.close();
  publisher.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
  const micros = cpu.reduce((sum, one) => sum + one, 0) / 1000 / deliveries;
  const share = cpu.map((one) => Math.round((one / 1e9 / /** @type {number} */ (seconds)) * 100));
  return {
    workers,
    clients: clients.length,
    perSecond: Math.round(deliveries / /** @type {number} */ (seconds)),
    micros,
    share,
    spread: Math.max(...bytes) - Math.min(...bytes),
  };
}

/** @type {Map<number, Awaited<ReturnType<typeof measure>>[]>} */
const found = new Map([
  [1, []],
  [2, []],
]);
for (let round = 0; round < /** @type {number} */ (repetitions); round++) {
  for (const workers of round % 2 === 0 ? [1, 2] : [2, 1]) found.get(workers)?.push(await measure(workers));
}
const rows = [...found.values()].map(
  (runs) => runs.toSorted((a, b) => a.micros - b.micros)[Math.floor(runs.length / 2)],
);
console.table(rows.map((row) => ({ ...row, share: row?.share.join(' ') })));
const scale = (2 * /** @type {any} */ (rows[0]).micros) / /** @type {any} */ (rows[1]).micros;
console.log(`Two workers on two cores of their own do ${scale.toFixed(2)} times what one does.`);
const text = JSON.stringify({ environment: describeEnvironment(), rate, rows, scale }, null, 2);
writeFileSync(new URL('../results/workers.json', import.meta.url), `${text}\n`);
process.exit(0);
