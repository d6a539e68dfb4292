import type { CallDefinition } from 'longwave';
import { z } from 'zod';

/** Characters of a question. */
export const maxQuestionLength = 300;

const talkPattern = /^[a-z0-9]{4,32}$/;

export function isTalkName(text: string): boolean {
  return talkPattern.test(text);
}

// #region teach:assistant-contract
/** A whole turn. The last of the assistant's own says how it ended. */
export const Turn = z.object({
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  end: z.enum(['done', 'stopped']).optional(),
});

/** Words of an answer that is being made: to the question at this offset. */
export const Part = z.object({ question: z.number(), text: z.string() });
// #endregion
export type Turn = z.infer<typeof Turn>;
export type Part = z.infer<typeof Part>;

const TalkName = z.string().regex(talkPattern);
export const Question = z.object({ talk: TalkName, text: z.string().trim().min(1).max(maxQuestionLength) });
export const StopRequest = z.object({ talk: TalkName });

export type AssistantCalls = {
  /** Rejects with `conflict` while a question of the same talk is being answered, with `too-many` when too many others are. */
  readonly 'assistant/ask': CallDefinition<typeof Question, null>;
  /** Replies with whether an answer was being made. */
  readonly 'assistant/stop': CallDefinition<typeof StopRequest, boolean>;
};
