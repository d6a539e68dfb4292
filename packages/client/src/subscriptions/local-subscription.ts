import type { Message, Position, Redaction, ResetInfo, ResetReason } from '@longwave/protocol';
import { LongwaveError, breakOf } from '@longwave/protocol/client';
import type { Handler, SubscribeOptions, Subscription, SubscriptionState } from '../api/api.js';
import type { Context } from '../context.js';
import { Deferred } from '../base/deferred.js';
import { call } from '../base/safe-call.js';
import type { LogReader, ReadSubscription } from '../sending/log-reader.js';
import { MessageQueue } from './message-queue.js';
import { type Start, startOf } from '../base/start.js';

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
export class LocalSubscription implements Subscription<unknown>, ReadSubscription {
  readonly options: SubscribeOptions;
  readonly from: Start;
  cursor: Position | undefined;
  started = false;
  readonly #context: Context;
  readonly #feed: SharedFeed;
  readonly #handler: Handler<unknown> | undefined;
  readonly #queue: MessageQueue;
  #mode: Mode = 'pending';
  /** Less than the cursor while messages wait in the queue. */
  #position: Position | undefined;
  /** The cursor is known to be a place in the log: an application's own may lie beyond its end. */
  #verified = false;
  #reset: ResetInfo | undefined;
  /** From the first time that it had to read. */
  #reader: LogReader | undefined;
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
        if (this.#mode === 'paused') this.read();
      },
      onReturn: () => this.unsubscribe(),
    });
  }

  get state(): SubscriptionState {
    return this.#mode === 'reading' ? (this.started ? 'live' : 'pending') : this.#mode;
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
    if (reset) {
      this.cursor = this.from.after;
      this.resetTo(reset, position);
      if (this.#isEnded()) return;
    }
    this.#mode = 'live';
    this.standAt(position, top, reset);
  }

  /** Joins a feed that stands somewhere already (CLI-5). */
  join(): void {
    const { after, last } = this.from;
    const { position, top } = this.#feed;
    if (!position) return;
    if (after && this.#feed.covers(after)) this.start(after, top, undefined);
    else if (after || last) {
      this.cursor = after;
      this.read();
    } else this.start({ epoch: position.epoch, offset: Math.max(position.offset, top) }, top, undefined);
  }

  /** The subscription on the wire stands again, after a reconnect or a gap. */
  onSubscribed(top: number, reset: ResetReason | undefined): void {
    if (this.started) this.#announce(top, reset);
  }

  onOperation(message: Message<unknown>, position: Position): void {
    const cursor = this.cursor;
    if (this.#mode === 'live' && cursor && position.offset > cursor.offset) this.deliver(message, position);
  }

  /** RED-7. One that is paused is told when it reads on, but holds the data no longer. */
  onRedaction(redaction: Redaction): void {
    this.#queue.redact(redaction.target.offset);
    const cursor = this.cursor;
    if (this.#mode === 'live' && cursor && redaction.position.offset > cursor.offset) this.redact(redaction);
  }

  /**
   * The feed lost continuity. Returns what that is to this subscription: one that reads by itself finds out by itself
   * what was trimmed.
   */
  onReset(reason: ResetReason, position: Position, previous: Position): ResetReason | undefined {
    const cursor = this.cursor;
    if (!cursor) return undefined;
    const continued = !breakOf(cursor, { epoch: position.epoch });
    if (continued && (reason === 'epoch-changed' || (reason === 'truncated' && cursor.epoch !== position.epoch))) {
      return undefined;
    }
    if (continued && reason === 'trimmed') {
      if (this.#mode !== 'live' || cursor.offset >= position.offset) return undefined;
      // Ahead of the feed it may still be continued, which only the log can tell.
      if (cursor.offset > previous.offset) {
        this.read();
        return undefined;
      }
    }
    // The feed was reset in an epoch that this subscription does not read: derive the reason from its own cursor.
    const ours = continued || cursor.epoch === previous.epoch ? reason : breakOf(cursor, { epoch: position.epoch })!;
    this.resetTo(ours, position);
    if (this.#mode === 'reading') this.read();
    return ours;
  }

  /** Ended by the server, or with the client. */
  end(error: LongwaveError): void {
    if (this.#isEnded()) return;
    const closed = error.code === 'closed';
    this.#finish(closed ? undefined : error, error);
    const { ports, sender } = this.#context;
    const { onEnd } = this.options;
    // A name that is misspelt or not allowed would be silent for ever. The end of the whole client is told by itself.
    if (this.#handler && !onEnd && !closed && sender.connected) {
      ports.onDiagnostic({ kind: 'ended', channel: this.#feed.channel, message: error.message, cause: error });
    }
    call(ports, onEnd, error);
  }

  #finish(thrown: LongwaveError | undefined, error: LongwaveError): void {
    if (this.#isEnded()) return;
    this.#mode = 'ended';
    this.#reader?.stop();
    this.#feed.leave(this);
    this.#queue.end(thrown);
    this.#ready.reject(error);
  }

  #isEnded(): boolean {
    return this.#mode === 'ended';
  }

  standAt(position: Position, top: number, reset: ResetReason | undefined): void {
    this.cursor = position;
    this.started = this.#verified = true;
    this.#moveToCursor();
    this.#ready.resolve(position);
    this.#announce(top, reset);
  }

  #announce(top: number, reset: ResetReason | undefined): void {
    const position = this.cursor!;
    const recovering = Math.max(0, top - position.offset);
    call(this.#context.ports, this.options.onSubscribed, { position, recovering, reset });
  }

  deliver(message: Message<unknown>, position: Position): void {
    this.cursor = position;
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

  redact(redaction: Redaction): void {
    this.cursor = redaction.position;
    this.#moveToCursor();
    call(this.#context.ports, this.options.onRedact, redaction);
  }

  resetTo(reason: ResetReason, position: Position): void {
    const info: ResetInfo = { reason, position, previous: this.cursor };
    this.cursor = position;
    this.#verified = true;
    // Two resets without a message between them become one: the last one's reason and position, with the first one's
    // `previous`.
    const { previous } = this.#reset ?? info;
    this.#reset = { ...info, previous };
    this.#moveToCursor();
    call(this.#context.ports, this.options.onReset, info);
  }

  /**
   * Moves the position that the application may save. It stays before messages that wait in the queue, and before a
   * reset that the application has not been told of: a resume from after the reset would hide it (G3).
   */
  #moveToCursor(): void {
    if (this.#queue.size > 0) return;
    if (!this.#reset || this.options.onReset) this.#position = this.cursor;
    else this.#position ??= this.#reset.previous;
  }

  read(): void {
    this.#reader?.stop();
    if (this.hasCaughtUp) {
      this.#mode = 'live';
      if (!this.started) this.standAt(this.cursor!, this.#feed.top, this.#reset?.reason);
      return;
    }
    this.#mode = 'reading';
    this.#context.sending.use((sending) => {
      this.#reader ??= sending.reader(this.#feed.channel, this);
      if (this.isReading) this.#reader.readPage();
    });
  }

  get isReading(): boolean {
    return this.#mode === 'reading';
  }

  get hasCaughtUp(): boolean {
    const { cursor } = this;
    const { position } = this.#feed;
    return (
      this.#verified &&
      cursor !== undefined &&
      position !== undefined &&
      !breakOf(cursor, { epoch: position.epoch }) &&
      cursor.offset >= position.offset
    );
  }
}
