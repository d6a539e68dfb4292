import { LongwaveError, type View, canonicalView } from '@longwave/protocol';
import type { Session } from '../session.js';
import type { Subscription } from '../../delivery/subscription.js';
import { compileView } from '../../delivery/state/compiled-view.js';
import { StateFeed } from '../../delivery/state/state-feed.js';
import { type MaybePromise, guard, chain } from '../../base/maybe-promise.js';
import { authorizedAddress } from './address.js';

/**
 * Asks for the right to every subscription anew; those that lost it end with `revoked` (SES-6, SUB-6), and so do
 * memberships (PRES-3). At once, whatever the session is at work on: that asks again by itself before it acts (SES-12).
 */
export function recheck(session: Session): MaybePromise<void> {
  const rights = ++session.rights;
  let pending: MaybePromise<void> = undefined;
  const ask = (
    channel: string,
    action: 'subscribe' | 'presence',
    granted: (view?: View) => void,
    lost: () => void,
    asked?: View,
  ) => {
    pending = chain(pending, () =>
      guard(
        () =>
          chain(authorizedAddress(session, channel, action, asked), ({ imposed }) => {
            if (isLatest()) granted(imposed);
          }),
        (error) => {
          // A right that cannot be decided is refused: it must be proven.
          if (!(error instanceof LongwaveError)) session.context.logger.error('Authorization failed.', error);
          if (isLatest()) lost();
        },
      ),
    );
  };
  // Otherwise a later one asks for everything again, and knows better.
  const isLatest = (): boolean => session.rights === rights;
  for (const subscription of session.subscriptions) {
    const { name } = subscription.source;
    ask(
      name,
      'subscribe',
      (imposed) => impose(subscription, imposed),
      () => revoke(session, subscription),
      askedOf(subscription),
    );
  }
  const { members } = session.context;
  const stays = (): void => undefined;
  for (const channel of members.of(session)) ask(channel, 'presence', stays, () => members.revoke(session, channel));
  return pending;
}

/** The view that the client asked for. Undefined: all of it. */
function askedOf({ view }: Subscription): View | undefined {
  return view?.tag === undefined ? undefined : view.asked;
}

/** VIEW-7: what may be seen has changed. */
function impose(subscription: Subscription, imposed: View | undefined): void {
  const { source, view } = subscription;
  if (!(source instanceof StateFeed) || canonicalView(imposed ?? {}) === canonicalView(subscription.imposed ?? {}))
    return;
  subscription.imposed = imposed;
  source.setView(subscription, compileView(view?.asked ?? {}, imposed));
}

function revoke(session: Session, subscription: Subscription): void {
  const { source, tag } = subscription;
  // Another one with the same view may have taken its place.
  if (session.find(source.name, tag) !== subscription) return;
  if (!session.unsubscribe(source.name, tag)) return;
  session.context.stats.resets++;
  const { epoch, top: offset, name: channel } = source;
  session.send({ type: 'reset', channel, tag, reason: 'revoked', epoch, offset });
}
