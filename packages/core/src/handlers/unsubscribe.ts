import type { Unsubscribe } from '@longwave/protocol';
import type { Session } from '../session.js';

/** SUB-7. */
export function handleUnsubscribe(session: Session, { id, channel }: Unsubscribe): void {
  session.unsubscribe(channel);
  session.send({ type: 'done', id });
}
