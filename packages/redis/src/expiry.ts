import { channelKeys, shardKeys } from './keys.js';
import type { ResolvedOptions } from './options.js';
import { type Router, textOf } from './router.js';
import { scripts } from './scripts/index.js';

/** Entries ended by one script, so that none takes long. */
const batch = 100;

/** Ends the entries whose time is over. */
export class Expiry {
  readonly #router: Router;
  readonly #options: ResolvedOptions;

  constructor(router: Router, options: ResolvedOptions) {
    this.#router = router;
    this.#options = options;
  }

  /** Ends entries of all shards. Resolves when each was seen to; those whose server is away come with the next call. */
  async run(): Promise<void> {
    const shards = Array.from({ length: this.#options.shards }, (_, shard) => shard);
    await Promise.allSettled(shards.map((shard) => this.#runShard(shard)));
  }

  async #runShard(shard: number): Promise<void> {
    const { shard: key, leases } = shardKeys(this.#options.prefix, shard);
    for (let due = batch; due === batch;) {
      const [, ...members] = await this.#router.read(shard, {
        script: scripts.due,
        keys: [key, leases],
        args: [batch],
      });
      const byChannel = new Map<string, string[]>();
      for (const member of members) {
        const [channel, entry] = splitMember(member as Buffer);
        const entries = byChannel.get(channel);
        if (entries) entries.push(entry);
        else byChannel.set(channel, [entry]);
      }
      await Promise.all([...byChannel].map(([channel, entries]) => this.#end(shard, channel, entries)));
      due = members.length;
    }
  }

  async #end(shard: number, name: string, entries: readonly string[]): Promise<void> {
    const keys = channelKeys(this.#options.prefix, shard, name);
    const { channel, changes, ids, ops, live, gone, holders, leases, forgotten } = keys;
    await this.#router.read(shard, {
      script: scripts.expire,
      keys: [keys.shard, channel, changes, ids, ops, live, gone, holders, leases, forgotten],
      args: entries,
    });
  }
}

/** `size:channel` and the entry, as `scripts/leases.ts` puts them together. */
function splitMember(member: Buffer): [channel: string, entry: string] {
  const at = member.indexOf(':') + 1;
  const end = at + Number(textOf(member.subarray(0, at - 1)));
  return [member.toString('utf8', at, end), member.toString('utf8', end)];
}
