import { memory } from 'longwave';

/**
 * @param {string | undefined} url `lmdb:` and a folder, `redis:` or `nats:` and an address; undefined: memory
 * @returns {Promise<import('longwave').Store>}
 */
export async function openStore(url) {
  if (url === undefined) return memory();
  const scheme = url.slice(0, url.indexOf(':'));
  if (scheme === 'lmdb') return (await import('@longwave/lmdb')).lmdb({ path: url.slice('lmdb:'.length) });
  if (scheme === 'redis') return (await import('@longwave/redis')).redis({ url });
  if (scheme === 'nats') return (await import('@longwave/nats')).nats({ servers: url.slice('nats://'.length) });
  throw new Error(`${url} names no store.`);
}
