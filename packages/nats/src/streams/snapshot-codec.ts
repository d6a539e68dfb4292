import { Buffer } from 'node:buffer';
import type { Operation, OperationKind, Payload } from '@longwave/protocol';
import type { DedupeSnapshot, LogSnapshot, StateSnapshot } from '@longwave/core';
import type { ModelSnapshot } from './model.js';
import { pack, unpack } from './packed.js';
import { redactVersion, unknownFormat } from './record.js';

type WrittenOperation = readonly [
  offset: number,
  time: number,
  id: string | undefined,
  user: string | undefined,
  key: string | undefined,
  kind: OperationKind | undefined,
  hasDelta: boolean,
];

/** Operations and windows that are packed together. */
const groupSize = 256;

/**
 * A snapshot as a run of packed groups, each with its length (4 bytes) before it: what is kept of the channel without operations
 * and windows of producers, then those.
 */
export function* encodeSnapshot(snapshot: ModelSnapshot): Generator<Buffer> {
  const { log, state, writers, compacting, ...rest } = snapshot;
  const [compactor, number, piece] = compacting;
  const head = {
    ...rest,
    log: log && {
      ...log,
      maxAgeMs: finite(log.maxAgeMs),
      ops: undefined,
      dedupe: { ...log.dedupe, windows: undefined },
    },
    state: state && {
      ...{ ...state, standsAt: finite(state.standsAt), removals: finite(state.removals), ops: undefined },
      dedupe: { ...state.dedupe, windows: undefined },
    },
    writers: writers.map(([id, last]) => [id, last]),
    compacting: [compactor, number],
  };
  yield frame(head, [...writers.map(([, , part]) => part), piece]);
  if (log?.ops.some(isOfRedaction)) yield frame({ of: 'format', format: redactVersion } satisfies FormatGroup, []);
  for (const [name, part] of [['log', log] as const, ['state', state] as const]) {
    if (!part) continue;
    for (const windows of groups(part.dedupe.windows)) yield frame({ of: name, windows }, []);
    for (const ops of groups(part.ops)) {
      const payloads = ops.flatMap(({ payload, delta }) => (delta === undefined ? [payload] : [payload, delta]));
      yield frame({ of: name, ops: ops.map(writeOperation) }, payloads);
    }
  }
}

/**
 * Stands in a checkpoint that nodes from before this format would misread. They know no such group and fail at it; a node that knows
 * the group and not the format says so.
 */
interface FormatGroup {
  readonly of: 'format';
  readonly format: number;
}

function isOfRedaction({ kind }: Operation): boolean {
  return kind === 'redact' || kind === 'redacted';
}

interface Group {
  readonly of: 'log' | 'state';
  readonly windows?: DedupeSnapshot['windows'];
  readonly ops?: readonly WrittenOperation[];
}

/** Throws when it is none. */
export function decodeSnapshot(bytes: Uint8Array): ModelSnapshot {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const next = () => {
    const end = at + 4 + view.readUInt32BE(at);
    if (end > view.length) throw new RangeError('A checkpoint ends early.');
    const packed = unpack(view.subarray(at + 4, end));
    at = end;
    return packed;
  };
  const { head, payloads } = next();
  const read = head as Omit<ModelSnapshot, 'writers' | 'compacting'> & {
    readonly writers: readonly (readonly [string, number])[];
    /** Older ones have none. */
    readonly compacting?: readonly [string, number];
  };
  const [compactor, last] = read.compacting ?? ['', 0];
  const parts = { log: emptyPart(), state: emptyPart() };
  while (at < view.length) {
    const group = next();
    const told = group.head as Group | FormatGroup;
    if (told.of === 'format') {
      if (told.format > redactVersion) throw unknownFormat('A checkpoint', told.format);
      continue;
    }
    const { of, windows = [], ops = [] } = told;
    const part = parts[of];
    part.windows.push(...windows);
    let payload = 0;
    for (const op of ops) part.ops.push(readOperation(op, () => group.payloads[payload++]!));
  }
  return {
    ...read,
    writers: read.writers.map(([id, number], i) => [id, number, payloads[i] as Uint8Array]),
    compacting: [compactor, last, (payloads[read.writers.length] as Uint8Array | undefined) ?? new Uint8Array()],
    log: read.log && { ...withPart(read.log, parts.log), maxAgeMs: read.log.maxAgeMs ?? Infinity },
    state: read.state && {
      ...withPart(read.state, parts.state),
      ...{ standsAt: read.state.standsAt ?? -Infinity, removals: read.state.removals ?? Infinity },
      leases: read.state.leases.map(([key, ttlMs, holder, ...rest]) => [key, ttlMs, holder ?? undefined, ...rest]),
    },
  };
}

interface Part {
  readonly ops: Operation[];
  readonly windows: DedupeSnapshot['windows'][number][];
}

function emptyPart(): Part {
  return { ops: [], windows: [] };
}

function withPart<T extends LogSnapshot | StateSnapshot>(snapshot: T, { ops, windows }: Part): T {
  return { ...snapshot, ops, dedupe: { ...snapshot.dedupe, windows } };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function frame(head: unknown, payloads: readonly Payload[]): Buffer {
  const packed = pack(head, payloads);
  const size = Buffer.allocUnsafe(4);
  size.writeUInt32BE(packed.length);
  return Buffer.concat([size, packed]);
}

function* groups<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += groupSize) yield all.slice(at, at + groupSize);
}

function writeOperation({ offset, time, id, user, key, kind, delta }: Operation): WrittenOperation {
  return [offset, time, id, user, key, kind, delta !== undefined];
}

function readOperation(written: WrittenOperation, next: () => Payload): Operation {
  const [offset, time, id, user, key, kind, hasDelta] = written;
  const op = { offset, time, payload: next(), id: id ?? undefined, user: user ?? undefined };
  const change = { ...op, key: key ?? undefined, kind: kind ?? undefined };
  return hasDelta ? { ...change, delta: next() } : change;
}
