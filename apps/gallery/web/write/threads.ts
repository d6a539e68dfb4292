import type { WriteThread } from '../../shared/document-messages.js';
import { type AnchorRange, decodeAnchor } from './anchor.js';

interface Comment {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  /** When it was stored, in milliseconds since the Unix epoch. */
  readonly time: number;
}

/** Words that a thread is about. */
interface About extends AnchorRange {
  readonly quote: string;
}

export interface Thread {
  readonly id: string;
  readonly about: About | undefined;
  /** The oldest first. */
  readonly comments: readonly Comment[];
  readonly isResolved: boolean;
}

/** The threads of a document, the oldest first, from the entries of its channel. */
export function readThreads(entries: Iterable<readonly [string, WriteThread]>): readonly Thread[] {
  return [...entries]
    .filter(([, { comments }]) => comments.length > 0)
    .map(([id, { anchor, quote, comments, resolved }]): Thread => {
      const range = anchor === undefined ? undefined : decodeAnchor(anchor);
      return {
        id,
        about: range && quote !== undefined ? { ...range, quote } : undefined,
        comments: comments.map(({ id: comment, user, text, time }) => ({ id: comment, author: user, text, time })),
        isResolved: resolved !== undefined,
      };
    })
    .toSorted((a, b) => a.comments[0]!.time - b.comments[0]!.time);
}
