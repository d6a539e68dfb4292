import { z } from 'zod';
import { maxCommentLength, sides } from './limits.js';

const Minute = z.object({
  minute: z.number().int().min(0).max(120),
  /** Minutes of added time: 2 in 45+2. */
  added: z.number().int().min(0).max(30).default(0),
});
const Text = z
  .string()
  .max(maxCommentLength)
  .refine((text) => text.trim() !== '', 'is blank');
const moment = { ...Minute.shape, text: Text };
const play = { ...moment, side: z.enum(sides) };

/** An entry in the log of a match: an event, or a correction of an earlier line by its offset. */
export const CommentaryEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['kick-off', 'half-time', 'second-half', 'full-time']), ...moment }),
  z.object({ kind: z.literal('goal'), ...play, player: z.string().max(60) }),
  z.object({ kind: z.enum(['yellow-card', 'red-card']), ...play, player: z.string().max(60) }),
  z.object({ kind: z.enum(['shot-on-target', 'shot-wide', 'corner', 'foul', 'substitution']), ...play }),
  z.object({ kind: z.literal('comment'), ...moment }),
  z.object({ kind: z.literal('edit'), of: z.number().int().positive(), text: Text }),
  z.object({ kind: z.literal('withdrawal'), of: z.number().int().positive(), text: Text }),
]);
export type CommentaryEntry = z.infer<typeof CommentaryEntry>;

export type Correction = Extract<CommentaryEntry, { kind: 'edit' | 'withdrawal' }>;
export type Happening = Exclude<CommentaryEntry, Correction>;
