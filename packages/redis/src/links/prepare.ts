import type { Redis } from 'ioredis';
import { deploymentKey } from '../keys.js';
import { type ResolvedOptions, reasonOf } from '../options.js';
import { scripts } from '../scripts/index.js';
import { requireDurability, requireNoEviction, settingsOf, unfit } from './settings.js';

/** Facts that a server reports about itself. */
export type ServerInfo = ReadonlyMap<string, string>;

/** Rejects when the server is no master, or cannot keep what is stored. */
export async function readInfo(redis: Redis): Promise<ServerInfo> {
  const text = await redis.info();
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  const info = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  const version = info.get('redis_version') ?? '0';
  if (Number.parseInt(version, 10) < 7) throw unfit(`Redis is of version ${version}; version 7 or newer is needed.`);
  if (info.get('role') !== 'master') throw new Error('the server is a replica');
  requireNoEviction(text);
  return info;
}

export async function loadScripts(redis: Redis): Promise<void> {
  const all = Object.values(scripts);
  const known = (await redis.script('EXISTS', ...all.map(({ sha }) => sha))) as readonly number[];
  const missing = all.filter((_, i) => known[i] !== 1);
  await Promise.all(missing.map(({ source }) => redis.script('LOAD', source)));
}

export function checkDurability(redis: Redis, options: ResolvedOptions): Promise<void> {
  return requireDurability(async (pattern) => settingsOf(await redis.config('GET', pattern)), options);
}

/**
 * The number of shards stands in Redis from the first start on: with another, channels would be looked for where they
 * are not.
 */
export async function checkDeployment(redis: Redis, { prefix, shards }: ResolvedOptions): Promise<void> {
  const key = deploymentKey(prefix);
  try {
    await redis.hsetnx(key, 'shards', shards);
    const stored = await redis.hget(key, 'shards');
    if (stored === null) throw new Error('the data of Redis was removed meanwhile');
    if (Number(stored) === shards) return;
    throw unfit(
      `What is stored under the prefix '${prefix}' is spread over ${stored} shards, and this store was told ${shards}: ` +
        `tell it ${stored}, or take another prefix.`,
    );
  } catch (error) {
    // In a Cluster, the one server that has the key checks it.
    if (!reasonOf(error).startsWith('MOVED')) throw error;
  }
}
