import { LongwaveError } from '@longwave/protocol';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** A message of a document's channel: the first byte says which kind. */
export type Payload = UpdatePayload | PiecePayload | CompactedPayload;

/** One update of Yjs, format 1. */
interface UpdatePayload {
  readonly kind: 'update';
  readonly update: Uint8Array;
}

/** A part of an update that is larger than a message may be. The update counts when all of its parts are there. */
export interface PiecePayload {
  readonly kind: 'piece';
  /** The same for all parts of one update, and unguessable: 16 hexadecimal digits. */
  readonly group: string;
  readonly index: number;
  readonly total: number;
  readonly part: Uint8Array;
}

/** All updates up to an offset as one, with what else must not be lost of them. */
export interface CompactedPayload {
  readonly kind: 'compacted';
  readonly update: Uint8Array;
  /** Parts of updates of which not all were there. */
  readonly pieces: readonly PiecePayload[];
  /** When the first piece of each of these was stored, by its group: milliseconds since the Unix epoch. */
  readonly since: Readonly<Record<string, number>>;
  /** The users who wrote as each client id of Yjs. */
  readonly authors: Readonly<Record<string, string>>;
}

const kinds = { update: 0, piece: 1, compacted: 2 } as const;
const groupBytes = 8;
/** Bytes of an update in one piece: under a message with all that is around it, also as base64 within JSON. */
export const pieceBytes = 32 * 1024;
const maxPieces = 4096;

export function encodeUpdate(update: Uint8Array): Uint8Array {
  const payload = new Uint8Array(update.length + 1);
  payload[0] = kinds.update;
  payload.set(update, 1);
  return payload;
}

/** Whether the message is one whole update, which follows its first byte. */
export function isUpdatePayload(payload: Uint8Array): boolean {
  return payload[0] === kinds.update;
}

/** The messages that carry an update: one, or its pieces in their order. `makeGroup` returns 16 hexadecimal digits. */
export function encodeUpdates(update: Uint8Array, makeGroup: () => string): Uint8Array[] {
  if (update.length <= pieceBytes) return [encodeUpdate(update)];
  const total = Math.ceil(update.length / pieceBytes);
  const group = makeGroup();
  return Array.from({ length: total }, (_, index) => {
    const part = update.subarray(index * pieceBytes, (index + 1) * pieceBytes);
    return encodePiece({ kind: 'piece', group, index, total, part });
  });
}

function encodePiece({ group, index, total, part }: PiecePayload): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeUint8(encoder, kinds.piece);
    for (let i = 0; i < groupBytes; i++) encoding.writeUint8(encoder, parseInt(group.slice(2 * i, 2 * i + 2), 16));
    encoding.writeVarUint(encoder, index);
    encoding.writeVarUint(encoder, total);
    encoding.writeUint8Array(encoder, part);
  });
}

export function encodeCompacted({ update, pieces, since, authors }: Omit<CompactedPayload, 'kind'>): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeUint8(encoder, kinds.compacted);
    encoding.writeVarUint(encoder, pieces.length);
    for (const piece of pieces) encoding.writeVarUint8Array(encoder, encodePiece(piece));
    // No client id is called so.
    const meta = pieces.length > 0 ? { ...authors, since } : authors;
    encoding.writeVarString(encoder, JSON.stringify(meta));
    encoding.writeUint8Array(encoder, update);
  });
}

type CompactedMeta = Record<string, string> & { since?: Record<string, number> };

/** Throws `invalid-data` for what is none. The update within is not looked at. */
export function decodePayload(payload: Uint8Array): Payload {
  try {
    return decode(payload);
  } catch (cause) {
    if (cause instanceof LongwaveError) throw cause;
    throw new LongwaveError('invalid-data', 'This is no update of a document.', { cause });
  }
}

function decode(payload: Uint8Array): Payload {
  const decoder = decoding.createDecoder(payload);
  const kind = decoding.readUint8(decoder);
  if (kind === kinds.update) return { kind: 'update', update: decoding.readTailAsUint8Array(decoder) };
  if (kind === kinds.piece) return decodePiece(decoder);
  if (kind !== kinds.compacted) throw new LongwaveError('invalid-data', `A document has no messages of kind ${kind}.`);
  const pieces: PiecePayload[] = [];
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const piece = decoding.createDecoder(decoding.readVarUint8Array(decoder));
    decoding.readUint8(piece);
    pieces.push(decodePiece(piece));
  }
  const { since = {}, ...authors } = JSON.parse(decoding.readVarString(decoder)) as CompactedMeta;
  return {
    kind: 'compacted',
    pieces,
    since,
    authors,
    update: decoding.readTailAsUint8Array(decoder),
  };
}

function decodePiece(decoder: decoding.Decoder): PiecePayload {
  const group = Array.from(decoding.readUint8Array(decoder, groupBytes), (byte) => byte.toString(16).padStart(2, '0'));
  const index = decoding.readVarUint(decoder);
  const total = decoding.readVarUint(decoder);
  if (total < 2 || total > maxPieces || index >= total)
    throw new LongwaveError('invalid-data', `Piece ${index} of ${total} cannot be.`);
  return { kind: 'piece', group: group.join(''), index, total, part: decoding.readTailAsUint8Array(decoder) };
}
