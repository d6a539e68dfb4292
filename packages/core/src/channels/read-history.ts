import type { Bounds, ReadQuery, Store, StoredPage } from '../base/ports.js';
import { type MaybePromise, chain } from '../base/maybe-promise.js';

/** The part of a log that is asked for: by offsets, by the times of its operations, or both (HIS-1, HIS-3). */
export interface HistoryRange {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

type Reader = Pick<Store, 'read' | 'bounds'>;

/** Whether the oldest operations of the range are given, not the newest. */
export function readsForward({ after, since }: HistoryRange): boolean {
  return after !== undefined || since !== undefined;
}

/** Reads one page. The tighter of several bounds on one side counts. */
export function readHistory(
  store: Reader,
  channel: string,
  range: HistoryRange,
  limit: number,
): MaybePromise<StoredPage> {
  const { after, before, since, until } = range;
  if (since === undefined && until === undefined) return store.read(channel, queryOf(after, before, limit));
  return chain(store.bounds(channel), (bounds) => byTime(store, channel, range, limit, bounds));
}

function queryOf(after: number | undefined, before: number | undefined, limit: number): ReadQuery {
  if (after !== undefined) return { after, limit };
  return before === undefined ? { limit } : { before, limit };
}

async function byTime(
  store: Reader,
  channel: string,
  range: HistoryRange,
  limit: number,
  bounds: Bounds,
): Promise<StoredPage> {
  const { after = 0, before = Infinity, since, until = Infinity } = range;
  if (!readsForward(range)) {
    const end = await firstAt(store, channel, until, bounds);
    return store.read(channel, { before: Math.min(before, end), limit });
  }
  const first = since === undefined ? 0 : await firstAt(store, channel, since, bounds);
  const page = await store.read(channel, { after: Math.max(after, first - 1), limit });
  const end = page.ops.findIndex(({ time }) => time >= until);
  return end < 0 ? page : { ...page, ops: page.ops.slice(0, end) };
}

/**
 * Offset of the first operation that was stored at `time` or later, and one above the top where there is none. Times
 * rise with the offsets, but for clocks that are set: some 20 reads of one operation find it in a million.
 */
async function firstAt(store: Reader, channel: string, time: number, { floor, top }: Bounds): Promise<number> {
  let low = floor + 1;
  let high = top + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { ops } = await store.read(channel, { after: middle - 1, limit: 1 });
    const [found] = ops;
    // Those in front of one that is further on were trimmed meanwhile.
    if (found && found.time < time) low = found.offset + 1;
    else high = middle;
  }
  return low;
}
