// One process: publishes to a store as fast as it acknowledges, and prints what it measured as JSON.
// node publish.mjs URL IN_FLIGHT SECONDS CHANNELS
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { openStore } from './open-store.mjs';

const [url, inFlight, seconds, channels] = /** @type {[string, string, string, string]} */ (process.argv.slice(2));
const retain = { count: 1000, bytes: 1e9, ageMs: 1e12 };
const payload = JSON.stringify({ text: 'x'.repeat(88) });
const store = await openStore(url === 'memory' ? undefined : url);
/** Milliseconds. @type {number[]} */
let latencies = [];
let acked = 0;
let seq = 0;
let running = true;

/** @param {number} worker */
async function publish(worker) {
  const channel = `bench/${worker % Number(channels)}`;
  while (running) {
    const startedAt = performance.now();
    await store.append(channel, { payload, producer: { id: `p${process.pid}-${worker}`, seq: ++seq } }, retain);
    latencies.push(performance.now() - startedAt);
    acked++;
  }
}

// Until the store is there.
for (;;) {
  try {
    await store.append('bench/ready', { payload }, retain);
    break;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const workers = Array.from({ length: Number(inFlight) }, (_, worker) => publish(worker));
await new Promise((resolve) => setTimeout(resolve, 1000));
latencies = [];
acked = 0;
const startedAt = performance.now();
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
const elapsed = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(before);
const count = acked;
const sorted = latencies.toSorted((a, b) => a - b);
running = false;
await Promise.all(workers);
await store.close();
const at = (/** @type {number} */ share) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
const perSecond = Math.round(count / elapsed);
const cpuMicros = Number(((cpu.user + cpu.system) / count).toFixed(1));
console.log(JSON.stringify({ perSecond, p50: at(0.5), p99: at(0.99), max: at(0.99999), cpuMicros }));
process.exit(0);
