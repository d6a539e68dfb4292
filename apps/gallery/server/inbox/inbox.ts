import { LongwaveError, type PublishContext, type Server, call } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { PerMinute } from '../per-minute.js';
import { type InboxCalls, type Notice, type NoticeKind, NotifyRequest, isOwnMark } from '../../shared/inbox/notice.js';

/** Notifications that wait for their time, of all visitors. */
const maxWaiting = 200;

const notices: Readonly<Record<NoticeKind, Notice>> = {
  mention: { title: 'Marconi the bot mentioned you in #lobby.', href: '/chat/lobby' },
  score: { title: 'A goal in a match that you follow.', href: '/scores' },
  text: { title: 'Somebody changed a text that you wrote.', href: '/write/welcome' },
};

interface InboxOptions {
  readonly server: () => Pick<Server<GalleryChannels>, 'user'>;
}

export interface Inbox {
  readonly calls: InboxCalls;
  close(): void;
}

export function createInbox({ server }: InboxOptions): Inbox {
  const waiting = new Set<ReturnType<typeof setTimeout>>();
  const perMinute = new PerMinute(300);

  // #region teach:inbox-server
  /** Only the server writes to an inbox. The id names the event, so it is stored once, however often it is told. */
  async function notify(user: string, kind: NoticeKind, event: string): Promise<void> {
    await server().user(user).publish(notices[kind], { id: event });
  }
  // #endregion

  return {
    calls: {
      // #region teach:inbox-server
      'inbox/notify': call(NotifyRequest, async ({ kind, event, delayMs }, { user }) => {
        if (user === undefined) throw new LongwaveError('forbidden', 'An inbox belongs to a name.');
        perMinute.take();
        if (delayMs === 0) await notify(user, kind, event);
        else later(delayMs, () => notify(user, kind, event));
        return null;
      }),
      // #endregion
    },
    close: () => {
      for (const timer of waiting) clearTimeout(timer);
    },
  };

  function later(delayMs: number, act: () => Promise<void>): void {
    if (waiting.size >= maxWaiting)
      throw new LongwaveError('rate-limited', 'Too many wait already.', { retryAfterMs: delayMs });
    const timer = setTimeout(() => {
      waiting.delete(timer);
      act().catch((error: unknown) => console.error('A notification was not stored.', error));
    }, delayMs);
    waiting.add(timer);
  }
}

// #region teach:inbox-server
/** A publish hook: everybody says only of themselves what they have read. */
export function checkSeen({ channel, user, key }: PublishContext): void {
  if (channel === 'inbox-seen' && !isOwnMark(user, key))
    throw new LongwaveError('forbidden', 'This is not your inbox.');
}
// #endregion
