import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/** Keys of LMDB are compared as bytes: numbers are big-endian, so that they are in order. */

/** LMDB takes 1978 bytes; what is longer is known by its hash. */
const maxNameBytes = 1024;
const offsetBytes = 6;

/** Key of one counted record of a channel. */
export function countedKey(channel: number, count: number): Buffer {
  const key = Buffer.allocUnsafe(4 + offsetBytes);
  key.writeUInt32BE(channel, 0);
  key.writeUIntBE(count, 4, offsetBytes);
  return key;
}

export function countOf(key: Buffer): number {
  return key.readUIntBE(4, offsetBytes);
}

/** Key of one named record of a channel. */
export function namedKey(channel: number, name: string): Buffer {
  const bytes = nameBytes(name);
  const key = Buffer.allocUnsafe(4 + bytes.length);
  key.writeUInt32BE(channel, 0);
  key.set(bytes, 4);
  return key;
}

/** Key of the end of an entry's time: all channels in the order of time. */
export function expiryKey(expiresAt: number, channel: number, name: string): Buffer {
  const bytes = nameBytes(name);
  const key = Buffer.allocUnsafe(offsetBytes + 4 + bytes.length);
  key.writeUIntBE(expiresAt, 0, offsetBytes);
  key.writeUInt32BE(channel, offsetBytes);
  key.set(bytes, offsetBytes + 4);
  return key;
}

export function expiryOf(key: Buffer): number {
  return key.readUIntBE(0, offsetBytes);
}

/** Key of one part of a commit in the journal. */
export function partKey(commit: number, part: number): Buffer {
  const key = Buffer.allocUnsafe(offsetBytes + 4);
  key.writeUIntBE(commit, 0, offsetBytes);
  key.writeUInt32BE(part, offsetBytes);
  return key;
}

export function commitOf(key: Buffer): number {
  return key.readUIntBE(0, offsetBytes);
}

/** A key after all keys of the channel. */
export function endOfChannel(channel: number): Buffer {
  return countedKey(channel + 1, 0).subarray(0, 4);
}

/** Key of the channel itself. */
export function channelKey(name: string): Buffer {
  return nameBytes(name);
}

/**
 * Channels that share what is known of those forgotten: more cost room, fewer have channels reset that nobody wrote to.
 */
const buckets = 1 << 17;

/** Key of the channels that begin in one epoch, since one of them was forgotten. */
export function bucketKey(channel: string): Buffer {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(createHash('sha256').update(channel).digest().readUInt32BE(0) % buckets);
  return key;
}

function nameBytes(name: string): Buffer {
  const bytes = Buffer.from(name, 'utf8');
  if (bytes.length > 0 && bytes.length <= maxNameBytes) return bytes;
  // 0xff begins no text in UTF-8, and an empty key is none.
  const hash = createHash('sha256').update(bytes).digest();
  return Buffer.concat([Buffer.of(0xff), bytes.length === 0 ? Buffer.alloc(0) : hash]);
}
