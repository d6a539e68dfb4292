import type { Entry, EntryTable, MapChange, Position, ResetInfo, Update, View } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol/client';
import type { Context } from '../context.js';
import type { Timer } from '../base/ports.js';
import type { MapWatch, WatchOptions } from '../api/state-api.js';
import { Deferred } from '../base/deferred.js';
import { Listeners } from '../base/listeners.js';
import { call } from '../base/safe-call.js';
import { checkView } from '../base/check.js';
import { withKeys, withoutKeys } from './view-keys.js';

/** The part of a feed that its watches use. */
export interface WatchedFeed {
  readonly view: View;
  readonly position: Position | undefined;
  readonly table: Shown;
  readonly complete: boolean;
  add(watch: LocalWatch): void;
  leave(watch: LocalWatch): void;
  show(watch: LocalWatch, view: View): void;
}

export type Listener = (values: ReadonlyMap<string, unknown>, change: MapChange) => void;

/** The entries and values that a watch shows. */
type Shown = Pick<EntryTable, 'entries' | 'values'>;

/** One watch of the application: what it has been told, of a feed that it may share (CLI-5). */
export class LocalWatch implements MapWatch<unknown> {
  readonly #context: Context;
  readonly #options: WatchOptions;
  readonly #onChange: Listener | undefined;
  readonly #listeners = new Listeners<[]>();
  #feed: WatchedFeed;
  #state: 'pending' | 'live' | 'ended' = 'pending';
  /**
   * The state that this watch shows, when it is not the feed's: the watch is new to the feed and has shown nothing of
   * it yet.
   */
  #own: Shown | undefined = { entries: new Map(), values: new Map() };
  #position: Position | undefined;
  #snapshot: ReadonlyMap<string, unknown> | undefined;
  #joining: Timer | undefined;
  readonly #ready = new Deferred<Position>();

  constructor(context: Context, feed: WatchedFeed, options: WatchOptions, onChange: Listener | undefined) {
    this.#context = context;
    this.#feed = feed;
    this.#options = options;
    this.#onChange = onChange;
  }

  get state(): 'pending' | 'live' | 'ended' {
    return this.#state;
  }

  get ready(): Promise<Position> {
    return this.#ready.promise;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  get view(): View {
    return this.#feed.view;
  }

  get #shown(): Shown {
    return this.#own ?? this.#feed.table;
  }

  readonly getSnapshot = (): ReadonlyMap<string, unknown> => (this.#snapshot ??= new Map(this.#shown.values));

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  entry(key: string): Entry<unknown> | undefined {
    return this.#shown.entries.get(key);
  }

  setView(view: View): void {
    checkView(view);
    if (this.#state !== 'ended') this.#feed.show(this, view);
  }

  track(...keys: string[]): void {
    this.setView(withKeys(this.view, keys));
  }

  untrack(...keys: string[]): void {
    this.setView(withoutKeys(this.view, keys));
  }

  unsubscribe(): void {
    this.#finish(new LongwaveError('closed', 'Unsubscribed.'));
  }

  /** Shows what this feed has, as soon as that is complete. */
  moveTo(feed: WatchedFeed): void {
    this.#detach();
    this.#feed.leave(this);
    this.#feed = feed;
    feed.add(this);
  }

  /** The feed is complete already. It is told in a turn of its own: nobody is called before `watch` has returned. */
  joinSoon(): void {
    this.#joining = this.#context.ports.clock.setTimer(() => {
      if (this.#own) this.onUpdate({ added: [], updated: [], removed: [] }, undefined);
    }, 0);
  }

  onUpdate(update: Update, reset: ResetInfo | undefined): void {
    const { complete, position, table } = this.#feed;
    const own = this.#own;
    if (this.#state === 'ended' || (own && !complete)) return;
    const { added, updated, removed } = own ? difference(own, table) : update;
    const initial = this.#state === 'pending';
    this.#own = undefined;
    this.#state = 'live';
    this.#position = position;
    const changed = added.length + updated.length + removed.length > 0;
    if (changed) this.#snapshot = undefined;
    if (initial) {
      this.#ready.resolve(position!);
      this.#announce(position!);
      if (this.#isEnded()) return;
    } else if (!changed && !reset) return;
    const { ports } = this.#context;
    // Nothing was told before the first state that could have been lost. By name: a spread costs as much as all before it.
    const change = { added, updated, removed, initial, reset: initial ? undefined : reset };
    call(ports, this.#onChange, table.values, change);
    this.#listeners.tell(ports);
  }

  /** The feed stands again, where it stood. */
  onSubscribed(position: Position, top: number): void {
    if (this.#state === 'live') this.#announce(position, Math.max(0, top - position.offset));
  }

  onReset(reset: ResetInfo): void {
    if (this.#state === 'live') call(this.#context.ports, this.#options.onReset, reset);
  }

  /** Ended by the server, or with the client. */
  end(error: LongwaveError): void {
    if (this.#state === 'ended') return;
    this.#finish(error);
    call(this.#context.ports, this.#options.onEnd, error);
  }

  /** A callback may have ended it. */
  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  #announce(position: Position, recovering = 0): void {
    call(this.#context.ports, this.#options.onSubscribed, { position, recovering, reset: undefined });
  }

  #finish(error: LongwaveError): void {
    if (this.#state === 'ended') return;
    // The last state stays readable.
    this.#detach();
    this.#state = 'ended';
    this.#feed.leave(this);
    this.#ready.reject(error);
  }

  /** Keep showing the state as it is now, apart from the feed. */
  #detach(): void {
    this.#joining?.cancel();
    const { entries, values } = this.#feed.table;
    this.#own ??= { entries: new Map(entries), values: new Map(values) };
  }
}

function difference({ entries: before }: Shown, { entries: after }: Shown): Update {
  const update: Update = { added: [], updated: [], removed: [] };
  for (const [key, { version, time }] of after) {
    const was = before.get(key);
    if (!was) update.added.push(key);
    else if (was.version !== version || was.time !== time) update.updated.push(key);
  }
  for (const [key, last] of before) if (!after.has(key)) update.removed.push({ key, last, why: 'leave' });
  return update;
}
