import { setTimeout as sleep } from 'node:timers/promises';
import { cpuNs } from '../harness/cpu.mjs';
import { startServer } from '../harness/server-process.mjs';
import { pollingPeers } from './clients.mjs';

/**
 * Holds what a client receives against what was published: each message once, in order, none missing.
 */
class Receiver {
  next = 0;
  faults = 0;
  /** @type {number[]} */
  latencies = [];

  /** @param {string} text */
  take(text) {
    const { n, sentAt } = JSON.parse(text);
    if (n < 0) return;
    if (n !== this.next) this.faults++;
    this.next = n + 1;
    this.latencies.push(performance.now() - sentAt);
  }
}

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

/** Messages before those that count: a server that has just started compiles what it runs. */
const warmups = 40;

/**
 * One peer, alone: `clients` poll, one publishes at `rate` messages a second (open loop; 0: nobody says anything).
 * @param {string} name
 * @param {{ readonly clients: number, readonly rate: number, readonly seconds: number }} cell
 */
export async function measure(name, { clients, rate, seconds }) {
  const peer = /** @type {(typeof pollingPeers)[string]} */ (pollingPeers[name]);
  const server = await startServer([process.execPath, peer.file]);
  const receivers = Array.from({ length: clients }, () => new Receiver());
  const pollers = receivers.map((receiver) => peer.create(server.port, (text) => receiver.take(text)));
  const publisher = peer.create(server.port, () => {});
  try {
    await publisher.open();
    for (let i = 0; i < clients; i += 50) await Promise.all(pollers.slice(i, i + 50).map((poller) => poller.open()));
    let over = false;
    const running = pollers.map(async (poller) => {
      try {
        await poller.run();
      } catch (error) {
        // What was under way at the end is cut off.
        if (!over) throw error;
      }
    });
    await sleep(1000);
    // One after the other: what a client sends over several connections at once may overtake itself.
    let sent = Promise.resolve();
    const publish = (/** @type {object} */ message) =>
      (sent = sent.then(() => publisher.publish(JSON.stringify(message))));
    for (let n = 0; rate > 0 && n < warmups; n++) {
      void publish({ n: -1 });
      await sleep(100);
    }
    await sent;
    await sleep(500);
    const requestsBefore = pollers.reduce((sum, { http }) => sum + http.requests, 0);
    const cpuBefore = cpuNs(server.pid);
    const startedAt = performance.now();
    const total = Math.round(rate * seconds);
    for (let n = 0; n < total; n++) {
      const waitMs = startedAt + (n * 1000) / rate - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      void publish({ n, sentAt: performance.now(), pad: 'x'.repeat(32) });
    }
    const restMs = startedAt + seconds * 1000 - performance.now();
    if (restMs > 0) await sleep(restMs);
    const deadline = performance.now() + 5000;
    while (receivers.some(({ next }) => next < total) && performance.now() < deadline) await sleep(10);
    const cpuUs = (cpuNs(server.pid) - cpuBefore) / 1000;
    const requests = pollers.reduce((sum, { http }) => sum + http.requests, 0) - requestsBefore;
    over = true;
    for (const poller of [...pollers, publisher]) poller.stop();
    await Promise.all(running);
    const latencies = receivers.flatMap((receiver) => receiver.latencies).sort((a, b) => a - b);
    const delivered = latencies.length;
    return {
      cpuUsPerDelivery: delivered > 0 ? cpuUs / delivered : NaN,
      cpuUsPerClientMinute: (cpuUs / clients / seconds) * 60,
      requestsPerClientMinute: (requests / clients / seconds) * 60,
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      lost: receivers.reduce((sum, { next }) => sum + total - next, 0),
      faults: receivers.reduce((sum, receiver) => sum + receiver.faults, 0),
    };
  } finally {
    await server.stop();
  }
}
