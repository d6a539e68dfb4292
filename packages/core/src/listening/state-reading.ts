import {
  EntryTable,
  type MapChange,
  type Position,
  type ReceivedOperation,
  type ResetInfo,
  type ViewOf,
} from '@longwave/protocol';
import type { Bounds } from '../base/ports.js';
import type { Feed } from '../delivery/feed.js';
import { type Start, resolveStateStart } from '../delivery/start.js';
import type { SubscriptionOptions } from '../delivery/subscription.js';
import type { CompiledView } from '../delivery/state/compiled-view.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import type { News, Reading, Telling } from './own-subscription.js';

/** Called with the entries and what changed. A promise is awaited; an error is logged and ends nothing. */
export type ServerMapHandler<Value = unknown> = (
  entries: ReadonlyMap<string, Value>,
  change: MapChange<Value>,
) => unknown;

/** How the server watches a channel with state: which part of it (a view, VIEW-1), and whom to tell. */
export interface ServerWatchOptions<Value = unknown> extends Omit<ViewOf<Value>, 'count'> {
  /** Continuity is lost, told before the state that comes in its place. A promise is awaited. */
  readonly onReset?: (reset: ResetInfo) => unknown;
}

export interface StateReadingOptions {
  readonly channel: string;
  readonly open: () => MaybePromise<Feed>;
  readonly view: CompiledView | undefined;
  readonly onReset: ServerWatchOptions['onReset'];
  readonly handler: ServerMapHandler | undefined;
}

/** Frames that make a state only together (MSG-3). */
interface Act {
  readonly replace: boolean;
  readonly keep: Set<string>;
  readonly ops: ReceivedOperation[];
}

/** Reads a channel with state into a table, for a handler of the application. */
export class StateReading implements Reading {
  readonly channel: string;
  readonly from = undefined;
  readonly options: SubscriptionOptions;
  readonly startsEmpty = false;
  readonly table = new EntryTable();
  readonly #asked: StateReadingOptions;
  #act: Act | undefined;
  #complete = false;
  #position: Position | undefined;
  /** The next state is of another log, or of another end of it. */
  #reset: ResetInfo | undefined;

  constructor(asked: StateReadingOptions) {
    this.channel = asked.channel;
    this.#asked = asked;
    this.options = { view: asked.view };
  }

  open(): MaybePromise<Feed> {
    return this.#asked.open();
  }

  /** All of it comes anew: what changed since is found by comparing. */
  start(bounds: Bounds, position: Position | undefined): Start {
    const start = resolveStateStart({ ...position }, bounds);
    return start.reset ? start : { offset: 0, fresh: true };
  }

  begin(): void {
    this.#act = undefined;
  }

  *read(frame: News): Iterable<Telling> {
    const { epoch, offset } = frame;
    if (frame.type === 'message') {
      const ops = frame.ops.map((op, i) => ({ ...op, version: offset + i }));
      return yield this.#commit({ epoch, offset: offset + ops.length - 1 }, { replace: false, keep: new Set(), ops });
    }
    const { replace = false, more, keep = [], ops } = frame;
    if (replace || !this.#act) this.#act = { replace, keep: new Set(), ops: [] };
    const act = this.#act;
    for (const key of keep) act.keep.add(key);
    // An act has any number of operations: no call takes them all as arguments.
    for (const op of ops) act.ops.push(op);
    if (more) return;
    this.#act = undefined;
    yield this.#commit({ epoch, offset }, act);
  }

  reset(reset: ResetInfo): (() => unknown) | undefined {
    this.#act = undefined;
    if (!this.#complete) return undefined;
    this.#reset = this.#reset ? { ...reset, previous: this.#reset.previous } : reset;
    const { onReset } = this.#asked;
    return onReset && (() => onReset(reset));
  }

  #commit(end: Position, { replace, keep, ops }: Act): Telling {
    const reset = this.#reset;
    const replacement = {
      ...{ keep, anew: reset !== undefined, sameLog: reset === undefined },
      whyGone: (key: string) => this.#whyGone(key),
    };
    const update = this.table.apply(ops, replace ? replacement : undefined);
    if (!update) throw new Error(`A patch came of what is not in ${this.channel}.`);
    const last = this.#position?.epoch === end.epoch ? this.#position.offset : 0;
    const position = (this.#position = replace ? end : { epoch: end.epoch, offset: Math.max(last, end.offset) });
    this.table.forgetRemovals(position.offset);
    const initial = !this.#complete;
    this.#complete = true;
    this.#reset = undefined;
    const isNews = initial || reset || update.added.length + update.updated.length + update.removed.length > 0;
    const { handler } = this.#asked;
    const change = { ...update, initial, reset };
    return { position, call: handler && isNews ? () => handler(this.table.values, change) : undefined };
  }

  /** From a view that filters it may only have gone. */
  #whyGone(key: string): 'leave' | 'delete' {
    const { view } = this.#asked;
    return view && (view.filters || view.keys?.has(key) === false) ? 'leave' : 'delete';
  }
}
