import type { Subscribe } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol';
import type { Address } from '../address.js';
import type { Bounds } from '../ports.js';
import type { Feed } from '../feed.js';
import type { Session } from '../session.js';
import { Subscription } from '../subscription.js';
import { authorizedAddress } from '../address.js';
import { type MaybePromise, chain, undoOnFailure } from '../maybe-promise.js';
import { resolveStart } from '../start.js';

/** SUB-1 to SUB-5, SUB-7. Rights come first: nothing is read before they are known (SUB-3). */
export function handleSubscribe(session: Session, frame: Subscribe): MaybePromise<void> {
  const { hooks } = session.context;
  return chain(authorizedAddress(session, frame.channel, 'subscribe'), (address) =>
    chain(hooks.subscribe?.(session.view, address.name), () => subscribe(session, frame, address)),
  );
}

function subscribe(session: Session, frame: Subscribe, address: Address): MaybePromise<void> {
  const { hub, limits } = session.context;
  session.unsubscribe(address.name);
  if (session.subscriptions.length >= limits.subscriptions) {
    throw new LongwaveError('too-many', `A connection may hold ${limits.subscriptions} subscriptions.`);
  }
  return chain(hub.feed(address.key, address.name), (feed) =>
    undoOnFailure(
      () => chain(hub.bounds(address.key), (bounds) => start(session, frame, feed, bounds)),
      () => feed.letGo(),
    ),
  );
}

function start(session: Session, frame: Subscribe, feed: Feed, bounds: Bounds): void {
  // The connection may have ended while the store answered.
  if (session.state === 'closed') return feed.letGo();
  feed.learn(bounds);
  const { offset, reset } = resolveStart(frame, bounds);
  if (reset) session.context.stats.resets++;
  const { epoch, top } = bounds;
  const quiet = frame.again === true && reset === undefined;
  session.send({ type: 'subscribed', id: frame.id, channel: feed.name, epoch, offset, top, reset }, quiet);
  session.subscribe(new Subscription(session, feed, frame.last, epoch, offset));
}
