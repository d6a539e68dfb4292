import { LongwaveError, type Track, type View, canonicalView, readView, viewTag } from '@longwave/protocol';
import type { Session } from '../session.js';
import { requireViewBudget } from '../../delivery/view-budget.js';
import { type MaybePromise, chain } from '../../base/maybe-promise.js';
import type { Subscription } from '../../delivery/subscription.js';
import { authorizedAddress, confirmed } from '../rights/address.js';
import { compileView } from '../../delivery/state/compiled-view.js';
import { StateFeed } from '../../delivery/state/state-feed.js';

/** VIEW-6. */
export function handleTrack(session: Session, frame: Track): MaybePromise<void> {
  const { channel } = frame;
  const { imposed } = find(session, frame);
  const view = readView(frame.view);
  if (typeof view === 'string') throw new LongwaveError('invalid-data', view);
  if (!session.context.authority.authorize) return exchange(session, frame, view, imposed);
  // The right goes with the view.
  return chain(authorizedAddress(session, channel, 'subscribe', view), (address) =>
    confirmed(session, 'subscribe', address, (still) => exchange(session, frame, view, still.imposed)),
  );
}

function find(session: Session, { channel, tag }: Track): Subscription {
  const subscription = session.find(channel, tag);
  if (!subscription) throw new LongwaveError('unknown-channel', 'There is no subscription with this view.');
  if (!(subscription.source instanceof StateFeed)) throw new LongwaveError('wrong-mode', 'A log has no views.');
  return subscription;
}

function exchange(session: Session, frame: Track, view: View, imposed: View | undefined): void {
  const { id, channel } = frame;
  const subscription = find(session, frame);
  const { source } = subscription;
  if (!(source instanceof StateFeed)) return;
  const compiled = compileView(view, imposed);
  requireViewBudget(session, compiled, subscription.view);
  session.intake.countView();
  const other = session.find(channel, viewTag(canonicalView(view)));
  if (other && other !== subscription) session.unsubscribe(channel, other.tag);
  subscription.answerFirst();
  session.send({ type: 'done', id });
  subscription.imposed = imposed;
  source.setView(subscription, compiled);
}
