/** The names of everything that is stored. All keys of a shard carry its hash tag, so that one script may touch them. */
export interface ShardKeys {
  /** A hash: epoch, sequence, lease clock, count of channels. */
  readonly shard: string;
  readonly changes: string;
  readonly leases: string;
  /** A bit for each of the channels that `changes` no longer knows. */
  readonly forgotten: string;
}

export interface ChannelKeys extends ShardKeys {
  /** The record of the channel, and the name that its operations are published under. */
  readonly channel: string;
  readonly ids: string;
  readonly producers: string;
  readonly windows: string;
  /** Operations of a log, in a list; of state, in a hash by entry. */
  readonly ops: string;
  readonly live: string;
  readonly gone: string;
  readonly holders: string;
}

export function deploymentKey(prefix: string): string {
  return `{${prefix}}deployment`;
}

export function shardKeys(prefix: string, shard: number): ShardKeys {
  const key = `{${prefix}${shard}}`;
  return { shard: key, changes: `${key}changes`, leases: `${key}leases`, forgotten: `${key}forgotten` };
}

export function channelKeys(prefix: string, shard: number, channel: string): ChannelKeys {
  const keys = shardKeys(prefix, shard);
  const of = (kind: string) => `${keys.shard}${kind}:${channel}`;
  return {
    ...keys,
    channel: of('c'),
    ids: of('i'),
    producers: of('p'),
    windows: of('w'),
    ops: of('o'),
    live: of('l'),
    gone: of('g'),
    holders: of('h'),
  };
}

/** The name that a topic of the relay is published under. */
export function relayKey(prefix: string, shard: number, topic: string): string {
  return `${shardKeys(prefix, shard).shard}r:${topic}`;
}

/** Which of `shards`, a power of two, a channel is in: by FNV-1a over its UTF-8, its bits mixed. */
export function shardOf(channel: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(channel)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) & (shards - 1);
}
