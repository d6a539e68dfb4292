import * as Y from 'yjs';
import { Assembler } from '../../format/assembler.js';
import { type PiecePayload, decodePayload } from '../../format/payload.js';

/** A message of a document, and who wrote it. */
export interface Written {
  readonly payload: Uint8Array;
  readonly user?: string | undefined;
  /** When it was stored, in milliseconds since the Unix epoch. */
  readonly time: number;
}

/** A document as its messages say it together. */
export interface Assembled {
  readonly doc: Y.Doc;
  /** Parts of updates of which not all are there. */
  readonly pieces: readonly PiecePayload[];
  /** When the first piece of each of these was stored, by its group. */
  readonly since: ReadonlyMap<string, number>;
  /**
   * The user who wrote as each client id of Yjs: the first who brought content of it, for later it may come from others, who only pass
   * it on.
   */
  readonly authors: ReadonlyMap<number, string>;
  /** No update is whole, or none says anything. */
  readonly isBlank: boolean;
}

/** Bytes of an update that says nothing. */
const blankBytes = 2;

/** Puts a document together from its messages, in their order. Deleted content is let go of. */
export function readMessages(messages: Iterable<Written>): Assembled {
  const doc = new Y.Doc();
  const authors = new Map<number, string>();
  const assembler = new Assembler();
  const since = new Map<string, number>();
  const began = (group: string, time: number): void => {
    if (!since.has(group)) since.set(group, time);
  };
  let isBlank = true;
  const addAuthor = (client: number, author: string): void => {
    if (!authors.has(client)) authors.set(client, author);
  };
  doc.transact(() => {
    for (const { payload, user, time } of messages) {
      const message = decodePayload(payload);
      if (message.kind === 'compacted') {
        for (const [client, author] of Object.entries(message.authors)) addAuthor(Number(client), author);
        for (const { group } of message.pieces) began(group, message.since[group] ?? time);
      }
      if (message.kind === 'piece') began(message.group, time);
      for (const update of assembler.add(message)) {
        if (user !== undefined) for (const client of Y.parseUpdateMeta(update).from.keys()) addAuthor(client, user);
        if (update.length > blankBytes) isBlank = false;
        Y.applyUpdate(doc, update);
      }
    }
  });
  return { doc, pieces: assembler.pieces, since, authors, isBlank };
}
