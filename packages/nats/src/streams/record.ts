import { Buffer } from 'node:buffer';
import type { Compaction, Keep, NewOperation } from '@longwave/core';
import { pack, unpack } from './packed.js';

/** A record of a channel's journal: commands that every node with a model of the channel carries out, in order. */
export interface JournalRecord {
  /** The clock of the node that wrote it, in milliseconds since the Unix epoch: the time of the operations. */
  readonly time: number;
  readonly keep: Keep | undefined;
  readonly appends: readonly NewOperation[];
  /** Leases that are over, unless they were set or moved since: keys, each with the generation of its lease. */
  readonly ends: readonly (readonly [string, number])[];
  /** A compaction of a log (DOC-1): a record that has it has nothing else. */
  readonly compact?: Compaction | undefined;
  /** The place in the journal that its writer had read up to: a node that missed nothing has read as much. */
  readonly behind?: JournalPlace | undefined;
}

/** A place in the journal of a channel; numbers are given anew in another log (`ModelSource.epoch`) or era. */
export interface JournalPlace {
  readonly log: string;
  readonly era: number;
  readonly seq: number;
}

/** One message of the journal: a record, or a piece of one that is larger than a message may be. */
export interface Piece {
  readonly writer: string;
  /** Rises with each piece of its writer: one that is not higher than the last of its channel is a copy. */
  readonly number: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** There are entries with an end in it. */
  readonly leases: boolean;
  /** The record is a compaction. */
  readonly compacts: boolean;
  readonly body: Uint8Array;
}

export const formatVersion = 2;
/** The version of the messages of a compaction: a node that does not know them refuses the channel. */
const compactVersion = 3;
/**
 * The version of a record that redacts, for the same reason: a node from before would store it as a message, and keep the data that it
 * takes.
 */
export const redactVersion = 4;
const knownVersions: ReadonlySet<number | undefined> = new Set([formatVersion, compactVersion, redactVersion]);
const first = 1;
const last = 2;
const leased = 4;
/** Version, flags, length of the writer's id, number. */
const fixedLength = 3 + 6;

type WrittenAppend = readonly (string | number | boolean | null | undefined)[];
type WrittenRecord = readonly [
  number,
  Keep | undefined,
  readonly WrittenAppend[],
  JournalRecord['ends'],
  (readonly [string, number, number] | null)?,
  (readonly [epoch: string, offset: number])?,
];

export function encodeRecord({ time, keep, appends, ends, behind, compact }: JournalRecord): Uint8Array {
  const payloads = appends.flatMap(({ payload, delta }) => (delta === undefined ? [payload] : [payload, delta]));
  const rest = [time, keep, appends.map(writeAppend), ends] as const;
  const place = behind ? ([behind.log, behind.era, behind.seq] as const) : null;
  if (compact) {
    const written: WrittenRecord = [...rest, place, [compact.epoch, compact.offset]];
    return pack(written, [...payloads, compact.payload]);
  }
  const written: WrittenRecord = place ? [...rest, place] : rest;
  return pack(written, payloads);
}

/** The version that the messages of a record have: the first one that knows all of it. */
export function versionOf({ appends, compact }: Pick<JournalRecord, 'appends' | 'compact'>): number {
  if (compact) return compactVersion;
  return appends.some(({ redacts }) => redacts !== undefined) ? redactVersion : formatVersion;
}

/** Throws when it is none. */
export function decodeRecord(bytes: Uint8Array): JournalRecord {
  const { head, payloads } = unpack(bytes);
  const [time, keep, written, ends, place, compaction] = head as WrittenRecord;
  let at = 0;
  const appends = written.map((append) => {
    const read = readAppend(append);
    const payload = payloads[at++]!;
    return append[0] === true ? { ...read, payload, delta: payloads[at++]! } : { ...read, payload };
  });
  const behind = place ? { log: place[0], era: place[1], seq: place[2] } : undefined;
  const compact = compaction && {
    ...{ epoch: compaction[0], offset: compaction[1] },
    payload: payloads[at] as Uint8Array,
  };
  return { time, keep: keep ? readKeep(keep) : undefined, appends, ends, behind, compact };
}

/** JSON has no `Infinity`: a bound that is none is written as null. */
function readKeep(keep: Keep): Keep {
  return Object.fromEntries(Object.entries(keep).map(([name, bound]) => [name, bound ?? Infinity])) as unknown as Keep;
}

function writeAppend(operation: NewOperation): WrittenAppend {
  const { delta, id, user, producer, retry, key, kind, expect, ttlMs, holder, rank, ifChanged, at, redacts } =
    operation;
  const fields = [
    ...[delta !== undefined, id, user, producer?.id, producer?.seq, producer?.after, retry],
    ...[key, kind, expect, ttlMs, holder, rank, ifChanged, at, redacts?.epoch, redacts?.offset],
  ];
  while (fields.length > 1 && fields.at(-1) === undefined) fields.pop();
  return fields;
}

function readAppend(written: WrittenAppend): Omit<NewOperation, 'payload'> {
  const [, ...fields] = written.map((field) => (field === null ? undefined : field));
  const [id, user, producerId, seq, after, retry, key, kind, expect, ttlMs, holder, rank, ifChanged, at, ...redacted] =
    fields as [
      ...[string?, string?, string?, number?, number?, boolean?],
      ...[string?, NewOperation['kind']?, number?, number?, string?, number?, true?, number?],
      ...[string?, number?],
    ];
  const producer = producerId === undefined ? undefined : { id: producerId, seq: seq!, after };
  const [epoch, offset] = redacted;
  const redacts = epoch === undefined ? undefined : { epoch, offset: offset! };
  return { id, user, producer, retry, key, kind, expect, ttlMs, holder, rank, ifChanged, at, redacts };
}

interface CutOptions {
  readonly leases: boolean;
  /** `versionOf` the record. */
  readonly version: number;
  readonly maxBytes: number;
}

/** Cuts a record into messages of at most `maxBytes`; `nextNumber` gives each its number. */
export function cutRecord(
  record: Uint8Array,
  writer: string,
  nextNumber: () => number,
  { leases, version, maxBytes }: CutOptions,
): { readonly number: number; readonly message: Uint8Array }[] {
  const room = maxBytes - fixedLength - writer.length;
  const messages: { number: number; message: Uint8Array }[] = [];
  for (let at = 0; at < record.length || at === 0; at += room) {
    const body = record.subarray(at, at + room);
    const message = Buffer.allocUnsafe(fixedLength + writer.length + body.length);
    const number = nextNumber();
    message[0] = version;
    message[1] = (at === 0 ? first : 0) | (at + room >= record.length ? last : 0) | (leases ? leased : 0);
    message[2] = writer.length;
    message.writeUIntBE(number, 3, 6);
    message.write(writer, fixedLength, 'latin1');
    message.set(body, fixedLength + writer.length);
    messages.push({ number, message });
  }
  return messages;
}

/** Throws when the message is of another version, or none of ours. */
export function readPiece(message: Uint8Array): Piece {
  if (message.length < fixedLength || !knownVersions.has(message[0]))
    throw unknownFormat('A message of the journal', message[0]);
  const view = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const flags = message[1]!;
  const start = fixedLength + message[2]!;
  return {
    writer: view.toString('latin1', fixedLength, start),
    number: view.readUIntBE(3, 6),
    isFirst: (flags & first) !== 0,
    isLast: (flags & last) !== 0,
    leases: hasLeases(message),
    compacts: message[0] === compactVersion,
    body: message.subarray(start),
  };
}

/** Something was written by a later version of Longwave. */
export function unknownFormat(subject: string, format: number | undefined): Error {
  return new Error(
    `${subject} has format ${format}, and this node knows none above ${redactVersion}: run one version of Longwave.`,
  );
}

export function hasLeases(message: Uint8Array): boolean {
  return message.length > 1 && (message[1]! & leased) !== 0;
}
