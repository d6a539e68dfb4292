import { isRoomName } from './chat.js';

/** Documents and boards that everybody sees in the list; any other valid name makes one. */
export const publicDocuments = {
  write: ['welcome', 'minutes', 'ideas'],
  board: ['welcome', 'sketch', 'retro'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type DocumentArea = keyof typeof publicDocuments;

/** Documents are named as rooms are. */
export const isDocumentName = isRoomName;

/** The field of a document of `/write` that holds its text: ProseMirror's schema in an XML fragment. */
export const textField = 'text';

/** The most that a document with its history holds: more than anybody types, and no disk is filled with it. */
export const maxDocumentBytes = 4 * 1024 * 1024;

export const maxTitleLength = 80;
