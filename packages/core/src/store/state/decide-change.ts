import {
  LongwaveError,
  type Operation,
  type Payload,
  type StateBounds,
  decodePayload,
  encodePayload,
} from '@longwave/protocol';
import { fault } from '../../base/fault.js';
import type { NewOperation } from '../../base/ports.js';

/** An operation of a channel with state, as it is stored. */
export type StoredChange = Operation & { readonly key: string };

/** How long an entry lasts, and who may move that. Without `ttlMs` it lasts until somebody removes it. */
export interface LeaseTerms {
  readonly ttlMs?: number | undefined;
  readonly holder?: string | undefined;
  readonly rank?: number | undefined;
}

/** The state of a channel before a change, as far as the decision depends on it. */
export interface StateBefore {
  /** The entry that the change is about, if it exists. */
  readonly before: Operation | undefined;
  /** The lease of that entry, if its time ends. */
  readonly lease: LeaseTerms | undefined;
  readonly top: number;
  /** Where the application's own state stood that this one includes (STATE-6); `-Infinity` if it never said. */
  readonly standsAt: number;
  /** Entries, without removals. */
  readonly size: number;
  /** Bytes of their keys and values. */
  readonly bytes: number;
  /** The time that the operations are stored with. */
  readonly now: number;
}

/** The effect of a change on the store. */
export interface StateDecision {
  /** Operations to store, in this order. Undefined: the change is acknowledged with `offset` and stores nothing. */
  readonly ops?: readonly StoredChange[];
  /** The offset of the last of `ops`, or the one that the change is acknowledged with. */
  readonly offset: number;
  /** The new lease of the entry. Undefined: it stays as it is. */
  readonly lease?: LeaseTerms | undefined;
  readonly standsAt: number;
  /** Whether the publish is remembered, to be found when it is repeated: not of a `load` or a `touch`. */
  readonly remembered: boolean;
}

/** Bytes that a payload or a key takes, as the store counts them. */
export type BytesOf = (payload: Payload) => number;

/**
 * Decides a change of a channel with state that was not stored before (MAP-3, MAP-4, STATE-6). Every store that decides in TypeScript
 * decides here. Throws `conflict`, `too-many` or `too-large`.
 */
export function decideChange(
  entry: NewOperation,
  state: StateBefore,
  bounds: StateBounds,
  bytesOf: BytesOf = lengthOf,
): StateDecision {
  const { top, standsAt } = state;
  if (entry.kind === 'load') return decideLoad(entry, state, bounds, bytesOf);
  if (entry.kind === 'touch') return decideTouch(entry, state);
  if (entry.at !== undefined && entry.at <= standsAt) return { offset: top, standsAt, remembered: true };
  return decideEntry(entry, state, bounds, bytesOf);
}

/** The operation that ends an entry whose time is over (MAP-4), stored after `top`. */
export function expiryOf({ key = '', user }: Operation, top: number, now: number): StoredChange {
  return storedAs({ payload: '', key, kind: 'expire', user }, top + 1, now);
}

function decideEntry(entry: NewOperation, state: StateBefore, bounds: StateBounds, bytesOf: BytesOf): StateDecision {
  const { key = '', kind, payload, expect, user, id, delta, ttlMs, holder, rank = 0, ifChanged } = entry;
  const { before, lease, top } = state;
  const standsAt = Math.max(state.standsAt, entry.at ?? -Infinity);
  const version = before?.offset ?? 0;
  if (expect !== undefined && expect !== version) {
    throw new LongwaveError('conflict', `The entry has version ${version}, not ${expect}.`);
  }
  if (before && rank < (lease?.rank ?? 0)) return { offset: version, standsAt, remembered: true };
  if (kind === 'delete') {
    if (!before) return { offset: top, standsAt, remembered: true };
    return storing([{ payload: '', key, kind, user, id }], state, {}, standsAt);
  }
  const terms: LeaseTerms = { ttlMs, holder, rank };
  if (ifChanged && before && before.user === user && isSamePayload(before.payload, payload)) {
    return { offset: version, lease: terms, standsAt, remembered: true };
  }
  requireRoom(key, bytesOf(payload), state, bounds, bytesOf);
  return storing([{ payload, key, user, id, delta }], state, terms, standsAt);
}

function decideTouch({ ttlMs, holder }: NewOperation, { lease, top, standsAt }: StateBefore): StateDecision {
  if (!lease || lease.holder !== holder) return { offset: top, standsAt, remembered: false };
  return { offset: top, lease: { ttlMs, holder, rank: lease.rank }, standsAt, remembered: false };
}

function decideLoad(entry: NewOperation, state: StateBefore, bounds: StateBounds, bytesOf: BytesOf): StateDecision {
  const { top, standsAt } = state;
  if (top > 0 || standsAt > -Infinity) return { offset: top, standsAt, remembered: false };
  const loaded = decodePayload(entry.payload) as readonly (readonly [string, unknown])[];
  if (loaded.length > bounds.keys) throw fault('too-many');
  if (bytesOf(entry.payload) > bounds.bytes) throw fault('too-large');
  const drafts = loaded.map(([key, value]) => ({ payload: encodePayload(value), key }));
  return { ...storing(drafts, state, undefined, entry.at ?? -Infinity), remembered: false };
}

function requireRoom(
  key: string,
  added: number,
  { before, size, bytes }: StateBefore,
  bounds: StateBounds,
  bytesOf: BytesOf,
): void {
  if (!before && size >= bounds.keys) {
    throw new LongwaveError('too-many', `The channel holds ${bounds.keys} entries, and no more.`);
  }
  const others = before ? bytes - bytesOf(before.payload) : bytes + bytesOf(key);
  if (others + added > bounds.bytes) {
    throw new LongwaveError('too-large', `The entries of the channel may take ${bounds.bytes} bytes.`);
  }
}

function storing(
  drafts: readonly Omit<StoredChange, 'offset' | 'time'>[],
  { top, now }: StateBefore,
  lease: LeaseTerms | undefined,
  standsAt: number,
): StateDecision {
  const ops = drafts.map((draft, i) => storedAs(draft, top + 1 + i, now));
  return { ops, offset: top + ops.length, lease, standsAt, remembered: true };
}

/** Every operation has its fields in the same order, whatever made it. */
function storedAs(
  { payload, id, user, key, kind, delta }: Omit<StoredChange, 'offset' | 'time'>,
  offset: number,
  time: number,
): StoredChange {
  return { offset, time, payload, id, user, key, kind, delta };
}

function isSamePayload(one: Payload, other: Payload): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function lengthOf(payload: Payload): number {
  return payload.length;
}
