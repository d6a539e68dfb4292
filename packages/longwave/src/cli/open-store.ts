import type { Store } from '@longwave/core';
import { CommandError } from './exit-codes.js';

/** The exports of the stores' modules that are used here. */
interface StoreModules {
  readonly lmdb: (options: { readonly path: string }) => Store | Promise<Store>;
  readonly redis: (options: { readonly url: string }) => Store | Promise<Store>;
  readonly nats: (options: { readonly servers: string }) => Store | Promise<Store>;
}

export const storeForms = 'memory:, lmdb:DIRECTORY, redis://HOST, rediss://HOST or nats://HOST';

/** Looks at the scheme alone: the rest may hold a password. */
export function isMemory(url: string): boolean {
  return schemeOf(url) === 'memory';
}

/**
 * The store that `url` names, undefined for the one in memory. Throws `CommandError` when there is no such kind, its package is not
 * installed or it cannot be opened.
 */
export async function openStore(url: string): Promise<Store | undefined> {
  const scheme = schemeOf(url);
  switch (scheme) {
    case 'memory':
      return undefined;
    case 'lmdb': {
      const path = url.slice('lmdb:'.length).replace(/^\/\/(?=.)/, '');
      if (path === '') throw new CommandError('--store lmdb: names no directory: lmdb:./data, say.');
      const { lmdb } = await load<'lmdb'>(scheme, () => import('@longwave/lmdb'));
      return open(scheme, () => lmdb({ path }));
    }
    case 'redis':
    case 'rediss': {
      const { redis } = await load<'redis'>('redis', () => import('@longwave/redis'));
      return open(scheme, () => redis({ url }));
    }
    case 'nats': {
      const { nats } = await load<'nats'>(scheme, () => import('@longwave/nats'));
      return open(scheme, () => nats({ servers: url }));
    }
    case undefined:
    default:
      throw new CommandError(
        `--store ${scheme === undefined ? url : `${scheme}:`} is no store. There are ${storeForms}.`,
      );
  }
}

/** They are installed by who uses them: nobody else waits for their download. */
async function load<Name extends keyof StoreModules>(
  name: Name,
  load: () => Promise<unknown>,
): Promise<Pick<StoreModules, Name>> {
  try {
    return (await load()) as Pick<StoreModules, Name>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'@longwave/${name}'`)) {
      throw new CommandError(`--store ${name}: is not installed: npm install @longwave/${name}`);
    }
    throw error;
  }
}

async function open(scheme: string, make: () => Store | Promise<Store>): Promise<Store> {
  try {
    return await make();
  } catch (error) {
    throw new CommandError(`--store ${scheme}: ${(error as Error).message}`);
  }
}

function schemeOf(url: string): string | undefined {
  return /^([a-z]+):/.exec(url)?.[1];
}
