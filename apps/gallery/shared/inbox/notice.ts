import type { CallDefinition } from 'longwave';
import { z } from 'zod';
import { cleanName } from '../chat.js';

// #region teach:inbox-contract
/** A message in an inbox. */
export const Notice = z.object({ title: z.string().max(200), href: z.string().max(200) });

/** The last message that a user has read, on whichever device. */
export const Seen = z.object({ epoch: z.string(), offset: z.number().int().nonnegative() });
// #endregion
export type Notice = z.infer<typeof Notice>;
export type Seen = z.infer<typeof Seen>;

export const noticeKinds = ['mention', 'score', 'text'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Longest time to wait before a notification is sent, in milliseconds. */
const maxDelayMs = 5000;

export const NotifyRequest = z.object({
  kind: z.enum(noticeKinds),
  /** Names the event: whoever notifies twice of the same, as a job that is run again, notifies once. */
  event: z.string().regex(/^[a-z0-9-]{1,40}$/),
  delayMs: z.number().int().min(0).max(maxDelayMs),
});

export type InboxCalls = {
  /** Notifies the caller. Rejects with `forbidden` without a name, with `rate-limited` when too many wait. */
  readonly 'inbox/notify': CallDefinition<typeof NotifyRequest, null>;
};

/** Whether a guest may say of `key` what was read: a user, of themselves. */
export function isOwnMark(user: string | undefined, key: string | undefined): boolean {
  return user !== undefined && key === user && cleanName(user) === user;
}
