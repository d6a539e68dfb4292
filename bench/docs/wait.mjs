import { setTimeout as sleep } from 'node:timers/promises';
import { isSample } from './documents.mjs';

/** Rejects when it takes longer: a benchmark never hangs. @template T @param {Promise<T>} promise @param {string} what */
export async function within(promise, what, limitMs = 60_000) {
  const limit = new AbortController();
  const late = sleep(limitMs, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`${what} took more than ${limitMs} ms.`);
  });
  // When it is not awaited any more.
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    limit.abort();
  }
}

/** @param {() => boolean} holds @param {string} what */
export async function until(holds, what, limitMs = 30_000) {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms.`);
    await sleep(10);
  }
}

/**
 * Opens a document, and resolves when all of it has come: some servers answer before they have read it.
 * @param {import('./peers.mjs').Peer} peer @param {import('./clients/client.mjs').Opening} opening @param {import('./documents.mjs').Sample} sample
 */
export async function openWhole(peer, opening, sample) {
  /** @type {Uint8Array[]} */
  const updates = [];
  const client = peer.open({ ...opening, onUpdate: (update) => updates.push(update) });
  await within(client.opened, `${peer.name}: an open`);
  const has = opening.known ? [sample.state] : [];
  let seen = -1;
  const isWhole = () =>
    seen !== updates.length && isSample([...has, ...updates.slice(0, (seen = updates.length))], sample);
  await until(isWhole, `${peer.name}: all of the document`);
  return client;
}

/** @param {number[]} sorted @param {number} share */
export const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
