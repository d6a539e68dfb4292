import type { Unsubscribe } from '@longwave/protocol';
import type { Session } from '../session.js';

/** SUB-7. */
export function handleUnsubscribe(session: Session, { id, channel, tag }: Unsubscribe): void {
  session.unsubscribe(channel, tag);
  session.send({ type: 'done', id });
}
