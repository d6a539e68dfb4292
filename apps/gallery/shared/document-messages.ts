import { z } from 'zod';
import { maxTitleLength } from './documents.js';

/** The first line of a document: an entry of `write-titles` by the document's name. */
export const DocumentTitle = z.object({ title: z.string().min(1).max(maxTitleLength) });

const Said = z.object({ id: z.string(), user: z.string(), text: z.string(), time: z.number() });

// #region teach:write-contract
/** A thread of comments: an entry of `write-comments/:id`, which the server alone writes. */
export const WriteThread = z.object({
  /** Where it stands: an `AnchorRange` in base64. */
  anchor: z.string().optional(),
  quote: z.string().optional(),
  comments: z.array(Said),
  resolved: z.object({ user: z.string(), time: z.number() }).optional(),
});
// #endregion
export type WriteThread = z.infer<typeof WriteThread>;
