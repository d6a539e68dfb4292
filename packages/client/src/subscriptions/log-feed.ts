import type { MessageFrame, Position, ReceivedOperation, ResetReason, Subscribed } from '@longwave/protocol';
import { type LongwaveError, breakOf, toMessage, toRedaction } from '@longwave/protocol/client';
import type { ChannelFrame } from '../connection/frame-sender.js';
import type { LocalSubscription } from './local-subscription.js';
import type { Start } from '../base/start.js';
import { type Asked, WireSubscription } from './wire-subscription.js';

/** One channel's subscription on the wire, shared by those of the application (CLI-5). */
export class LogFeed extends WireSubscription {
  /** After the last operation received; known from `subscribed` on (SUB-2). */
  position: Position | undefined;
  /** The last offset that the log is known to have. */
  top = 0;
  readonly #subscriptions = new Set<LocalSubscription>();
  #from: Start = {};
  /** Operations up to here are read from the log, not received as they happen. */
  #recoveredTo = 0;

  add(subscription: LocalSubscription): void {
    this.#subscriptions.add(subscription);
    if (this.#subscriptions.size === 1) {
      this.#from = subscription.from;
      this.onOpen();
    } else subscription.join();
  }

  /** The last one out ends the subscription on the wire. */
  leave(subscription: LocalSubscription): void {
    if (this.#subscriptions.delete(subscription) && this.#subscriptions.size === 0) this.finish();
  }

  /** A subscription may stand at `position` and wait for the feed to pass it. */
  covers(from: Position): boolean {
    const { position, top } = this;
    if (!position || breakOf(from, { epoch: position.epoch })) return false;
    return from.offset >= position.offset && from.offset <= top;
  }

  override end(error: LongwaveError): void {
    for (const subscription of [...this.#subscriptions]) subscription.end(error);
  }

  protected override get resumable(): boolean {
    return true;
  }

  /** With a position, `last` says where to stand if it cannot be continued (SUB-4). */
  protected override get asked(): Asked {
    return { ...(this.position ?? this.#from.after), last: this.#from.last };
  }

  protected override receive(frame: ChannelFrame): void {
    switch (frame.type) {
      case 'message':
        return this.#onMessage(frame);
      case 'top':
        return this.#onTop(frame);
      case 'reset':
        return this.#onReset(frame.reason, frame, this.position);
      case 'changes':
      case 'snapshot':
        return;
    }
  }

  protected override onSubscribed({ epoch, offset, top, reset: told, mode }: Subscribed, quiet: boolean): void {
    if (mode !== undefined) return this.endOfMode();
    const first = this.position === undefined;
    const asked = this.position ?? this.#from.after;
    // Where the server moved us without saying so, that is as good as a reset (G3).
    const reset = told ?? (asked && breakOf(asked, { epoch, floor: offset }));
    if (reset === 'revoked') return this.endRefused();
    // A server that stands earlier than asked repeats what was seen: it is dropped.
    const position = { epoch, offset: asked && !reset ? asked.offset : offset };
    this.position = position;
    this.top = top;
    if (quiet && !reset) return;
    this.#recoveredTo = top;
    for (const [i, subscription] of [...this.#subscriptions].entries()) {
      // A subscription added after the request cannot use its `truncated`: the log may have grown past its position.
      const alike = isSame(subscription.from, this.#from) && (i === 0 || reset !== 'truncated');
      if (!first) {
        // Told of a reset only if it is one for this subscription, too.
        subscription.onSubscribed(top, reset && subscription.onReset(reset, position, asked!));
      } else if (alike) subscription.start(position, top, reset);
      else subscription.join();
    }
  }

  #onMessage({ epoch, offset: first, ops }: MessageFrame<ReceivedOperation>): void {
    const { spell } = this;
    const stands = this.position!;
    if (breakOf(stands, { epoch }) || first > stands.offset + 1) {
      return this.onGapAt({ epoch, offset: first }, stands);
    }
    let offset = first - 1;
    for (const op of ops) {
      if (++offset <= this.position!.offset) continue;
      this.failures = 0;
      const position = (this.position = { epoch, offset });
      this.top = Math.max(this.top, offset);
      if (op.kind === 'redact') {
        const redaction = toRedaction(position, op);
        for (const subscription of this.#subscriptions) subscription.onRedaction(redaction);
      } else {
        const { own } = this.context.sending.part ?? {};
        const message = toMessage(this.channel, position, op, offset <= this.#recoveredTo, own);
        for (const subscription of this.#subscriptions) subscription.onOperation(message, position);
      }
      // A handler ended the subscription or the connection: the rest comes after the position, or not at all.
      if (this.spell !== spell) return;
    }
  }

  #onTop(frame: Position): void {
    const { epoch, offset } = frame;
    const position = this.position!;
    if (!breakOf(position, { epoch }) && offset <= position.offset) {
      this.position = { epoch, offset: position.offset };
      this.failures = 0;
    } else this.onGapAt(frame, position);
  }

  #onReset(reason: ResetReason, { epoch, offset }: Position, previous: Position | undefined): void {
    if (reason === 'revoked') return this.endRefused();
    if (!previous) return;
    this.position = { epoch, offset };
    this.top = Math.max(offset, reason === 'trimmed' ? this.top : 0);
    for (const subscription of [...this.#subscriptions]) subscription.onReset(reason, this.position, previous);
  }
}

function isSame(a: Start, b: Start): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
