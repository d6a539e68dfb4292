import type { WriteComment } from '../../shared/document-messages.js';
import { parseCommentKey } from '../../shared/write-comments.js';

interface Comment {
  readonly key: string;
  readonly author: string;
  readonly text: string;
  /** When it was stored, in milliseconds since the Unix epoch. */
  readonly time: number;
}

export interface Thread {
  readonly id: string;
  readonly about: { readonly from: string; readonly to: string; readonly quote: string } | undefined;
  /** The oldest first. */
  readonly comments: readonly Comment[];
  readonly isResolved: boolean;
}

interface StoredComment {
  readonly value: WriteComment;
  readonly time: number;
}

/** Only the oldest are shown when there are more. */
const maxThreads = 200;

/** The threads of a document, the oldest first, from the entries of its channel. One without a comment is none. */
export function readThreads(entries: Iterable<readonly [string, StoredComment]>): readonly Thread[] {
  const comments = new Map<string, Comment[]>();
  const about = new Map<string, Thread['about']>();
  const resolved = new Set<string>();
  for (const [key, { value, time }] of entries) {
    const address = parseCommentKey(key);
    if (address === undefined) continue;
    const { thread, comment } = address;
    if (comment === undefined) {
      if ('isResolved' in value && value.isResolved) resolved.add(thread);
    } else if ('text' in value) {
      const known = comments.get(thread) ?? [];
      comments.set(thread, [...known, { key, author: comment.user, text: value.text, time }]);
      if (value.about) about.set(thread, value.about);
    }
  }
  return [...comments]
    .map(([id, all]) => ({
      id,
      about: about.get(id),
      comments: all.toSorted((a, b) => a.time - b.time || (a.key < b.key ? -1 : 1)),
      isResolved: resolved.has(id),
    }))
    .toSorted((a, b) => a.comments[0]!.time - b.comments[0]!.time)
    .slice(0, maxThreads);
}
