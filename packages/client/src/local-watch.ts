import { LongwaveError, type Position, type ResetReason, type View } from '@longwave/protocol';
import type { Context } from './context.js';
import type { Entry, MapChange, MapWatch, WatchOptions } from './state-api.js';
import type { ResetInfo } from './message.js';
import type { StateFeed, Update } from './state-feed.js';
import { call } from './safe-call.js';

/** The client, which knows all feeds. */
export interface WatchHost {
  /** Has the watch shown `view` from now on, by its feed or by another. */
  move(watch: LocalWatch, view: View): void;
}

export type Listener = (values: ReadonlyMap<string, unknown>, change: MapChange) => void;

/** One watch of the application: what it has been told, of a feed that it may share (CLI-5). */
export class LocalWatch implements MapWatch<unknown> {
  readonly ready: Promise<Position>;
  readonly #context: Context;
  readonly #host: WatchHost;
  readonly #options: WatchOptions;
  readonly #onChange: Listener | undefined;
  readonly #listeners = new Set<() => void>();
  #feed!: StateFeed;
  #state: 'pending' | 'live' | 'ended' = 'pending';
  /** What it was told, where that is not what the feed shows: it has moved, and the other feed is not there yet. */
  #own:
    | { readonly values: ReadonlyMap<string, unknown>; readonly entries: ReadonlyMap<string, Entry<unknown>> }
    | undefined;
  #position: Position | undefined;
  #snapshot: ReadonlyMap<string, unknown> | undefined;
  #settleReady!: { resolve: (position: Position) => void; reject: (error: LongwaveError) => void };

  constructor(context: Context, host: WatchHost, options: WatchOptions, onChange: Listener | undefined) {
    this.#context = context;
    this.#host = host;
    this.#options = options;
    this.#onChange = onChange;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Whoever does not look at `ready` is told by `onEnd`.
    this.ready.catch(() => {});
  }

  get state(): 'pending' | 'live' | 'ended' {
    return this.#state;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  get feed(): StateFeed {
    return this.#feed;
  }

  get view(): View {
    return this.#feed.view;
  }

  get #shown() {
    return this.#own ?? this.#feed;
  }

  readonly getSnapshot = (): ReadonlyMap<string, unknown> => (this.#snapshot ??= new Map(this.#shown.values));

  readonly subscribe = (listener: () => void): (() => void) => {
    // A function of our own, so that one given twice is called twice and stopped one at a time.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  };

  entry(key: string): Entry<unknown> | undefined {
    return this.#shown.entries.get(key);
  }

  setView(view: View): void {
    if (this.#state !== 'ended') this.#host.move(this, view);
  }

  track(...keys: string[]): void {
    this.setView({ ...this.view, keys: [...new Set([...(this.view.keys ?? []), ...keys])] });
  }

  untrack(...keys: string[]): void {
    this.setView({ ...this.view, keys: (this.view.keys ?? []).filter((key) => !keys.includes(key)) });
  }

  unsubscribe(): void {
    this.#finish(new LongwaveError('closed', 'Unsubscribed.'));
  }

  /** What is shown stays what it is until the other feed tells. */
  detach(): void {
    this.#own ??= { values: new Map(this.#feed.values), entries: new Map(this.#feed.entries) };
  }

  attach(feed: StateFeed): void {
    this.#feed = feed;
    if (this.#state === 'pending') this.#own = { values: new Map(), entries: new Map() };
  }

  /** To another feed, which shows the same. */
  goOver(feed: StateFeed): void {
    this.detach();
    this.#feed.leave(this);
    this.attach(feed);
    feed.add(this);
  }

  /** The feed is complete already. */
  join(): void {
    if (this.#state !== 'ended' && this.#own && this.#feed.complete) {
      this.onUpdate({ added: [], updated: [], removed: [] }, undefined);
    }
  }

  onUpdate(update: Update, reset: ResetInfo | undefined): void {
    if (this.#state === 'ended') return;
    const own = this.#own;
    const told = own ? difference(own.entries, this.#feed.entries) : update;
    const initial = this.#state === 'pending';
    this.#own = undefined;
    this.#state = 'live';
    this.#position = this.#feed.position;
    const { length } = [...told.added, ...told.updated, ...told.removed];
    if (length === 0 && !initial && !reset) return;
    if (length > 0) this.#snapshot = undefined;
    if (initial) {
      this.#settleReady.resolve(this.#position!);
      this.#announce(this.#position!, 0, reset?.reason);
    }
    const { ports } = this.#context;
    call(ports, this.#onChange, this.#feed.values, { ...told, initial, reset });
    for (const listener of [...this.#listeners]) call(ports, listener);
  }

  onSubscribed(position: Position, top: number, reset: ResetReason | undefined): void {
    if (this.#state === 'live') this.#announce(position, Math.max(0, top - position.offset), reset);
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

  #announce(position: Position, recovering: number, reset: ResetReason | undefined): void {
    call(this.#context.ports, this.#options.onSubscribed, { position, recovering, reset });
  }

  #finish(error: LongwaveError): void {
    if (this.#state === 'ended') return;
    // What was shown stays to be read.
    this.detach();
    this.#state = 'ended';
    this.#feed.leave(this);
    this.#settleReady.reject(error);
  }
}

function difference(before: ReadonlyMap<string, Entry<unknown>>, after: ReadonlyMap<string, Entry<unknown>>): Update {
  const update: Update = { added: [], updated: [], removed: [] };
  for (const [key, { version, time }] of after) {
    const was = before.get(key);
    if (!was) update.added.push(key);
    else if (was.version !== version || was.time !== time) update.updated.push(key);
  }
  for (const key of before.keys()) if (!after.has(key)) update.removed.push({ key, why: 'leave' });
  return update;
}
