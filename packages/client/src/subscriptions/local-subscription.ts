import type {
  From,
  LogExtent,
  Message,
  Page,
  Position,
  ReceivedOperation,
  Redaction,
  ResetInfo,
  ResetReason,
} from '@longwave/protocol';
import { LongwaveError, breakOf, toMessage, toRedaction, wireLimits } from '@longwave/protocol/client';
import type { Handler, SubscribeOptions, Subscription, SubscriptionState } from '../api/api.js';
import type { Context } from '../context.js';
import type { Timer } from '../base/ports.js';
import type { Request } from '../sending/requests.js';
import { MessageQueue } from './message-queue.js';
import { Deferred } from '../base/deferred.js';
import { call } from '../base/safe-call.js';

/** Operations asked for at once while catching up. */
const pageLimit = 256;
const defaultBufferLimit = 1_024;

/**
 * - `pending`: no position yet.
 * - `live`: stands at the feed's position, or ahead of it, and gets what the feed gets.
 * - `reading`: it lags behind the feed and reads pages of the log until it has caught up (CLI-5).
 * - `paused`: the buffer is full; nothing is kept but the cursor.
 */
type Mode = 'pending' | 'live' | 'reading' | 'paused' | 'ended';

/** The part of a feed that the subscriptions sharing it use. */
export interface SharedFeed {
  readonly channel: string;
  readonly position: Position | undefined;
  readonly top: number;
  covers(position: Position): boolean;
  leave(subscription: LocalSubscription): void;
}

/** One subscription of the application: a cursor of its own over the channel's feed. */
export class LocalSubscription implements Subscription<unknown> {
  readonly options: SubscribeOptions;
  readonly from: Start;
  readonly #context: Context;
  readonly #feed: SharedFeed;
  readonly #handler: Handler<unknown> | undefined;
  readonly #queue: MessageQueue;
  #mode: Mode = 'pending';
  #cursor: Position | undefined;
  /** Less than the cursor while messages wait in the queue. */
  #position: Position | undefined;
  /** `ready` is settled and the application knows where it stands. */
  #started = false;
  /** The cursor is known to be a place in the log: an application's own may lie beyond its end. */
  #verified = false;
  #reset: ResetInfo | undefined;
  #request: Request | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  readonly #ready = new Deferred<Position>();

  constructor(context: Context, feed: SharedFeed, options: SubscribeOptions, handler: Handler<unknown> | undefined) {
    this.#context = context;
    this.#feed = feed;
    this.options = options;
    this.from = startOf(options.from);
    this.#handler = handler;
    this.#queue = new MessageQueue({
      onTake: ({ meta: { epoch, offset } }) => {
        this.#position = { epoch, offset };
      },
      onDrain: () => {
        this.#moveToCursor();
        if (this.#mode === 'paused') this.#read();
      },
      onReturn: () => this.unsubscribe(),
    });
  }

  get state(): SubscriptionState {
    return this.#mode === 'reading' ? (this.#started ? 'live' : 'pending') : this.#mode;
  }

  get ready(): Promise<Position> {
    return this.#ready.promise;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  unsubscribe(): void {
    this.#queue.clear();
    this.#finish(undefined, new LongwaveError('closed', 'Unsubscribed.'));
  }

  [Symbol.asyncIterator](): MessageQueue {
    if (this.#handler) throw new TypeError('This subscription has a handler.');
    return this.#queue;
  }

  /** The subscription on the wire was made for this one, and stands at `position`. */
  start(position: Position, top: number, reset: ResetReason | undefined): void {
    const { from } = this;
    if (reset) {
      if (isPosition(from)) this.#cursor = from;
      this.#resetTo(reset, position);
      if (this.#isEnded()) return;
    }
    this.#mode = 'live';
    this.#standAt(position, top, reset);
  }

  /** Joins a feed that stands somewhere already (CLI-5). */
  join(): void {
    const { from } = this;
    const { position, top } = this.#feed;
    if (!position) return;
    if (from === 'now' || (!isPosition(from) && from.last === 0)) {
      this.start({ epoch: position.epoch, offset: Math.max(position.offset, top) }, top, undefined);
    } else if (isPosition(from) && this.#feed.covers(from)) this.start(from, top, undefined);
    else {
      if (isPosition(from)) this.#cursor = from;
      this.#read();
    }
  }

  /** The subscription on the wire stands again, after a reconnect or a gap. */
  onSubscribed(top: number, reset: ResetReason | undefined): void {
    if (this.#started) this.#announce(top, reset);
  }

  onOperation(message: Message<unknown>): void {
    const cursor = this.#cursor;
    if (this.#mode === 'live' && cursor && message.meta.offset > cursor.offset) this.#deliver(message);
  }

  /** RED-7. One that is paused is told when it reads on, but holds the data no longer. */
  onRedaction(redaction: Redaction): void {
    this.#queue.redact(redaction.target.offset);
    const cursor = this.#cursor;
    if (this.#mode === 'live' && cursor && redaction.position.offset > cursor.offset) this.#redact(redaction);
  }

  /**
   * The feed lost continuity. Returns what that is to this subscription: one that reads by itself finds out by itself
   * what was trimmed.
   */
  onReset(reason: ResetReason, position: Position, previous: Position): ResetReason | undefined {
    const cursor = this.#cursor;
    if (!cursor) return undefined;
    const continued = !breakOf(cursor, { epoch: position.epoch });
    if (continued && (reason === 'epoch-changed' || (reason === 'truncated' && cursor.epoch !== position.epoch))) {
      return undefined;
    }
    if (continued && reason === 'trimmed') {
      if (this.#mode !== 'live' || cursor.offset >= position.offset) return undefined;
      // Ahead of the feed it may still be continued, which only the log can tell.
      if (cursor.offset > previous.offset) {
        this.#read();
        return undefined;
      }
    }
    // The feed was reset in an epoch that this subscription does not read: derive the reason from its own cursor.
    const ours = continued || cursor.epoch === previous.epoch ? reason : breakOf(cursor, { epoch: position.epoch })!;
    this.#resetTo(ours, position);
    if (this.#mode === 'reading') this.#read();
    return ours;
  }

  /** Ended by the server, or with the client. */
  end(error: LongwaveError): void {
    if (this.#isEnded()) return;
    this.#finish(error.code === 'closed' ? undefined : error, error);
    call(this.#context.ports, this.options.onEnd, error);
  }

  #finish(thrown: LongwaveError | undefined, error: LongwaveError): void {
    if (this.#isEnded()) return;
    this.#mode = 'ended';
    this.#stopReading();
    this.#feed.leave(this);
    this.#queue.end(thrown);
    this.#ready.reject(error);
  }

  #isEnded(): boolean {
    return this.#mode === 'ended';
  }

  #standAt(position: Position, top: number, reset: ResetReason | undefined): void {
    this.#cursor = position;
    this.#started = this.#verified = true;
    this.#moveToCursor();
    this.#ready.resolve(position);
    this.#announce(top, reset);
  }

  #announce(top: number, reset: ResetReason | undefined): void {
    const position = this.#cursor!;
    const recovering = Math.max(0, top - position.offset);
    call(this.#context.ports, this.options.onSubscribed, { position, recovering, reset });
  }

  #deliver(message: Message<unknown>): void {
    const { epoch, offset } = message.meta;
    this.#cursor = { epoch, offset };
    const reset = this.#reset;
    this.#reset = undefined;
    const told = reset ? { ...message, meta: { ...message.meta, reset } } : message;
    if (this.#handler) {
      this.#moveToCursor();
      call(this.#context.ports, this.#handler, told.data, told.meta);
      return;
    }
    this.#queue.push(told);
    if (this.#queue.size >= (this.options.bufferLimit ?? defaultBufferLimit)) this.#mode = 'paused';
  }

  #redact(redaction: Redaction): void {
    this.#cursor = redaction.position;
    this.#moveToCursor();
    call(this.#context.ports, this.options.onRedact, redaction);
  }

  #resetTo(reason: ResetReason, position: Position): void {
    const info: ResetInfo = { reason, position, previous: this.#cursor };
    this.#cursor = position;
    this.#verified = true;
    // Two resets without a message between them become one: the last one's reason and position, with the first one's
    // `previous`.
    this.#reset = { ...info, previous: this.#reset ? this.#reset.previous : info.previous };
    this.#moveToCursor();
    call(this.#context.ports, this.options.onReset, info);
  }

  /**
   * Moves the position that the application may save. It stays before messages that wait in the queue, and before a
   * reset that the application has not been told of: a resume from after the reset would hide it (G3).
   */
  #moveToCursor(): void {
    if (this.#queue.size > 0) return;
    if (!this.#reset || this.options.onReset) this.#position = this.#cursor;
    else this.#position ??= this.#reset.previous;
  }

  #stopReading(): void {
    this.#request?.cancel();
    this.#timer?.cancel();
  }

  #read(): void {
    this.#stopReading();
    const cursor = this.#cursor;
    if (cursor && this.#hasCaughtUp(cursor)) {
      this.#mode = 'live';
      if (!this.#started) this.#standAt(cursor, this.#feed.top, this.#reset?.reason);
      return;
    }
    this.#mode = 'reading';
    const { from } = this;
    const last = !cursor && from !== 'now' && !isPosition(from) ? from.last : undefined;
    if (last === undefined) this.#ask({ limit: pageLimit, epoch: cursor?.epoch, after: cursor?.offset });
    else if (last === everything) this.#ask({ limit: pageLimit, after: 0 }, last);
    else this.#ask({ limit: Math.min(last, wireLimits.pageOperations) }, last);
  }

  #ask(query: { limit: number; epoch?: string | undefined; after?: number | undefined }, last?: number): void {
    const { channel } = this.#feed;
    this.#request = this.#context.requests.add(
      {
        expects: 'page',
        repeat: true,
        resolve: (page) => this.#onPage(page, last),
        reject: (error) => this.#onFailure(error as LongwaveError),
      },
      (id) => ({ type: 'history', id, channel, ...query }),
    );
  }

  #onFailure(error: LongwaveError): void {
    // Which log it is now, and where it begins, is in the first page of all that is retained.
    if (error.code === 'epoch-changed') this.#ask({ limit: pageLimit, after: 0 });
    else if (error.advice === 'retry') this.#readLater(error.retryAfterMs);
    else this.end(error);
  }

  #readLater(advisedMs?: number): void {
    const { backoff, ports } = this.#context;
    this.#failures++;
    this.#timer = ports.clock.setTimer(() => this.#read(), backoff(this.#failures, advisedMs));
  }

  #onPage(page: Page<ReceivedOperation>, last: number | undefined): void {
    const { epoch, floor, top, ops } = page;
    if (last !== undefined) this.#standAt({ epoch, offset: Math.max(floor, top - last) }, top, undefined);
    const cursor = this.#cursor;
    if (!cursor || this.#mode !== 'reading') return;
    const reset = last === undefined ? breakOf(cursor, extentOf(page)) : undefined;
    this.#verified = true;
    if (reset) this.#resetTo(reset, { epoch, offset: ops.length > 0 ? page.offset - 1 : floor });
    if (!this.#started) this.#standAt(this.#cursor!, top, reset);
    const progress = this.#deliverPage(page) || reset !== undefined || last !== undefined;
    if (this.#mode !== 'reading') return;
    if (progress) this.#failures = 0;
    if (progress || this.#hasCaughtUp(this.#cursor!)) this.#read();
    // The log ends before what the feed has seen: whoever answered is behind.
    else this.#readLater();
  }

  #deliverPage({ epoch, offset: first, ops }: Page<ReceivedOperation>): boolean {
    let progress = false;
    for (const [i, op] of ops.entries()) {
      if (this.#mode !== 'reading') return progress;
      const offset = first + i;
      if (offset <= this.#cursor!.offset) continue;
      // The newest page may begin after the start, when it is bounded by bytes: read it from there.
      if (offset > this.#cursor!.offset + 1) return progress;
      progress = true;
      const position = { epoch, offset };
      if (op.kind === 'redact') this.#redact(toRedaction(position, op));
      else this.#deliver(toMessage(this.#feed.channel, position, op, true, this.#context.own));
    }
    return progress;
  }

  #hasCaughtUp(cursor: Position): boolean {
    const { position } = this.#feed;
    return (
      this.#verified &&
      position !== undefined &&
      !breakOf(cursor, { epoch: position.epoch }) &&
      cursor.offset >= position.offset
    );
  }
}

/** The log as a page shows it, which may begin later than what is retained. */
function extentOf({ epoch, offset, ops, floor, top }: Page<ReceivedOperation>): LogExtent {
  return { epoch, floor: ops.length > 0 ? Math.max(floor, offset - 1) : floor, top };
}

/** The last n operations for the largest n: the server bounds it by what the log keeps (SUB-1). */
const everything = Number.MAX_SAFE_INTEGER;

/** {@link From} as the wire says it. */
export type Start = Exclude<From, 'start'>;

function startOf(from: From = 'now'): Start {
  return from === 'start' ? { last: everything } : from;
}

export function isPosition(from: Start): from is Position {
  return typeof from === 'object' && 'epoch' in from;
}
