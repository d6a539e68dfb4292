import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatorCore, serverCore } from '../harness/cores.mjs';
import { slope } from '../harness/statistics.mjs';
import { startChild } from './child.mjs';

/** @typedef {Awaited<ReturnType<typeof startChild>>} Child */

/** @param {number} value @param {number} [digits] */
const round = (value, digits = 3) => Number(value.toPrecision(digits));

/** KiB that the kernel holds for sockets and files: slabs and TCP buffers, of all processes. */
function kernelKib() {
  const slab = Number(/^Slab: +(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  const pages = Number(/^TCP:.* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1]);
  return slab + pages * 4;
}

/**
 * @template T
 * @param {boolean} tls
 * @param {(server: Child, clients: Child, target: { port: number, tls: boolean, resume: boolean }) => Promise<T>} work
 */
async function withServer(tls, work) {
  const server = await startChild('server.mjs', serverCore, tls ? ['--tls'] : []);
  const clients = await startChild('clients.mjs', generatorCore);
  try {
    return await work(server, clients, { port: server.port, tls, resume: false });
  } finally {
    await clients.stop();
    await server.stop();
  }
}

/** Memory of an idle connection with one subscription: the slope over the stages, after a warm-up that is gone again. */
export const idle = (/** @type {{ tls: boolean, stages: readonly number[] }} */ { tls, stages }) =>
  withServer(tls, async (server, clients, target) => {
    await clients.tell('open', { ...target, count: stages[0] });
    await clients.tell('close');
    await sleep(1000);
    /** @type {[number, number][]} */
    const user = [];
    /** @type {[number, number][]} */
    const kernel = [];
    let opened = 0;
    for (const stage of stages) {
      await clients.tell('open', { ...target, count: stage - opened });
      opened = stage;
      await sleep(1000);
      const { rss, connections } = await server.tell('figures');
      user.push([connections, rss / 1024]);
      kernel.push([connections, kernelKib()]);
    }
    return {
      tls,
      connections: opened,
      'KiB of the process': round(slope(user)),
      // Both ends are on this machine.
      'KiB of the kernel': round(slope(kernel) / 2),
    };
  });

/** What it costs to let somebody in, as in a storm: upgrade, connect, subscribe; over TLS with a handshake, whole or resumed. */
export const connects = (/** @type {{ tls: boolean, resume: boolean, count: number }} */ { tls, resume, count }) =>
  withServer(tls, async (server, clients, target) => {
    // Warm, and with a session to resume.
    await clients.tell('open', { ...target, count: Math.ceil(count / 5) });
    await clients.tell('close');
    const before = await server.tell('use');
    await clients.tell('open', { ...target, resume, count, concurrency: 128 });
    const after = await server.tell('use');
    return {
      tls,
      resumed: await clients.tell('resumed'),
      connections: after.connections,
      'CPU us each': round((after.cpuUs - before.cpuUs) / count),
      'per second here': Math.round(count / ((after.at - before.at) / 1000)),
    };
  });

/** One channel with many subscribers: `batch` messages at once, so many times a second that the core is not full. */
export const fanOut = (
  /** @type {{ subscribers: number, batch: number, perSecond: number, seconds: number, bytes?: number }} */ options,
) =>
  withServer(false, async (server, clients, target) => {
    const { subscribers, batch, perSecond, seconds, bytes = 100 } = options;
    await clients.tell('open', { ...target, count: subscribers });
    await server.tell('publish', { channel: 'room/s0', batch, perSecond, bytes });
    await sleep(2000);
    const before = await server.tell('use');
    await sleep(seconds * 1000);
    const after = await server.tell('use');
    await server.tell('stop');
    await sleep(2500);
    const { least, most, gone } = await clients.tell('bytes');
    const delivered = after.delivered - before.delivered;
    const elapsed = (after.at - before.at) / 1000;
    const cpuUs = after.cpuUs - before.cpuUs;
    return {
      subscribers,
      batch,
      'messages/s': Math.round((after.published - before.published) / elapsed),
      'deliveries/s': Math.round(delivered / elapsed),
      'CPU us per delivery': round(cpuUs / delivered),
      'cpu %': Math.round(cpuUs / elapsed / 1e4),
      // A ping or two more or less.
      'all equal': gone === 0 && most - least < 1000,
    };
  });

/** Memory of a watched channel: as many subscriptions to channels of their own as to channels that all share, subtracted. */
export async function channels(
  /** @type {{ connections: number, each: number, messages: number, bytes?: number }} */ options,
) {
  const { connections, each, messages, bytes = 100 } = options;
  const measure = (/** @type {object} */ which) =>
    withServer(false, async (server, clients, target) => {
      await clients.tell('open', { ...target, ...which, count: Math.ceil(connections / 10) });
      await clients.tell('close');
      await sleep(500);
      const before = await server.tell('figures');
      await clients.tell('open', { ...target, ...which, count: connections });
      if (messages > 0) await server.tell('fill', { channels: await clients.tell('names'), messages, bytes });
      await sleep(1000);
      const after = await server.tell('figures');
      return (after.rss - before.rss) / 1024;
    });
  const own = await measure({ own: each });
  const shared = await measure({ shared: each });
  const count = connections * each;
  return {
    channels: count,
    'messages each': messages,
    'KiB per channel': round((own - shared) / count),
    'KiB per subscription': round(shared / count),
  };
}

/** What an idle connection costs: a ping and its answer each heartbeat. */
export const heartbeat = (/** @type {{ connections: number, seconds: number }} */ { connections, seconds }) =>
  withServer(false, async (server, clients, target) => {
    const rate = async () => {
      const before = await server.tell('use');
      await sleep(seconds * 1000);
      const after = await server.tell('use');
      return (after.cpuUs - before.cpuUs) / ((after.at - before.at) / 1000);
    };
    const empty = await rate();
    await clients.tell('open', { ...target, count: connections });
    await sleep(2000);
    const full = await rate();
    const { gone } = await clients.tell('bytes');
    return { connections, 'CPU us per heartbeat': round(((full - empty) / connections) * 10), gone };
  });
