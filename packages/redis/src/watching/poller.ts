import { shardKeys } from '../keys.js';
import type { ResolvedOptions } from '../options.js';
import type { Reader } from '../reader.js';
import { type Router, textOf } from '../router.js';
import { scripts } from '../scripts/index.js';
import type { Topology } from '../topology/topology.js';
import type { Watched, Watches } from './watches.js';

/** So long an announcement may be on its way before it is looked for. */
const settleMs = 250;

/** Channels of one answer, as `scripts/changes.ts` has it. */
const batch = 1000;

/** How far a shard was when it was asked last. */
interface Known {
  readonly epoch: string;
  readonly seq: number;
}

/**
 * Asks each shard of which something is watched what changed, about every second, and compares that with what was
 * announced. So a lost announcement is found, also the last one, and an epoch that changed without any.
 */
export class Poller {
  readonly #topology: Topology;
  readonly #router: Router;
  readonly #reader: Reader;
  readonly #watches: Watches;
  readonly #options: ResolvedOptions;
  readonly #known = new Map<number, Known>();
  readonly #underWay = new Set<number>();
  /** Channels that may lack announcements, with the sequence up to which. */
  readonly #suspects = new Map<Watched, number>();
  #timer: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(topology: Topology, router: Router, reader: Reader, watches: Watches, options: ResolvedOptions) {
    this.#topology = topology;
    this.#router = router;
    this.#reader = reader;
    this.#watches = watches;
    this.#options = options;
    this.#schedule();
  }

  /** Something may have been lost: asks now. */
  hurry(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#poll();
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#settle);
    this.#suspects.clear();
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#poll();
      this.#schedule();
    }, this.#options.pollMs);
  }

  #poll(): void {
    for (const server of this.#topology.servers()) server.probe();
    this.#watches.mend();
    for (const shard of this.#known.keys()) if (!this.#watches.shards.has(shard)) this.#known.delete(shard);
    for (const shard of this.#watches.shards.keys()) {
      if (this.#underWay.has(shard)) continue;
      this.#underWay.add(shard);
      // That a server is away is said by its links.
      void this.#ask(shard)
        .catch(() => undefined)
        .finally(() => this.#underWay.delete(shard));
    }
    this.#verifySoon();
  }

  async #ask(shard: number): Promise<void> {
    const { shard: key, changes } = shardKeys(this.#options.prefix, shard);
    for (let count = batch; count === batch;) {
      const known = this.#known.get(shard);
      const reply = await this.#router.read(shard, {
        script: scripts.changes,
        keys: [key, changes],
        args: [known?.epoch ?? '', known?.seq ?? 0],
      });
      const epoch = textOf(reply[1]);
      const seq = Number(reply[2]);
      if (Number(reply[3]) === 1) {
        this.#known.set(shard, { epoch, seq });
        return this.#suspectAll(shard, known?.epoch !== epoch, seq);
      }
      const changed = reply.slice(4);
      count = changed.length / 2;
      for (let i = 0; i < changed.length; i += 2) {
        this.#suspect(this.#watches.find(shard, textOf(changed[i])), Number(textOf(changed[i + 1])));
      }
      this.#known.set(shard, { epoch, seq: count === batch ? Number(textOf(changed.at(-1))) : seq });
    }
  }

  #suspectAll(shard: number, isOther: boolean, seq: number): void {
    for (const watched of this.#watches.shards.get(shard) ?? []) {
      if (isOther) watched.seq = -1;
      this.#suspect(watched, seq);
    }
  }

  #suspect(watched: Watched | undefined, seq: number): void {
    if (!watched || watched.seq >= seq) return;
    this.#suspects.set(watched, seq);
    this.#verifySoon();
  }

  #verifySoon(): void {
    if (this.#isClosed || this.#suspects.size === 0) return;
    this.#settle ??= setTimeout(() => {
      this.#settle = undefined;
      for (const [watched, seq] of this.#suspects) {
        this.#suspects.delete(watched);
        void this.#verify(watched, seq);
      }
    }, settleMs);
  }

  async #verify(watched: Watched, seq: number): Promise<void> {
    if (watched.seq >= seq || watched.watchers.size === 0) return;
    try {
      this.#watches.learn(watched, await this.#reader.bounds(watched.channel), seq);
    } catch {
      // With the next poll.
      if (!this.#isClosed && !this.#suspects.has(watched)) this.#suspects.set(watched, seq);
    }
  }
}
