import type { Engine } from '@longwave/core';
import { type HistoryOptions, type Operation, wireLimits } from '@longwave/protocol';
import { messageJson } from '../http/message-json.js';
import type { Page } from './open-pages.js';
import { HttpProblem } from '../http/problem.js';

/** Payload units in one answer; at least one message or entry is always given. */
export const pageSize = 1024 * 1024;

/** HIS-1, HIS-3: `limit`, at most one of `after` and `before`, `since` and `until`. Throws `bad-frame`. */
export function historyQuery(query: Readonly<Record<string, string>>): HistoryOptions {
  const limit = queryNumber(query, 'limit', 1, wireLimits.pageOperations) ?? 100;
  const after = queryNumber(query, 'after', 0, Number.MAX_SAFE_INTEGER);
  const before = queryNumber(query, 'before', 1, Number.MAX_SAFE_INTEGER);
  if (after !== undefined && before !== undefined) {
    throw new HttpProblem('bad-frame', "Give 'after' or 'before', not both.");
  }
  const [since, until] = ['since', 'until'].map((name) => queryNumber(query, name, 0, Number.MAX_SAFE_INTEGER));
  const range = Object.entries({ after, before, since, until }).filter(([, bound]) => bound !== undefined);
  return { limit, ...Object.fromEntries(range) };
}

/** Undefined: it is not in the query. Throws `bad-frame`. */
export function queryNumber(
  query: Readonly<Record<string, string>>,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new HttpProblem('bad-frame', `${name} must be a whole number from ${min} to ${max}.`);
}

/** Payloads are JSON text already and are not written anew (WIRE-7). */
export async function historyPage(engine: Engine, channel: string, query: HistoryOptions): Promise<Page> {
  const { epoch, floor, top, ops } = await engine.history(channel, query);
  const head = `{"epoch":${JSON.stringify(epoch)},"floor":${floor},"top":${top},"messages":[`;
  return {
    head,
    ops: fit(ops, query.after !== undefined || query.since !== undefined),
    toJson: messageJson,
    tail: ']}',
  };
}

/** Reading forward keeps the oldest, reading backward the newest: what is kept stays contiguous. */
function fit(ops: readonly Operation[], forward: boolean): readonly Operation[] {
  const ordered = forward ? ops : ops.toReversed();
  let size = 0;
  const end = ordered.findIndex(({ payload }, index) => (size += payload.length) > pageSize && index > 0);
  const kept = end < 0 ? ordered : ordered.slice(0, end);
  return forward ? kept : kept.toReversed();
}
