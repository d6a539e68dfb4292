import { LongwaveError, type View, canonicalView } from '@longwave/protocol';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';
import { compileView } from './state/compiled-view.js';
import { StateFeed } from './state/state-feed.js';
import { type MaybePromise, guard, chain } from './maybe-promise.js';
import { authorizedAddress } from './address.js';

/** Asks for the right to every subscription anew; those that lost it end with `revoked` (SES-6, SUB-6), and so do memberships (PRES-3). */
export function recheck(session: Session): MaybePromise<void> {
  let pending: MaybePromise<void> = undefined;
  for (const subscription of session.subscriptions) {
    const { source } = subscription;
    pending = chain(pending, () =>
      guard(
        () =>
          chain(authorizedAddress(session, source.name, 'subscribe'), ({ imposed }) => impose(subscription, imposed)),
        (error) => {
          // What cannot be decided is refused: a right must be proven.
          if (!(error instanceof LongwaveError)) session.context.logger.error('Authorization failed.', error);
          revoke(session, subscription);
        },
      ),
    );
  }
  for (const channel of session.context.members.of(session)) {
    pending = chain(pending, () =>
      guard(
        () => chain(authorizedAddress(session, channel, 'presence'), () => undefined),
        () => session.context.members.revoke(session, channel),
      ),
    );
  }
  return pending;
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
  if (!session.unsubscribe(source.name, tag)) return;
  session.context.stats.resets++;
  const { epoch, top: offset, name: channel } = source;
  session.send({ type: 'reset', channel, tag, reason: 'revoked', epoch, offset });
}
