import type { Enter, Exit } from '@longwave/protocol';
import type { Session } from '../session.js';
import { type Address, authorizedAddress, confirmed } from '../rights/address.js';
import { type MaybePromise, chain, undoOnFailure } from '../../base/maybe-promise.js';

/** PRES-1. */
export function handleEnter(session: Session, { id, channel, data, away, again }: Enter): MaybePromise<void> {
  const { members } = session.context;
  return chain(authorizedAddress(session, channel, 'presence'), (address) => {
    const commit = (store: () => MaybePromise<void>, said: unknown) =>
      chain(ask(session, address, said, away === true), () => confirmed(session, 'presence', address, store));
    return chain(members.enter(session, address, { data, away: away === true }, commit), (key) => {
      if (session.state === 'closed') return;
      // While the store was at it the right may have been withdrawn.
      return undoOnFailure(
        () => confirmed(session, 'presence', address, () => session.send({ type: 'done', id, key }, again === true)),
        () => members.revoke(session, channel),
      );
    });
  });
}

function ask(session: Session, { name: channel, params }: Address, data: unknown, away: boolean): MaybePromise<void> {
  const { hooks } = session.context;
  return hooks.enter?.({ ...session.view, channel, params, data, away });
}

/** PRES-3. */
export function handleExit(session: Session, { id, channel }: Exit): MaybePromise<void> {
  return chain(session.context.members.exit(session, channel), () => session.send({ type: 'done', id }));
}
