import { maxNameLength } from './chat.js';

export const maxCommentLength = 1000;
export const maxQuoteLength = 200;

/** The address of a comment. Nobody writes to the entries of others. */
export interface CommentAddress {
  readonly thread: string;
  /** Undefined for the entry that says whether the thread is done, which is everybody's. */
  readonly comment: { readonly id: string; readonly user: string } | undefined;
}

export function commentKey(thread: string, id: string, user: string): string {
  return `${thread}/${id}/${user}`;
}

export function resolvedKey(thread: string): string {
  return `${thread}/resolved`;
}

/** Undefined when it is no key of a comment. A name has no slash. */
export function parseCommentKey(key: string): CommentAddress | undefined {
  const [, thread, done, id, user] = /^([0-9a-f]{16})\/(?:(resolved)|([0-9a-f]{16})\/([^/]+))$/.exec(key) ?? [];
  if (thread === undefined) return undefined;
  if (done !== undefined) return { thread, comment: undefined };
  if (id === undefined || user === undefined || user.length > maxNameLength) return undefined;
  return { thread, comment: { id, user } };
}
