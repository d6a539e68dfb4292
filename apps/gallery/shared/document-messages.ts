import { z } from 'zod';
import { maxTitleLength } from './documents.js';
import { maxCommentLength, maxQuoteLength } from './write-comments.js';

/** The first line of a document: an entry of `write-titles` by the document's name. */
export const DocumentTitle = z.object({ title: z.string().min(1).max(maxTitleLength) });

/** A place in the text that moves with it: a relative position of Yjs, as JSON. */
const Anchor = z.string().max(300);

/** One comment: an entry of `write-comments/:id` by `commentKey`. */
const CommentEntry = z.object({
  text: z
    .string()
    .min(1)
    .max(maxCommentLength)
    .refine((text) => text.trim() !== '', 'is blank'),
  /** The words that the thread is about. Its first comment has it. */
  about: z.object({ from: Anchor, to: Anchor, quote: z.string().max(maxQuoteLength) }).optional(),
});

/** Whether a thread is done: an entry by `resolvedKey`. */
const ResolvedEntry = z.object({ isResolved: z.boolean() });

export const WriteComment = z.union([CommentEntry, ResolvedEntry]);
export type WriteComment = z.infer<typeof WriteComment>;
