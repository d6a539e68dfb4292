import type { Engine } from '@longwave/core';
import { type Operation, decodePayload, presencePrefix, wireLimits } from '@longwave/protocol';
import { payloadJson } from '../http/message-json.js';
import type { Page } from './open-pages.js';
import { HttpProblem } from '../http/problem.js';
import { pageSize, queryNumber } from './history-page.js';

export interface EntriesQuery {
  readonly limit: number;
  /** A key: the page has only keys after it. */
  readonly after: string | undefined;
}

/** Throws `bad-frame`. */
export function entriesQuery(query: Readonly<Record<string, string>>): EntriesQuery {
  const limit = queryNumber(query, 'limit', 1, wireLimits.pageOperations) ?? wireLimits.pageOperations;
  const { after } = query;
  if (after !== undefined && after.length > wireLimits.keyLength) {
    throw new HttpProblem('bad-frame', `after must be a key of at most ${wireLimits.keyLength} characters.`);
  }
  return { limit, after };
}

/** Entries in the order of their keys. Throws or rejects with `unknown-channel` or `wrong-mode`. */
export async function entriesPage(engine: Engine, channel: string, query: EntriesQuery): Promise<Page> {
  requireMode(engine, channel, true);
  return page(engine, channel, query, 'entries', entryJson);
}

/**
 * Returns the members (PRES-1), in the order of their keys. Rejects with `unknown-channel` where there is no presence.
 */
export async function membersPage(engine: Engine, channel: string, query: EntriesQuery): Promise<Page> {
  return page(engine, presencePrefix + channel, query, 'members', memberJson);
}

/** The entry with this key, or without one that of a channel with one value. Rejects with 404 where there is none. */
export async function oneEntry(engine: Engine, channel: string, key?: string): Promise<{ json: string; etag: string }> {
  requireMode(engine, channel, key !== undefined);
  const { epoch, ops } = await engine.entries(channel, key ?? '');
  const [op] = ops;
  if (!op) throw new HttpProblem('unknown-method', 'There is no such entry.');
  return { json: `{"epoch":${JSON.stringify(epoch)},${entryJson(op).slice(1)}`, etag: etagOf(op.offset) };
}

export function etagOf(version: number): string {
  return `"${version}"`;
}

/** That the path fits the channel. For a channel with messages, the engine throws this itself. */
function requireMode(engine: Engine, channel: string, keyed: boolean): void {
  const mode = engine.modeOf(channel);
  if (!mode || mode.keyed === keyed) return;
  throw new HttpProblem('wrong-mode', mode.keyed ? 'The channel has entries.' : 'The channel has one value.');
}

async function page(
  engine: Engine,
  channel: string,
  { limit, after }: EntriesQuery,
  name: string,
  toJson: (op: Operation) => string,
): Promise<Page> {
  const { epoch, top, ops } = await engine.entries(channel);
  const behind = ops.filter(({ key = '' }) => after === undefined || key > after);
  // By UTF-16 units, as `after` compares: no collation.
  behind.sort((a, b) => (a.key! < b.key! ? -1 : 1));
  const taken = fit(behind.slice(0, limit));
  const next = taken.length < behind.length ? `,"next":${JSON.stringify(taken.at(-1)!.key)}` : '';
  return { head: `{"epoch":${JSON.stringify(epoch)},"top":${top},"${name}":[`, ops: taken, toJson, tail: `]${next}}` };
}

function fit(ops: readonly Operation[]): readonly Operation[] {
  let size = 0;
  const end = ops.findIndex(({ payload, key = '' }, i) => (size += payload.length + key.length) > pageSize && i > 0);
  return end < 0 ? ops : ops.slice(0, end);
}

/** Its payload is JSON text already and is not written anew (WIRE-7). */
function entryJson({ key, offset: version, time, user, payload }: Operation): string {
  const head = JSON.stringify({ key: key || undefined, version, time, user }).slice(0, -1);
  return `${head},${payloadJson(payload)}}`;
}

function memberJson({ key, offset: version, time, user, payload }: Operation): string {
  const { data, away } = decodePayload(payload) as { readonly data: unknown; readonly away: boolean };
  return JSON.stringify({ key, version, time, user, data, away });
}
