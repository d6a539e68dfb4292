import { type ResolvedRetention, type StateBounds, decodePayload, encodePayload } from '@longwave/protocol';
import type { Compaction, Keep, NewOperation } from '@longwave/core';
import type { Argument } from './links/request.js';
import type { ChannelKeys } from './keys.js';
import type { ResolvedOptions } from './options.js';
import type { Call } from './router.js';
import { encodeBody, encodeDelta } from './operation-codec.js';
import { scripts } from './scripts/index.js';

/**
 * The call that appends. Its arguments are those of `scripts/publish.ts`, followed by those of the scripts that include
 * it.
 */
export function appendCall(keys: ChannelKeys, operation: NewOperation, keep: Keep, options: ResolvedOptions): Call {
  return 'keys' in keep ? appendToState(keys, operation, keep, options) : appendToLog(keys, operation, keep, options);
}

/** The proof that an append waits for before its ack, as `scripts/publish.ts` numbers it. */
const provenBy = { memory: '0', replicated: '1', disk: '2' } as const;

function publishArguments(
  { producer, retry }: NewOperation,
  body: Buffer,
  { maxProducers, maxChannels, shards, durability }: ResolvedOptions,
): Argument[] {
  return [
    body,
    producer?.id ?? '',
    producer?.seq ?? '',
    producer?.after ?? '',
    flag(retry),
    maxProducers,
    Math.ceil(maxChannels / shards),
    provenBy[durability],
  ];
}

function appendToLog(
  { shard, channel, changes, ids, producers, windows, ops, forgotten }: ChannelKeys,
  operation: NewOperation,
  { count, bytes, ageMs, whole }: ResolvedRetention,
  options: ResolvedOptions,
): Call {
  const { payload, id, user, expect, redacts } = operation;
  const body = encodeBody({ payload, id, user, kind: redacts && 'redact' });
  return {
    script: scripts.appendToLog,
    keys: [shard, channel, changes, ids, producers, windows, ops, forgotten],
    args: [
      ...publishArguments(operation, body, options),
      count,
      bytes,
      ageMs,
      flag(whole),
      expect ?? '',
      redacts?.epoch ?? '',
      redacts?.offset ?? '',
    ],
  };
}

/** Its arguments are those of `scripts/compact.ts`. */
export function compactCall(keys: ChannelKeys, { epoch, offset, payload }: Compaction): Call {
  const { shard, channel, changes, ids, producers, windows, ops } = keys;
  return {
    script: scripts.compact,
    keys: [shard, channel, changes, ids, producers, windows, ops],
    args: [epoch, offset, encodeBody({ payload })],
  };
}

function appendToState(
  { shard, channel, changes, ids, producers, windows, ops, live, gone, holders, leases, forgotten }: ChannelKeys,
  operation: NewOperation,
  bounds: StateBounds,
  options: ResolvedOptions,
): Call {
  const { key = '', kind = 'put', delta, expect, ttlMs, holder, rank = 0, ifChanged, at, id, user } = operation;
  const payload = kind === 'put' ? operation.payload : '';
  const body = encodeBody({ payload, id, user, key, kind: kind === 'delete' ? 'delete' : undefined });
  const [refusal, bodies] = kind === 'load' ? packLoaded(operation, bounds) : ['', ''];
  return {
    script: scripts.appendToState,
    keys: [shard, channel, changes, ids, producers, windows, ops, live, gone, holders, leases, forgotten],
    args: [
      ...publishArguments(operation, body, options),
      kind,
      encodeDelta(delta),
      expect ?? '',
      ttlMs ?? '',
      holder === undefined ? '' : `:${holder}`,
      rank,
      flag(ifChanged),
      at ?? '',
      bounds.keys,
      bounds.bytes,
      bounds.removals,
      refusal,
      bodies,
    ],
  };
}

/** STATE-6, MAP-6: what is beyond the bounds is not even sent, but refused only if it would be stored. */
function packLoaded({ payload }: NewOperation, { keys, bytes }: StateBounds): [refusal: string, bodies: Buffer] {
  const nothing = Buffer.alloc(0);
  const loaded = decodePayload(payload) as readonly (readonly [string, unknown])[];
  if (loaded.length > keys) return ['too-many', nothing];
  if (Buffer.byteLength(payload) > bytes) return ['too-large', nothing];
  const parts = loaded.flatMap(([key, value]) => {
    const body = encodeBody({ key, payload: encodePayload(value) });
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length);
    return [size, body];
  });
  return ['', Buffer.concat(parts)];
}

function flag(value: boolean | undefined): '1' | '0' {
  return value ? '1' : '0';
}
