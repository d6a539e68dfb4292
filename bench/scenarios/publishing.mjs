// What fan-out, depth, rooms and slow consumers have in common.
import { countFaults, markSpan } from '../harness/faults.mjs';

/**
 * @param {import('../harness/peers.mjs').Peer} peer
 * @param {{ subscribers: number, rooms?: number, numbers: Record<string, number> }} options
 * @returns {import('../harness/scenario-file.mjs').Scenario}
 */
export function publishTo({ driver }, { subscribers, rooms = 1, numbers }) {
  return {
    mode: 'fan-out',
    numbers: { rooms, 'settle-ms': 100, ...numbers },
    subscriber: { ...driver.subscriber, count: subscribers },
    publisher: { ...driver.publisher, count: driver.publisherPerRoom ? rooms : 1 },
    ...(driver.reset && { reset: driver.reset }),
  };
}

/**
 * Enough publishes and deliveries for the compilers of Node and Bun to have seen them: what is measured is a server that
 * has been up for a while.
 * @param {import('../harness/peers.mjs').Peer} peer
 */
export function warmUp(peer) {
  const numbers = { rate: 1500, 'warmup-ms': 500, 'window-ms': 1000, 'drain-ms': 1000 };
  return publishTo(peer, { subscribers: 20, numbers });
}

/**
 * @param {any} result
 * @returns {import('../harness/benchmark.mjs').Figures}
 */
export function publishingFigures({ window, readers, drainMs }) {
  return {
    cpuUs: (window.serverCpuMs * 1000) / window.verified,
    p50Ms: readers.latency.count ? readers.latency.p50Ms : NaN,
    p99Ms: readers.latency.count ? readers.latency.p99Ms : NaN,
    deliveriesPerS: window.verified / window.seconds,
    deliveriesPerRead: window.verified / window.reads,
    ...countFaults(readers),
    skipped: readers.skipped,
    ...markSpan(window),
    saturated: Number(readers.undelivered > 0 || drainMs > 1000 || window.verified < 0.95 * window.offered),
  };
}
