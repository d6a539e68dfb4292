import {
  type Changes,
  LongwaveError,
  type Message,
  type Position,
  type ReceivedOperation,
  type Reset,
  type Subscribed,
  type View,
  canonicalView,
  isRemoval,
  mergePatch,
  viewTag,
} from '@longwave/protocol';
import type { Context } from './context.js';
import type { LocalWatch } from './local-watch.js';
import type { Entry, Removal } from './state-api.js';
import { type Answer, type ChannelFrame, tagOf } from './wire.js';
import type { ResetInfo } from './message.js';
import { toError } from './to-error.js';
import { type Asked, WireSubscription, at } from './wire-subscription.js';

/** What one update did to the entries. */
export interface Update {
  readonly added: string[];
  readonly updated: string[];
  readonly removed: Removal[];
}

/** Frames that make a state only together (MSG-3). */
interface Act {
  readonly replace: boolean;
  readonly keep: Set<string>;
  readonly ops: ReceivedOperation[];
}

/** What a feed needs of its client when its view is exchanged. */
export interface StateFeedHost {
  /**
   * Frames with its tag are for this feed from now on, and those with the one `before` as long as it says nothing else. Returns
   * another feed that has this view already, and changes nothing then.
   */
  retag(feed: StateFeed, before: string | undefined): StateFeed | undefined;
  /** Those with the tag before are not any more. */
  dropTag(feed: StateFeed, tag: string | undefined): void;
  onEmpty(feed: StateFeed): void;
}

/** One view of a channel with state: its subscription on the wire, and the entries that it shows (STATE-1 to STATE-5). */
export class StateFeed extends WireSubscription {
  position: Position | undefined;
  /** Live: changes with each update. */
  readonly entries = new Map<string, Entry<unknown>>();
  readonly values = new Map<string, unknown>();
  /** The entries are those of `position`, in this view. */
  complete = false;
  readonly #watches = new Set<LocalWatch>();
  readonly #host: StateFeedHost;
  #view: View;
  #tag: string | undefined;
  /** While the view is exchanged: the tag that frames still have that were under way. Otherwise the same. */
  #oldTag: string | undefined;
  #tracking: number | undefined;
  /** The next exchange, when this one is through. */
  #wanted: View | undefined;
  #act: Act | undefined;
  /** Versions of removals above the position: what is older may still come. */
  readonly #removed = new Map<string, number>();
  /** Told to nobody with an update yet. */
  #reset: ResetInfo | undefined;

  constructor(context: Context, channel: string, view: View, host: StateFeedHost) {
    super(context, channel, () => host.onEmpty(this));
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

  get size(): number {
    return this.#watches.size;
  }

  add(watch: LocalWatch): void {
    this.#watches.add(watch);
    if (this.#watches.size === 1) this.onOpen();
    // In a turn of its own: nobody is called before `watch` has returned.
    else if (this.complete) this.context.ports.clock.setTimer(() => watch.join(), 0);
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

  override onFrame(frame: ChannelFrame): void {
    // What comes with the tag before is for the view before: it brings us to where the other one begins.
    if (this.#oldTag !== this.#tag && tagOf(frame) === this.#tag) this.#dropOldTag();
    super.onFrame(frame);
  }

  /** VIEW-6. Of views that follow each other quickly, as of a map that is moved, the last is asked for. */
  track(view: View): void {
    const { wire } = this.context;
    if (this.#tracking !== undefined) {
      this.#wanted = view;
      return;
    }
    const before = this.#tag;
    const standing = this.live && this.complete;
    if (viewTag(canonicalView(view)) === before || !this.#show(view)) return;
    if (standing && !wire.renewSoon()) {
      const id = wire.nextId();
      this.#tracking = id;
      this.#oldTag = before;
      this.complete = false;
      wire.request(id, { type: 'track', id, channel: this.channel, tag: before, view }, (answer) =>
        this.#onTracked(answer),
      );
      return;
    }
    this.complete = false;
    this.#oldTag = this.#tag;
    this.#host.dropTag(this, before);
    if (!wire.linked || wire.renewSoon() || !this.asking) return;
    wire.send({ type: 'unsubscribe', id: wire.nextId(), channel: this.channel, tag: before });
    this.onOpen();
  }

  protected override get standing(): boolean {
    return this.complete;
  }

  protected override get asked(): Asked {
    const view = this.#tag === undefined ? undefined : this.#view;
    const { epoch, offset } = this.position ?? {};
    return this.complete ? { epoch, offset, view } : { view };
  }

  protected override onSubscribed({ epoch, offset, top, reset, mode }: Subscribed, quiet: boolean): void {
    if (mode === undefined) {
      this.finish();
      return this.end(new LongwaveError('wrong-mode'));
    }
    const previous = this.position;
    this.#act = undefined;
    if (reset === 'revoked') return this.endRefused(new LongwaveError('forbidden'));
    if (this.complete && previous && !reset && epoch === previous.epoch && offset === previous.offset) {
      if (!quiet) for (const watch of this.#watches) watch.onSubscribed({ epoch, offset }, top, undefined);
      return;
    }
    // The server moved us without saying so: as good as a reset (G3).
    const told =
      reset ?? (previous && epoch !== previous.epoch ? 'epoch-changed' : this.complete ? 'trimmed' : undefined);
    this.#stand({ epoch, offset });
    if (told && previous) this.#tellReset({ reason: told, position: { epoch, offset }, previous });
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
    }
  }

  #onReset({ reason, epoch, offset }: Reset): void {
    if (reason === 'revoked') return this.endRefused(new LongwaveError('forbidden', 'The right was withdrawn.'));
    const previous = this.position;
    this.#stand({ epoch, offset });
    this.#tellReset({ reason, position: { epoch, offset }, previous });
  }

  /** What was there is shown until what comes in its place is complete. */
  #stand(position: Position): void {
    this.position = position;
    this.complete = false;
    this.#act = undefined;
    this.#removed.clear();
  }

  #tellReset(info: ResetInfo): void {
    // Of two without an update between them the last one stands, from where the first one began.
    this.#reset = this.#reset ? { ...info, previous: this.#reset.previous } : info;
    for (const watch of [...this.#watches]) watch.onReset(info);
  }

  /** MSG-1, as for a log. */
  #onMessage({ epoch, offset: first, ops }: Message<ReceivedOperation>): void {
    if (!this.#continues({ epoch, offset: first }, first - 1)) return;
    this.#commit(
      ops.map((op, i) => ({ ...op, version: first + i })),
      first + ops.length - 1,
    );
  }

  #onChanges({ epoch, after, offset, ops, replace, more, keep = [] }: Changes<ReceivedOperation>): void {
    if (!this.#continues({ epoch, offset }, after)) return;
    if (replace || !this.#act) this.#act = { replace: replace === true, keep: new Set(), ops: [] };
    const act = this.#act;
    for (const key of keep) act.keep.add(key);
    act.ops.push(...ops);
    if (more) return;
    this.#act = undefined;
    for (const key of act.keep) {
      if (!this.entries.has(key)) return this.#forget(`${key} is to be kept, and is not there.`);
    }
    this.#commit(act.ops, offset, act);
  }

  /** Whether what comes behind `after` is for us, or something is missing. */
  #continues({ epoch, offset }: Position, after: number): boolean {
    const position = this.position!;
    if (epoch === position.epoch && after <= position.offset) return true;
    this.onGap(`${at({ epoch, offset })} came, we stand at ${at(position)}.`);
    return false;
  }

  /** Applies operations and tells the watches once. */
  #commit(ops: readonly ReceivedOperation[], offset: number, act?: Act): void {
    /** What was there before it. */
    const before = new Map<string, Entry<unknown> | undefined>();
    const removed = new Map<string, Removal['why']>();
    if (act?.replace) {
      const named = new Set(act.keep);
      for (const { key = '' } of ops) named.add(key);
      for (const [key, entry] of this.entries) {
        if (named.has(key)) continue;
        before.set(key, entry);
        removed.set(key, this.#whyGone(key));
        this.#delete(key);
      }
      // A position of another log, or of no view, says nothing about versions.
      if (!this.complete) this.#removed.clear();
    }
    const anew = act?.replace === true && !this.complete;
    for (const op of ops) {
      const { key = '', kind, version = 0 } = op;
      const entry = this.entries.get(key);
      const known = Math.max((anew ? undefined : entry?.version) ?? -1, this.#removed.get(key) ?? -1);
      if (version <= known) continue;
      if (kind === 'patch' && !entry) {
        for (const [changed, was] of before) this.#restore(changed, was);
        return this.#forget(`A patch of ${key} came, which is not there.`);
      }
      if (!before.has(key)) before.set(key, entry);
      if (isRemoval(kind)) {
        this.#removed.set(key, version);
        if (this.#delete(key)) removed.set(key, kind as Removal['why']);
      } else this.#set(key, op, entry);
    }
    const { epoch, offset: from } = this.position!;
    this.position = { epoch, offset: act?.replace ? offset : Math.max(from, offset) };
    for (const [key, version] of this.#removed) if (version <= this.position.offset) this.#removed.delete(key);
    this.complete = true;
    this.failures = 0;
    this.#tell(before, removed);
  }

  #set(
    key: string,
    { kind, data, version = 0, time, user }: ReceivedOperation,
    before: Entry<unknown> | undefined,
  ): void {
    // The same operation again, read anew: what it made stays the object it is.
    const same = before?.version === version && before.time === time && kind !== 'patch';
    const value = kind === 'patch' ? mergePatch(before!.value, data) : same ? before.value : data;
    this.entries.set(key, { key, value, version, time, user });
    this.values.set(key, value);
  }

  #restore(key: string, was: Entry<unknown> | undefined): void {
    if (!was) return void this.#delete(key);
    this.entries.set(key, was);
    this.values.set(key, was.value);
  }

  #delete(key: string): boolean {
    this.values.delete(key);
    return this.entries.delete(key);
  }

  #whyGone(key: string): Removal['why'] {
    const { where, area, keys } = this.#view;
    return where || area || (keys && !keys.includes(key)) ? 'leave' : 'delete';
  }

  #tell(before: ReadonlyMap<string, Entry<unknown> | undefined>, why: ReadonlyMap<string, Removal['why']>): void {
    const update: Update = { added: [], updated: [], removed: [] };
    for (const [key, was] of before) {
      const is = this.entries.get(key);
      if (is && !was) update.added.push(key);
      else if (is && was && is.value !== was.value) update.updated.push(key);
      else if (!is && was) update.removed.push({ key, why: why.get(key) ?? 'delete' });
    }
    const reset = this.#reset;
    this.#reset = undefined;
    for (const watch of [...this.#watches]) watch.onUpdate(update, reset);
    if (this.#tracking === undefined || !this.complete || this.#oldTag !== this.#tag) return;
    this.#tracking = undefined;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted && this.size > 0) this.track(wanted);
  }

  /** What we have cannot be made what it should be: all of it is asked for anew. */
  #forget(message: string): void {
    this.complete = false;
    this.#act = undefined;
    this.onGap(message);
  }

  #onTracked(answer: Answer): void {
    if (answer.type !== 'error') return;
    const error = toError(answer);
    this.#settleView();
    if (error.advice === 'retry' || error.code === 'unknown-channel') return this.ask();
    this.finish();
    this.end(error);
  }

  /** Nothing of an exchange is under way any more: what was asked for last is asked for on the next link. */
  #settleView(): void {
    this.#dropOldTag();
    if (this.#tracking !== undefined) this.complete = false;
    this.#tracking = undefined;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (!wanted) return;
    const before = this.#tag;
    this.complete = false;
    if (viewTag(canonicalView(wanted)) === before || !this.#show(wanted)) return;
    this.#oldTag = this.#tag;
    this.#host.dropTag(this, before);
  }

  /** Has this view from now on. False: another feed had it, and has the watches now. */
  #show(view: View): boolean {
    this.#view = view;
    this.#act = undefined;
    const before = this.#tag;
    this.#tag = viewTag(canonicalView(view));
    const other = this.#host.retag(this, before);
    if (!other) return true;
    this.#tag = before;
    for (const watch of [...this.#watches]) watch.goOver(other);
    return false;
  }

  #dropOldTag(): void {
    const before = this.#oldTag;
    this.#oldTag = this.#tag;
    if (before !== this.#tag) this.#host.dropTag(this, before);
  }
}
