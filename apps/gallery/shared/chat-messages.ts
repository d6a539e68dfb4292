import { z } from 'zod';
import { maxTextLength, reactions } from './chat.js';

const ChatText = z
  .string()
  .min(1)
  .max(maxTextLength)
  .refine((text) => text.trim() !== '', 'is blank');

export const ChatMessage = z.object({ text: ChatText });

/** Data of a member: none. Their name is the user that the server vouches for. */
export const ChatMember = z.strictObject({});

export const TypingSignal = z.object({ isTyping: z.boolean() });

/** The last message that a user has seen: entries of `chat-read/:room` by user. */
export const ReadPosition = z.object({ epoch: z.string().max(64), offset: z.number().int().nonnegative() });

/** The marks of one user on one message: entries of `chat-marks/:room` by `markKey`. */
export const Mark = z.object({
  reactions: z.partialRecord(z.enum(reactions), z.literal(true)).optional(),
  /** The text in place of the one in the log. Set by the author only. */
  text: ChatText.optional(),
});
export type Mark = z.infer<typeof Mark>;
