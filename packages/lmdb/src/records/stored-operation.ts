import { Buffer } from 'node:buffer';
import { DamagedRecord } from '../files/store-error.js';
import { crc32 } from 'node:zlib';
import type { Operation, Payload } from '@longwave/protocol';
import { ByteReader, ByteWriter } from './bytes.js';

/** Parts of an operation's record, in this order, after its checksum. */
const has = {
  ...{ text: 1, id: 2, user: 4, key: 8, delta: 16, deltaText: 32 },
  ...{ delete: 64, expire: 128, redact: 256, redacted: 512 },
} as const;

/** Kinds that a record tells. */
const kinds = ['delete', 'expire', 'redact', 'redacted'] as const;

const scratch = (): ByteWriter => new ByteWriter(4096);

/** Writes operations as they are stored. The offset is in the key of the record. */
export class OperationWriter {
  readonly #writer = scratch();

  /** A view, until the next one is written. */
  write({ time, payload, id, user, key, kind, delta }: Omit<Operation, 'offset'>): Buffer {
    const isText = typeof payload === 'string';
    const flags =
      (isText ? has.text : 0) |
      (id === undefined ? 0 : has.id) |
      (user === undefined ? 0 : has.user) |
      (key === undefined ? 0 : has.key) |
      (delta === undefined ? 0 : has.delta) |
      (typeof delta === 'string' ? has.deltaText : 0) |
      (kinds.includes(kind as (typeof kinds)[number]) ? has[kind as (typeof kinds)[number]] : 0);
    const writer = this.#writer
      .reset()
      .uint32(0)
      .uint(flags)
      .uint(Math.max(0, Math.floor(time)));
    if (id !== undefined) writer.text(id);
    if (user !== undefined) writer.text(user);
    if (key !== undefined) writer.text(key);
    if (delta !== undefined) writer.bytes(typeof delta === 'string' ? Buffer.from(delta) : delta);
    writer.raw(isText ? Buffer.from(payload) : payload);
    writer.setUint32(0, crc32(writer.view(4)));
    return writer.view();
  }
}

/** Throws `DamagedRecord` when it is not what was written. */
export function readOperation(record: Buffer, offset: number): Operation {
  const reader = open(record);
  const flags = reader.uint();
  const time = reader.uint();
  const id = flags & has.id ? reader.text() : undefined;
  const user = flags & has.user ? reader.text() : undefined;
  const key = flags & has.key ? reader.text() : undefined;
  const delta = flags & has.delta ? payloadOf(reader.bytes(), (flags & has.deltaText) !== 0) : undefined;
  const kind = flags < has.delete ? undefined : kinds.find((name) => (flags & has[name]) !== 0);
  const payload = flags & has.text ? reader.restText() : payloadOf(reader.rest(), false);
  return { offset, time, payload, id, user, key, kind, delta };
}

/** The parts of a record that trimming needs. */
export interface RecordTraits {
  readonly time: number;
  readonly payloadBytes: number;
  readonly id: string | undefined;
  readonly user: string | undefined;
}

export function readTraits(record: Buffer): RecordTraits {
  const reader = open(record);
  const flags = reader.uint();
  const time = reader.uint();
  const id = flags & has.id ? reader.text() : undefined;
  const user = flags & has.user ? reader.text() : undefined;
  if (flags & has.key) reader.skip();
  if (flags & has.delta) reader.skip();
  return { time, payloadBytes: reader.end - reader.at, id, user };
}

function open(record: Buffer): ByteReader {
  const reader = new ByteReader(record);
  if (record.length < 6 || reader.uint32() !== crc32(record.subarray(4))) {
    throw new DamagedRecord('An operation in it is not what was written.');
  }
  return reader;
}

/** A payload from here on is not copied out of its record, which LMDB has copied out of the file. */
const largeBytes = 16 * 1024;

function payloadOf(bytes: Buffer, isText: boolean): Payload {
  if (isText) return bytes.toString('utf8');
  return bytes.length < largeBytes
    ? new Uint8Array(bytes)
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes that a payload takes in its record. */
export function bytesOf(payload: Payload): number {
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
}
