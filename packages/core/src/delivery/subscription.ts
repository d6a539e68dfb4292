import type { Operation, Reset, ResetReason, ServerFrame, Subscribed, Top, View } from '@longwave/protocol';
import type { Chunk, Wire } from '../base/ports.js';
import type { CompiledView } from './state/compiled-view.js';
import type { Places } from './state/places.js';
import type { Knowledge, Round } from './state/round.js';

/** The part of a session that delivery uses. */
export interface Subscriber {
  readonly wire: Wire;
  readonly writable: boolean;
  write(chunk: Chunk, quiet?: boolean): boolean;
  cork(): void;
  /** Sends it with what else the session has to say, soon. */
  send(frame: ServerFrame): void;
  /** Writes it at once, directly in front of what is written next. */
  tell(frame: ServerFrame): void;
  /** It stands at the head of a channel now. MUST NOT throw. */
  onJoined?(): void;
  /**
   * The next operations cannot be encoded for it: it is told so and ends. Without `error` that was logged. MUST NOT
   * throw.
   */
  break(error?: unknown): void;
}

/** The part of a channel that its subscriptions use. */
export interface Source {
  /** The channel's name on the wire. */
  readonly name: string;
  /** The store's name of it. */
  readonly key: string;
  readonly epoch: string;
  readonly top: number;
  topFrame(subscription: Subscription): Top;
  /** Begins to deliver. */
  begin(subscription: Subscription): void;
  /** Goes on delivering to a subscription that is behind. */
  resume(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

/** The part of a lane that the subscriptions in it use. */
export interface JoinedLane {
  /** The last offset sent to everybody there. */
  readonly position: number;
  remove(subscription: Subscription): void;
}

/**
 * A reset that the receiver is not told yet. It goes with what comes after it, so that nothing can be lost between them
 * (SUB-4).
 */
export interface Owed {
  readonly reason: ResetReason;
  /** The `subscribe` that is answered with it. */
  readonly answer?: { readonly id: number; readonly mode?: string | undefined };
}

/** Options that a subscription was made with. */
export interface SubscriptionOptions {
  /** The asked number of last operations, for a start after a reset (SUB-4). */
  readonly last?: number | undefined;
  /** For a channel with state: the view. */
  readonly view?: CompiledView | undefined;
  /** The view that the identity is limited to (VIEW-7). */
  readonly imposed?: View | undefined;
  /** For a state: the receiver has nothing of it. */
  readonly fresh?: boolean | undefined;
  /** For a room: the member that its client is, or would be. */
  readonly viewer?: string | undefined;
}

/** Fields that few subscriptions use: those of states, and of logs while they lag. */
class Rest {
  viewer: string | undefined;
  last: number | undefined;
  loaded: readonly Operation[] | undefined;
  view: CompiledView | undefined;
  imposed: View | undefined;
  fresh = false;
  round: Round | undefined;
  knowledge: Knowledge | undefined;
  owed: Owed | undefined;
  lacks: Places | undefined;
}

/**
 * A cursor over a channel's log, for one session. Where it stands decides who moves it:
 *
 * - `live`: at the head, in a lane; the lane's position is its own.
 * - `reading`: it lags; each flush reads a chunk for it until it stands at the head.
 * - `loading`: it lags, and its next operations are on their way from the store.
 * - `blocked`: its link takes no more; it reads on when that drains (MSG-2).
 * - `ended`: gone.
 */
export class Subscription {
  readonly session: Subscriber;
  readonly source: Source;
  epoch: string;
  /** The last offset sent. Not kept up while `live`. */
  cursor: number;
  state: 'live' | 'reading' | 'loading' | 'blocked' | 'ended' = 'reading';
  /** The lane it is in while `live`, and its index there. */
  lane: JoinedLane | undefined;
  laneIndex = -1;
  /** Most connections are idle at the head of a log, and need none. */
  #rest: Rest | undefined;

  constructor(
    session: Subscriber,
    source: Source,
    epoch: string,
    cursor: number,
    { last, view, imposed, fresh = false, viewer }: SubscriptionOptions = {},
  ) {
    this.session = session;
    this.source = source;
    this.epoch = epoch;
    this.cursor = cursor;
    if (last === undefined && view === undefined && imposed === undefined && viewer === undefined && !fresh) return;
    const rest = this.more();
    rest.viewer = viewer;
    rest.last = last;
    rest.view = view;
    rest.imposed = imposed;
    rest.fresh = fresh;
  }

  private more(): Rest {
    return (this.#rest ??= new Rest());
  }

  /** For a room: the member that its client is, or would be. */
  get viewer(): string | undefined {
    return this.#rest?.viewer;
  }

  get last(): number | undefined {
    return this.#rest?.last;
  }

  /** Operations that came from the store for this cursor. */
  get loaded(): readonly Operation[] | undefined {
    return this.#rest?.loaded;
  }

  set loaded(loaded: readonly Operation[] | undefined) {
    if (loaded || this.#rest) this.more().loaded = loaded;
  }

  /** Undefined: all of it, as it comes. */
  get view(): CompiledView | undefined {
    return this.#rest?.view;
  }

  set view(view: CompiledView | undefined) {
    if (view || this.#rest) this.more().view = view;
  }

  get imposed(): View | undefined {
    return this.#rest?.imposed;
  }

  set imposed(imposed: View | undefined) {
    if (imposed || this.#rest) this.more().imposed = imposed;
  }

  /** For a channel with state: the receiver has nothing of it. */
  get fresh(): boolean {
    return this.#rest?.fresh === true;
  }

  set fresh(fresh: boolean) {
    if (fresh || this.#rest) this.more().fresh = fresh;
  }

  /** For a channel with state: progress in reading the changes. */
  get round(): Round | undefined {
    return this.#rest?.round;
  }

  set round(round: Round | undefined) {
    if (round || this.#rest) this.more().round = round;
  }

  /** The receiver's part of the earlier view, if known. */
  get knowledge(): Knowledge | undefined {
    return this.#rest?.knowledge;
  }

  set knowledge(knowledge: Knowledge | undefined) {
    if (knowledge || this.#rest) this.more().knowledge = knowledge;
  }

  get owed(): Owed | undefined {
    return this.#rest?.owed;
  }

  set owed(owed: Owed | undefined) {
    if (owed || this.#rest) this.more().owed = owed;
  }

  /** For a view that filters: places that the receiver did not have at its cursor, if known. */
  get lacks(): Places | undefined {
    return this.#rest?.lacks;
  }

  set lacks(lacks: Places | undefined) {
    if (lacks || this.#rest) this.more().lacks = lacks;
  }

  /** As frames name it. */
  get tag(): string | undefined {
    return this.view?.tag;
  }

  /** Returns the frame that is owed to its receiver, with its present position. It owes nothing then. */
  settle(): Subscribed | Reset | undefined {
    const { owed, source, epoch, cursor: offset, tag } = this;
    if (!owed) return undefined;
    this.owed = undefined;
    const { reason, answer } = owed;
    const { name: channel } = source;
    if (!answer) return { type: 'reset', channel, tag, reason, epoch, offset };
    const top = Math.max(source.top, offset);
    return { type: 'subscribed', channel, epoch, offset, top, reset: reason, ...answer };
  }

  /** It ends, or its view is exchanged: whoever asked for it is answered before. */
  answerFirst(): void {
    if (!this.owed?.answer) return;
    const answer = this.settle();
    if (answer) this.session.send(answer);
  }

  /** It stands elsewhere now: what was under way for it has no meaning. */
  stand(epoch: string, cursor: number, fresh = false): void {
    this.epoch = epoch;
    this.cursor = cursor;
    this.fresh = fresh;
    this.loaded = this.round = this.knowledge = this.lacks = undefined;
  }
}
