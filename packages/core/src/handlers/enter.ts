import type { Enter, Exit } from '@longwave/protocol';
import type { Session } from '../session.js';
import { authorizedAddress } from '../address.js';
import { type MaybePromise, chain } from '../maybe-promise.js';

/** PRES-1. */
export function handleEnter(session: Session, { id, channel, data, away, again }: Enter): MaybePromise<void> {
  return chain(authorizedAddress(session, channel, 'presence'), ({ name, definition }) =>
    chain(session.context.members.enter(session, name, definition.presence, { data, away: away === true }), (key) =>
      session.send({ type: 'done', id, key }, again === true),
    ),
  );
}

/** PRES-3. */
export function handleExit(session: Session, { id, channel }: Exit): MaybePromise<void> {
  return chain(session.context.members.exit(session, channel), () => session.send({ type: 'done', id }));
}
