import { isUpdate } from './check-update.js';
import { type Payload, type PiecePayload, decodePayload } from './payload.js';

/** An update that is whole. */
export interface Gathered {
  readonly update: Uint8Array;
  /** False: it came in pieces, and nobody has looked at it. */
  readonly isChecked: boolean;
}

/**
 * Puts the updates of a document together from its messages, in their order. Pieces that make up no update are left out: nobody can
 * check them before the last one is stored.
 */
export class Assembler {
  readonly #groups = new Map<string, PiecePayload[]>();

  /** Parts of updates of which not all came yet. */
  get pieces(): readonly PiecePayload[] {
    return [...this.#groups.values()].flat();
  }

  /** Returns the updates that are whole with this message. Throws `invalid-data` for what is no message of a document. */
  take(message: Uint8Array): readonly Uint8Array[] {
    return this.add(decodePayload(message));
  }

  /** As `take`, of a message that was decoded. */
  add(payload: Payload): readonly Uint8Array[] {
    return this.gather(payload).flatMap(({ update, isChecked }) => (isChecked || isUpdate(update) ? [update] : []));
  }

  /** As `add`, with those that make up no update: for a caller that looks at them bit by bit. */
  gather(payload: Payload): readonly Gathered[] {
    if (payload.kind === 'update') return [{ update: payload.update, isChecked: true }];
    if (payload.kind === 'piece') return this.#addPiece(payload);
    return [{ update: payload.update, isChecked: true }, ...payload.pieces.flatMap((piece) => this.#addPiece(piece))];
  }

  #addPiece(piece: PiecePayload): readonly Gathered[] {
    const { index, total } = piece;
    // With another total it is none of the same update.
    const group = `${piece.group} ${total}`;
    const pieces = this.#groups.get(group) ?? [];
    // It may come again, in a compacted message.
    if (pieces.some((known) => known.index === index)) return [];
    this.#groups.set(group, pieces);
    pieces.push(piece);
    if (pieces.length < total) return [];
    this.#groups.delete(group);
    const update = join(pieces.toSorted((a, b) => a.index - b.index).map(({ part }) => part));
    return [{ update, isChecked: false }];
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
