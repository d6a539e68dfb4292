import type { Operation } from '@longwave/protocol';
import { isRemoval } from '@longwave/protocol';
import type { Bounds, ReadQuery, StoredPage } from '@longwave/core';
import { type ChannelKeys, channelKeys, shardOf } from './keys.js';
import { UnavailableError } from './links/request.js';
import type { ResolvedOptions } from './options.js';
import { decodeOperation } from './operation-codec.js';
import { type Router, textOf } from './router.js';
import { scripts } from './scripts/index.js';

/** Bytes of one answer, not counting one operation. */
const pageBytes = 1_000_000;

/** How often state is read from the start again, because it changed too much meanwhile. */
const maxAttempts = 5;

interface Page extends StoredPage {
  /** There is more that was asked for. */
  readonly isCut: boolean;
}

/** Reads channels, in pages of which each is small. */
export class Reader {
  readonly #router: Router;
  readonly #options: ResolvedOptions;

  constructor(router: Router, options: ResolvedOptions) {
    this.#router = router;
    this.#options = options;
  }

  /** Also where nothing can be written: it is a read of no operations. */
  async bounds(channel: string): Promise<Bounds> {
    const { epoch, floor, top } = await this.#page(channel, { limit: 0 });
    return { epoch, floor, top };
  }

  async read(channel: string, query: ReadQuery): Promise<StoredPage> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const first = await this.#page(channel, query);
      const isState = first.ops[0]?.key !== undefined;
      const page = first.isCut && isState ? await this.#readOn(channel, query, first) : first;
      if (!page) continue;
      const { epoch, floor, top, ops } = page;
      return { epoch, floor, top, ops };
    }
    throw new UnavailableError(
      `The state of ${channel} changes faster than it can be read: ${maxAttempts} attempts failed. Try again, or let it remember more removals.`,
    );
  }

  /**
   * State that is more than one answer carries. Entries that changed meanwhile come again, with a higher offset, so
   * that the whole is as it was at the last answer. Undefined: removals that were needed are forgotten, or the log is
   * another one.
   */
  async #readOn(channel: string, query: ReadQuery, first: Page): Promise<StoredPage | undefined> {
    const entries = new Map(first.ops.map((op) => [op.key, op]));
    let page = first;
    let last = first.ops.at(-1)!.offset;
    while (page.isCut && entries.size < query.limit) {
      const goneAfter = query.after === undefined ? Math.max(last, first.top) : last;
      page = await this.#page(channel, { after: last, limit: query.limit }, goneAfter);
      if (page.epoch !== first.epoch || page.floor > first.top) return undefined;
      for (const op of page.ops) {
        if (isRemoval(op.kind) && query.after === undefined) entries.delete(op.key);
        else entries.set(op.key, op);
        last = op.offset;
      }
    }
    const ops = [...entries.values()].toSorted((a, b) => a.offset - b.offset).slice(0, query.limit);
    return { ...page, ops };
  }

  async #page(channel: string, { after, before, key, limit }: ReadQuery, goneAfter = after): Promise<Page> {
    const { prefix, shards } = this.#options;
    const shard = shardOf(channel, shards);
    const reply = await this.#router.read(shard, {
      script: scripts.read,
      keys: readKeys(channelKeys(prefix, shard, channel)),
      args: [
        after ?? '',
        before ?? '',
        Math.min(limit, Number.MAX_SAFE_INTEGER),
        pageBytes,
        goneAfter ?? 'inf',
        key === undefined ? '' : `:${key}`,
      ],
    });
    const [, epoch, floor, top, cut, ops] = reply;
    return {
      epoch: textOf(epoch),
      floor: Number(floor),
      top: Number(top),
      isCut: Number(cut) === 1,
      ops: (ops as readonly Buffer[]).map((op): Operation => decodeOperation(op)),
    };
  }
}

function readKeys(keys: ChannelKeys): readonly string[] {
  const { shard, channel, changes, ids, producers, windows, ops, live, gone, holders } = keys;
  return [shard, channel, changes, ids, producers, windows, ops, live, gone, holders];
}
