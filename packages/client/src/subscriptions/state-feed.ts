import {
  type Changes,
  EntryTable,
  type LongwaveError,
  type MessageFrame,
  type Position,
  type ReceivedOperation,
  type Reset,
  type ResetInfo,
  type Subscribed,
  type View,
  breakOf,
  canonicalView,
  viewTag,
} from '@longwave/protocol';
import type { Context } from '../context.js';
import type { LocalWatch } from './local-watch.js';
import { toError } from '../connection/to-error.js';
import type { Answer } from '../connection/answers.js';
import { type ChannelFrame, tagOf } from '../connection/frame-sender.js';
import { type Asked, WireSubscription } from './wire-subscription.js';

/** Frames that make a state only together (MSG-3). */
interface Act {
  readonly replace: boolean;
  readonly scope: string | undefined;
  readonly keep: Set<string>;
  readonly ops: ReceivedOperation[];
}

/** Gives a feed access to the other feeds of its channel. */
export interface StateFeedHost {
  /** The one that has this view, or will have it. */
  find(tag: string | undefined): StateFeed | undefined;
  /**
   * Frames with its tag are for this feed from now on; until `forget`, so are those with the tag `before` that nobody
   * else awaits.
   */
  rename(feed: StateFeed, before: string | undefined): void;
  forget(feed: StateFeed, before: string | undefined): void;
  /** It is done with. */
  drop(feed: StateFeed): void;
  /** Has the watch shown `view` by another feed. */
  move(watch: LocalWatch, view: View): void;
}

/**
 * One view of a channel with state: its subscription on the wire, and the entries that it shows (STATE-1 to STATE-5).
 */
export class StateFeed extends WireSubscription {
  position: Position | undefined;
  readonly table = new EntryTable();
  /** The entries are those of `position`, in this view. */
  complete = false;
  readonly #watches = new Set<LocalWatch>();
  readonly #host: StateFeedHost;
  #view: View;
  #tag: string | undefined;
  /** Names what we were allowed to see when the entries came. They are continued under no other scope (VIEW-9). */
  #scope: string | undefined;
  /** While the view is exchanged: the tag that frames still have that were under way. Otherwise the same. */
  #oldTag: string | undefined;
  /** The request by which the view is being exchanged. */
  #tracking: number | undefined;
  /** The next exchange, when this one is through. */
  #wanted: View | undefined;
  #act: Act | undefined;
  /** Told to nobody with an update yet. */
  #reset: ResetInfo | undefined;

  constructor(context: Context, channel: string, view: View, host: StateFeedHost) {
    super(context, channel, () => {
      this.#forgetOldTag();
      host.drop(this);
    });
    this.#host = host;
    this.#view = view;
    this.#tag = this.#oldTag = viewTag(canonicalView(view));
  }

  override get tag(): string | undefined {
    return this.#tag;
  }

  get view(): View {
    return this.#wanted ?? this.#view;
  }

  add(watch: LocalWatch): void {
    const [first] = this.#watches;
    this.#watches.add(watch);
    if (!first) return this.onOpen();
    const wanted = this.#wanted;
    this.#wanted = undefined;
    // Now that two watches share this feed, its view stays; the first watch moves to a feed of its own.
    if (wanted) this.show(first, wanted);
    if (this.complete) watch.joinSoon();
  }

  leave(watch: LocalWatch): void {
    if (this.#watches.delete(watch) && this.#watches.size === 0) this.finish();
  }

  override end(error: LongwaveError): void {
    for (const watch of [...this.#watches]) watch.end(error);
  }

  override onDown(): void {
    this.#settleView();
    super.onDown();
  }

  override onOpen(): void {
    this.#settleView();
    super.onOpen();
  }

  override onFrame(frame: ChannelFrame): boolean {
    // A frame with the earlier tag is for the earlier view: it brings us to the position at which the new view begins.
    if (tagOf(frame) === this.#tag) this.#forgetOldTag();
    return super.onFrame(frame);
  }

  /** Has one of its watches shown another view: by this feed where nobody else has either. */
  show(watch: LocalWatch, view: View): void {
    const canonical = canonicalView(view);
    if (canonical === canonicalView(this.view)) return;
    const other = this.#host.find(viewTag(canonical));
    if (this.#watches.size === 1 && (!other || other === this)) this.#track(view);
    else this.#host.move(watch, view);
  }

  protected override get resumable(): boolean {
    return this.complete;
  }

  protected override get asked(): Asked {
    const view = this.#tag === undefined ? undefined : this.#view;
    const { epoch, offset } = this.position ?? {};
    // A node that lags behind the state already shown has to catch up first.
    return { epoch, offset, view, scope: this.#scope, fresh: this.complete || epoch === undefined ? undefined : true };
  }

  protected override onSubscribed({ epoch, offset, top, reset, mode }: Subscribed, quiet: boolean): void {
    if (mode === undefined) return this.endOfMode();
    const previous = this.position;
    this.#act = undefined;
    if (reset === 'revoked') return this.endRefused();
    const broken = previous && breakOf(previous, { epoch });
    if (this.complete && previous && !reset && !broken && offset === previous.offset) {
      this.position = { epoch, offset };
      if (!quiet) for (const watch of [...this.#watches]) watch.onSubscribed({ epoch, offset }, top);
      return;
    }
    // The server moved us without saying so: as good as a reset (G3).
    const moved = broken ? broken : this.complete ? 'trimmed' : undefined;
    this.#stand({ epoch, offset }, reset ?? moved);
  }

  protected override receive(frame: ChannelFrame): void {
    switch (frame.type) {
      case 'message':
        return this.#onMessage(frame);
      case 'changes':
        return this.#onChanges(frame);
      case 'top':
        if (this.#continues(frame, frame.offset)) this.failures = 0;
        return;
      case 'reset':
        return this.#onReset(frame);
      case 'snapshot':
        return;
    }
  }

  #onReset({ reason, epoch, offset }: Reset): void {
    if (reason === 'revoked') this.endRefused();
    else this.#stand({ epoch, offset }, reason);
  }

  /** Shows the old state until the new one is complete. */
  #stand(position: Position, reason: ResetInfo['reason'] | undefined): void {
    const previous = this.position;
    this.position = position;
    this.complete = false;
    this.#act = undefined;
    if (!reason || !previous) return;
    const reset = { reason, position, previous };
    // Two resets without an update between them become one: the last one, with the first one's `previous`.
    this.#reset = this.#reset ? { ...reset, previous: this.#reset.previous } : reset;
    for (const watch of [...this.#watches]) watch.onReset(reset);
  }

  /** MSG-1, as for a log. */
  #onMessage({ epoch, offset: first, ops }: MessageFrame<ReceivedOperation>): void {
    if (!this.#continues({ epoch, offset: first }, first - 1)) return;
    const versioned = ops.map(({ data, time, user, key, kind }, i) => {
      return { data, time, user, key, kind, version: first + i };
    });
    this.#commit(versioned, first + ops.length - 1);
  }

  #onChanges({ epoch, after, offset, ops, replace, more, keep = [], scope }: Changes<ReceivedOperation>): void {
    if (!this.#continues({ epoch, offset }, after)) return;
    if (replace || !this.#act) this.#act = { replace: replace === true, scope, keep: new Set(), ops: [] };
    const act = this.#act;
    for (const key of keep) act.keep.add(key);
    // An act has any number of operations: no call takes them all as arguments.
    for (const op of ops) act.ops.push(op);
    if (more) return;
    this.#act = undefined;
    for (const key of act.keep) {
      if (!this.table.entries.has(key)) return this.#forget();
    }
    this.#commit(act.ops, offset, act);
  }

  /** Whether an update that follows offset `after` continues our state, or something is missing. */
  #continues({ epoch, offset }: Position, after: number): boolean {
    const position = this.position!;
    if (!breakOf(position, { epoch }) && after <= position.offset) {
      this.position = { epoch, offset: position.offset };
      return true;
    }
    this.onGapAt({ epoch, offset }, position);
    return false;
  }

  /** Applies operations and tells the watches once. */
  #commit(ops: readonly ReceivedOperation[], offset: number, { replace, keep, scope }: Partial<Act> = {}): void {
    const exchanging = this.#oldTag !== this.#tag;
    if (!this.complete && !replace && !exchanging) return this.#forget();
    const sameScope = this.#scope === scope;
    const replacement = replace && {
      ...{ keep: keep!, anew: !this.complete, sameLog: !this.#reset && (sameScope || !this.#view.count) },
      whyGone: (key: string) => this.#whyGone(key),
    };
    if (replace) this.#scope = scope;
    const update = this.table.apply(ops, replacement || undefined);
    if (!update) return this.#forget();
    const { epoch, offset: from } = this.position!;
    this.position = { epoch, offset: replace ? offset : Math.max(from, offset) };
    this.table.forgetRemovals(this.position.offset);
    // An update for the earlier view does not complete the new one.
    this.complete = !exchanging;
    this.failures = 0;
    const reset = this.#reset;
    this.#reset = undefined;
    for (const watch of [...this.#watches]) watch.onUpdate(update, reset);
    if (this.complete) this.#onExchanged();
  }

  #whyGone(key: string): 'leave' | 'delete' {
    const { where, area, keys } = this.#view;
    return this.#scope || where || area || (keys && !keys.includes(key)) ? 'leave' : 'delete';
  }

  /** The state cannot be brought up to date: ask for all of it anew. */
  #forget(): void {
    this.complete = false;
    this.#act = undefined;
    this.onGap('Changes do not fit.');
  }

  // The exchange of the view (VIEW-6)

  /** When views follow each other quickly, as when a map is moved, only the last one is asked for. */
  #track(view: View): void {
    const { channel } = this;
    const { sender } = this.context;
    if (this.#tracking !== undefined) {
      this.#wanted = view;
      return;
    }
    const before = this.#tag;
    const stood = this.live && this.complete && !sender.renews;
    if (!this.#become(view)) return;
    this.complete = false;
    if (stood) {
      const id = (this.#tracking = sender.nextId());
      sender.request(id, { type: 'track', id, channel, tag: before, view }, (answer) => this.#onTracked(answer));
      return;
    }
    this.#forgetOldTag();
    if (!sender.linked || sender.renewSoon() || !this.asking) return;
    sender.send({ type: 'unsubscribe', id: sender.nextId(), channel, tag: before });
    this.onOpen();
  }

  #onTracked(answer: Answer): void {
    if (answer.type !== 'error') return;
    const { sender } = this.context;
    const error = toError(answer);
    const before = this.#oldTag;
    // The subscription is what it was, unless there is none, or it is somebody else's by now.
    if (error.code !== 'unknown-channel' && !this.#host.find(before)) {
      sender.send({ type: 'unsubscribe', id: sender.nextId(), channel: this.channel, tag: before });
    }
    this.#settleView();
    if (error.advice !== 'retry' && error.code !== 'unknown-channel') this.endRefused(error);
    else if (this.#watches.size > 0) this.ask();
  }

  #onExchanged(): void {
    if (this.#tracking === undefined) return;
    this.#tracking = undefined;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted && this.#watches.size > 0) this.#track(wanted);
  }

  /** Nothing of an exchange is under way any more: what was wanted last is asked for next. */
  #settleView(): void {
    if (this.#tracking === undefined) return;
    this.#tracking = undefined;
    this.complete = false;
    this.#forgetOldTag();
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted && this.#become(wanted)) this.#forgetOldTag();
  }

  /** Has another view from now on. False: it has that already, or another feed has it, and the watches as well. */
  #become(view: View): boolean {
    const before = this.#tag;
    const tag = viewTag(canonicalView(view));
    const other = this.#host.find(tag);
    if (other && other !== this) for (const watch of [...this.#watches]) watch.moveTo(other);
    if (other) return false;
    this.#view = view;
    this.#tag = tag;
    this.#host.rename(this, before);
    return true;
  }

  #forgetOldTag(): void {
    if (this.#oldTag !== this.#tag) this.#host.forget(this, this.#oldTag);
    this.#oldTag = this.#tag;
  }
}
