import { setTimeout as sleep } from 'node:timers/promises';
import { isSample, makeSample, toStored } from '../documents.mjs';
import { withServer } from '../stored.mjs';
import { within } from '../wait.mjs';

/** @typedef {{ readonly inserts: number, readonly tail: number, readonly watchMs: number }} OpenSize */

/** @type {Map<number, import('../documents.mjs').Sample>} */
const samples = new Map();
/** @param {number} inserts */
export function largeSample(inserts) {
  const sample = samples.get(inserts) ?? makeSample({ inserts });
  samples.set(inserts, sample);
  return sample;
}

/**
 * A server that has just started; one client opens a large document. `isCompacted`: without updates that came since a server that
 * compacts has last done so.
 * @param {import('../peers.mjs').Peer} peer @param {OpenSize} size @param {boolean} isCompacted
 */
export function coldOpen(peer, { inserts, tail, watchMs }, isCompacted) {
  const name = 'doc/large';
  const sample = largeSample(inserts);
  const label = isCompacted ? 'compacted' : 'tail';
  const documents = () => [toStored(name, sample, isCompacted ? 0 : tail)];
  return withServer({ server: peer.server, label, documents }, async (server) => {
    /** @type {Uint8Array[]} */
    const updates = [];
    /** @type {{ at: number, cpuMs: number }[]} */
    const used = [];
    let lastAt = NaN;
    const cpuBefore = server.cpuMs();
    const startedAt = performance.now();
    const look = setInterval(() => used.push({ at: performance.now(), cpuMs: server.cpuMs() }), 5);
    const client = peer.open({
      port: server.port,
      name,
      onUpdate: (update) => {
        lastAt = performance.now();
        updates.push(update);
      },
    });
    await within(client.opened, `${peer.name}: a cold open`);
    const openedAt = performance.now();
    // Hocuspocus sends it a second time; Longwave may compact it in its thread.
    await sleep(watchMs);
    clearInterval(look);
    const cpuLater = server.cpuMs();
    const bytesSent = await server.tell('bytesSent');
    await client.close();
    if (!isSample(updates, sample)) throw new Error(`${peer.name}: another document came.`);
    // The first look after the last byte, and half a hundredth of a second for what follows it at once.
    const cpuAtEnd = used.find(({ at }) => at > Math.max(lastAt, openedAt) + 5)?.cpuMs ?? cpuLater;
    return {
      openedMs: openedAt - startedAt,
      lastByteMs: Math.max(lastAt, openedAt) - startedAt,
      cpuMs: cpuAtEnd - cpuBefore,
      cpuLaterMs: cpuLater - cpuAtEnd,
      bytesSent,
    };
  });
}
