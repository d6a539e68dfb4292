import assert from 'node:assert/strict';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { raw } from '../drivers/raw.mjs';
import { countFaults, faultNames } from '../harness/faults.mjs';
import { generate } from '../harness/generate.mjs';
import { startServer } from '../harness/server-process.mjs';
import { reportCapacity } from './capacity.mjs';
import { deliveries, lateByMs } from './deliveries.mjs';
import { faults } from './faults.mjs';

const subscribers = 6;
const rooms = 2;
const rate = 1000;
const warmupMs = 200;
const windowMs = 1800;
const messages = (rate * (warmupMs + windowMs)) / 1000;
/** One at every hundredth message of each room. */
const planted = messages / 100;

/**
 * @param {string} behaviour
 * @param {number} drainMs
 */
async function run(behaviour, drainMs) {
  const server = await startServer([execPath, fileURLToPath(new URL('faulty-server.mjs', import.meta.url)), behaviour]);
  try {
    return await generate(
      {
        mode: 'fan-out',
        numbers: {
          rate,
          rooms,
          'warmup-ms': warmupMs,
          'window-ms': windowMs,
          'drain-ms': drainMs,
          'settle-ms': 50,
          'limit-s': 30,
        },
        reset: '"reset"',
        subscriber: { ...raw.subscriber, count: subscribers },
        publisher: { .../** @type {import('../harness/peers.mjs').Speaker} */ (raw.publisher), count: rooms },
      },
      server,
    );
  } finally {
    await server.stop();
  }
}

const all = (messages * subscribers) / rooms;
/** @type {Record<string, number>} */
const clean = {
  verified: all,
  undelivered: 0,
  resets: 0,
  skipped: 0,
  ...Object.fromEntries(faultNames.map((name) => [name, 0])),
};

/** @param {any} readers */
const observed = (readers) => {
  const { verified, undelivered, resets, skipped } = readers;
  return { verified, undelivered, resets, skipped, ...countFaults(readers) };
};

for (const behaviour of ['honest', ...Object.keys(deliveries)]) {
  const { readers } = await run(behaviour, 10_000);
  assert.deepEqual(observed(readers), clean, behaviour);
  if (behaviour.startsWith('late'))
    assert.ok(readers.latency.p50Ms >= lateByMs, `${behaviour}: ${readers.latency.p50Ms} ms`);
  console.log(`ok: ${behaviour}: ${all} deliveries, no fault found`);
}

/** A fault in a room's last message shows as undelivered only: nothing comes later that would prove it. */
const seen = planted - rooms;

/** @type {Record<string, Record<string, number>>} */
const expected = {
  lost: { lost: seen, undelivered: rooms, verified: all - planted },
  duplicated: { duplicated: planted },
  // The last one is held back for a message that never comes.
  reordered: { reordered: seen, undelivered: rooms, verified: all - rooms },
  corrupt: { corrupt: planted, lost: seen, undelivered: rooms, verified: all - planted },
  // The copy is altered to belong to room 000; in that room it is an ordinary duplicate.
  misrouted: { misrouted: planted / rooms, duplicated: planted / rooms },
  announced: { resets: seen, skipped: seen, undelivered: rooms, verified: all - planted },
};

for (const name of Object.keys(faults)) {
  const { readers } = await run(name, 2000);
  assert.deepEqual(observed(readers), { ...clean, ...expected[name] }, name);
  console.log(`ok: ${name}: planted and found exactly`);
}

await reportCapacity();
