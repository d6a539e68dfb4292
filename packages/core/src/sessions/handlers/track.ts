import { LongwaveError, type Track, canonicalView, readView, viewTag } from '@longwave/protocol';
import type { Session } from '../session.js';
import { requireViewBudget } from '../../delivery/view-budget.js';
import { compileView } from '../../delivery/state/compiled-view.js';
import { StateFeed } from '../../delivery/state/state-feed.js';

/** VIEW-6. */
export function handleTrack(session: Session, { id, channel, tag, view: asked }: Track): void {
  const subscription = session.find(channel, tag);
  if (!subscription) throw new LongwaveError('unknown-channel', 'There is no subscription with this view.');
  if (!(subscription.source instanceof StateFeed)) throw new LongwaveError('wrong-mode', 'A log has no views.');
  const view = readView(asked);
  if (typeof view === 'string') throw new LongwaveError('invalid-data', view);
  const { imposed } = subscription;
  const compiled = compileView(view, imposed);
  requireViewBudget(session, compiled, subscription.view);
  const other = session.find(channel, viewTag(canonicalView(view)));
  if (other && other !== subscription) session.unsubscribe(channel, other.tag);
  subscription.answerFirst();
  session.send({ type: 'done', id });
  subscription.source.setView(subscription, compiled);
}
