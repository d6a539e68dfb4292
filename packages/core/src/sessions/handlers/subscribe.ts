import {
  LongwaveError,
  type RoomChannelDefinition,
  type Subscribe,
  type View,
  canonicalView,
  isLog,
  isRoom,
  readView,
  viewTag,
} from '@longwave/protocol';
import type { Address } from '../rights/address.js';
import type { Bounds } from '../../base/ports.js';
import type { Feed } from '../../delivery/feed.js';
import type { Session } from '../session.js';
import { Subscription, type SubscriptionOptions } from '../../delivery/subscription.js';
import { authorizedAddress, confirmed } from '../rights/address.js';
import { type MaybePromise, chain, isPromise, undoOnFailure } from '../../base/maybe-promise.js';
import { type Start, resolveStart, resolveStateStart } from '../../delivery/start.js';
import { requireViewBudget } from '../../delivery/view-budget.js';
import { compileView } from '../../delivery/state/compiled-view.js';

const noOptions: SubscriptionOptions = {};

/** SUB-1 to SUB-5, SUB-7, STATE-1. Rights come first: nothing is read before they are known (SUB-3). */
export function handleSubscribe(session: Session, frame: Subscribe): MaybePromise<void> {
  requireWhole(frame);
  const { view } = frame;
  if (view !== undefined) return askWith(session, frame, view);
  // Each connection comes by here: what is at hand costs no closure.
  const address = authorizedAddress(session, frame.channel, 'subscribe');
  return isPromise(address) ? address.then((late) => ask(session, frame, late)) : ask(session, frame, address);
}

/** The right goes with the view. A view that cannot be is refused after the rights, as of a log any view is (VIEW-1). */
function askWith(session: Session, frame: Subscribe, asked: unknown): MaybePromise<void> {
  const view = readView(asked);
  if (typeof view !== 'string') {
    return chain(authorizedAddress(session, frame.channel, 'subscribe', view), (address) =>
      ask(session, frame, address),
    );
  }
  return chain(authorizedAddress(session, frame.channel, 'subscribe'), ({ definition }) => {
    if (isLog(definition)) throw noViews();
    throw new LongwaveError('invalid-data', view);
  });
}

function noViews(): LongwaveError {
  return new LongwaveError('wrong-mode', 'A log has no views.');
}

function ask(session: Session, frame: Subscribe, address: Address): MaybePromise<void> {
  const { hooks } = session.context;
  if (!hooks.subscribe) return subscribe(session, frame, address);
  const { name: channel, params, asked: view } = address;
  return chain(hooks.subscribe({ ...session.view, channel, params, view }), () => subscribe(session, frame, address));
}

function subscribe(session: Session, frame: Subscribe, address: Address): MaybePromise<void> {
  const { hub, limits, loaders, publisher } = session.context;
  const { definition, key, name } = address;
  // VIEW-1: whatever it says.
  if (isLog(definition) && frame.view !== undefined) throw noViews();
  const view = address.asked;
  const tag = view && viewTag(canonicalView(view));
  if (session.subscriptions.length > 0) session.unsubscribe(name, tag);
  if (session.subscriptions.length >= limits.subscriptions) {
    throw new LongwaveError('too-many', `A connection may hold ${limits.subscriptions} subscriptions.`);
  }
  if (isLog(definition)) {
    const feed = hub.feed(key, name, definition.mode);
    // Each connection comes by here: what is at hand costs no closure.
    return isPromise(feed)
      ? open(session, address, feed, (opened, bounds) => beginLog(session, frame, address, opened, bounds))
      : openLog(session, frame, address, feed);
  }
  if (session.plain) throw new LongwaveError('wrong-mode', 'Plain readers read logs.');
  if (isRoom(definition)) return openRoom(session, frame, address, definition);
  const { bounds: limit, mode: modeName } = definition;
  const mode = publisher.modeOf(definition);
  const compile = (imposed: View | undefined) =>
    tag === undefined && !imposed ? undefined : compileView(view ?? {}, imposed);
  return chain(loaders.ensure(key, limit), () =>
    open(session, address, hub.stateFeed(key, name, { mode, bounds: limit }), (feed, bounds, { imposed }) => {
      const compiled = compile(imposed);
      requireViewBudget(session, compiled);
      if (compiled) session.intake.countView();
      const from = resolveStateStart(frame, bounds, compiled?.scope);
      start(session, frame, feed, bounds, from, { view: compiled, imposed }, modeName);
    }),
  );
}

/** SUB-1: half a position is none, and whoever sent it would miss something without a word. */
function requireWhole({ epoch, offset }: Subscribe): void {
  if ((epoch === undefined) === (offset === undefined)) return;
  const [given, missing] = epoch === undefined ? ['offset', 'epoch'] : ['epoch', 'offset'];
  throw new LongwaveError('bad-frame', `'${given}' came without '${missing}': a position is both.`);
}

/** ROOM-1. A room goes on from the snapshot that the client has, if it is still known. */
function openRoom(
  session: Session,
  { id, epoch: known, offset: held, again, view }: Subscribe,
  address: Address,
  definition: RoomChannelDefinition,
): MaybePromise<void> {
  if (view !== undefined) throw new LongwaveError('wrong-mode', 'A room has no views.');
  const { context, clientKey } = session;
  const { name, pattern, params } = address;
  // The engine refuses to start without a host where the contract has rooms.
  return chain(context.rooms!.open({ name, pattern, params, definition }), (room) =>
    undoOnFailure(
      () =>
        confirmed(session, 'subscribe', address, () => {
          const { epoch, top } = room;
          const offset = known === epoch && held !== undefined ? held : 0;
          const viewer = context.digest(clientKey);
          session.send({ type: 'subscribed', id, channel: name, epoch, offset, top, mode: 'room' }, again === true);
          session.subscribe(new Subscription(session.outlet, room, epoch, offset, { viewer }));
        }),
      () => room.letGo(),
    ),
  );
}

/** As `open`, of a log whose feed is at hand. */
function openLog(session: Session, frame: Subscribe, address: Address, feed: Feed): MaybePromise<void> {
  let bounds: MaybePromise<Bounds>;
  try {
    bounds = session.context.hub.bounds(feed.key);
    if (!isPromise(bounds) && address.rights === session.rights) {
      session.checkActs();
      return beginLog(session, frame, address, feed, bounds);
    }
  } catch (error) {
    feed.letGo();
    throw error;
  }
  const asked = bounds;
  return undoOnFailure(
    () =>
      chain(asked, (late) =>
        confirmed(session, 'subscribe', address, (still) => beginLog(session, frame, still, feed, late)),
      ),
    () => feed.letGo(),
  );
}

function beginLog(session: Session, frame: Subscribe, { definition, key }: Address, feed: Feed, bounds: Bounds): void {
  if (definition.mode === 'doc') session.context.documents.opened(key, bounds.top - bounds.floor);
  start(
    session,
    frame,
    feed,
    bounds,
    resolveStart(frame, bounds),
    frame.last === undefined ? noOptions : { last: frame.last },
  );
}

function open<F extends Feed>(
  session: Session,
  address: Address,
  feed: MaybePromise<F>,
  begin: (feed: F, bounds: Bounds, address: Address) => void,
): MaybePromise<void> {
  return chain(feed, (opened) =>
    undoOnFailure(
      () =>
        chain(session.context.hub.bounds(opened.key), (bounds) =>
          confirmed(session, 'subscribe', address, (still) => begin(opened, bounds, still)),
        ),
      () => opened.letGo(),
    ),
  );
}

function start(
  session: Session,
  frame: Subscribe,
  feed: Feed,
  bounds: Bounds,
  { offset, reset, fresh }: Start,
  options: SubscriptionOptions,
  mode?: string,
): void {
  feed.learn(bounds);
  const { epoch, top } = bounds;
  const { id, again } = frame;
  const subscription = new Subscription(session.outlet, feed, epoch, offset, fresh ? { ...options, fresh } : options);
  if (reset) session.context.hub.owe(subscription, { reason: reset, answer: { id, mode } });
  else session.send({ type: 'subscribed', id, channel: feed.name, epoch, offset, top, mode }, again === true);
  session.subscribe(subscription);
  // It ends with its answers: nothing is delivered over it.
  if (session.kind === 'upstream') subscription.answerFirst();
}
