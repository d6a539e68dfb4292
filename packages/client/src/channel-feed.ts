import {
  type From,
  LongwaveError,
  type Message,
  type Position,
  type ReceivedOperation,
  type ResetReason,
  type Subscribe,
  type Subscribed,
} from '@longwave/protocol';
import type { Context } from './context.js';
import type { Timer } from './ports.js';
import type { Answer, ChannelFrame } from './wire.js';
import { type LocalSubscription, isPosition } from './local-subscription.js';
import { toMessage } from './message.js';
import { toError } from './to-error.js';

/** Where the subscription on the wire stands. In all but `live` what comes for the channel is ignored. */
type State =
  | { readonly name: 'idle' }
  /** `quiet`: it stands already, and is only moved to another link or request. */
  | { readonly name: 'asked'; readonly id: number; readonly quiet: boolean }
  | { readonly name: 'delayed'; readonly timer: Timer }
  | { readonly name: 'live' }
  | { readonly name: 'ended' };

/** One channel's subscription on the wire, shared by those of the application (CLI-5). */
export class ChannelFeed {
  readonly channel: string;
  /** After the last operation received; known from `subscribed` on (SUB-2). */
  position: Position | undefined;
  /** The last offset that the log is known to have. */
  top = 0;
  readonly #context: Context;
  /** This feed is done with: who subscribes next needs another. May be called twice. */
  readonly #onEmpty: () => void;
  readonly #subscriptions = new Set<LocalSubscription>();
  #from: From = 'now';
  #state: State = { name: 'idle' };
  /** Operations up to here are read from the log, not received as they happen. */
  #recoveredTo = 0;
  /** Refusals and gaps since something was received: each waits longer than the last. */
  #failures = 0;

  constructor(context: Context, channel: string, onEmpty: () => void) {
    this.#context = context;
    this.channel = channel;
    this.#onEmpty = onEmpty;
  }

  add(subscription: LocalSubscription): void {
    this.#subscriptions.add(subscription);
    if (this.#subscriptions.size === 1) {
      this.#from = subscription.options.from ?? 'now';
      this.onOpen();
    } else subscription.join();
  }

  /** The last one out ends the subscription on the wire. */
  leave(subscription: LocalSubscription): void {
    if (!this.#subscriptions.delete(subscription) || this.#subscriptions.size > 0) return;
    const { wire } = this.#context;
    if (this.#state.name !== 'idle' && this.#state.name !== 'ended' && !wire.renewSoon()) {
      wire.send({ type: 'unsubscribe', id: wire.nextId(), channel: this.channel });
    }
    this.#stop({ name: 'ended' });
    this.#onEmpty();
  }

  /** A subscription may stand at `position` and wait for the feed to pass it. */
  covers({ epoch, offset }: Position): boolean {
    const { position, top } = this;
    return position !== undefined && epoch === position.epoch && offset >= position.offset && offset <= top;
  }

  /** There is a link, or another one, or another request of it: the subscription is asked for there. */
  onOpen(): void {
    const state = this.#state;
    if (!this.#context.wire.linked || state.name === 'delayed' || state.name === 'ended') return;
    this.#ask(state.name === 'live' || (state.name === 'asked' && state.quiet));
  }

  onDown(): void {
    if (this.#state.name !== 'ended') this.#stop({ name: 'idle' });
  }

  onFrame(frame: ChannelFrame): void {
    if (this.#state.name !== 'live') return;
    switch (frame.type) {
      case 'message':
        return this.#onMessage(frame);
      case 'top':
        return this.#onTop(frame);
      case 'reset':
        return this.#onReset(frame.reason, frame, this.position);
    }
  }

  /** Ends every subscription. */
  end(error: LongwaveError): void {
    for (const subscription of [...this.#subscriptions]) subscription.end(error);
  }

  #stop(state: State): void {
    if (this.#state.name === 'delayed') this.#state.timer.cancel();
    if (this.#state.name === 'asked') this.#context.wire.forget(this.#state.id);
    this.#state = state;
  }

  #ask(quiet = false): void {
    const { wire } = this.#context;
    if (wire.renewSoon()) return this.#stop({ name: 'idle' });
    const id = wire.nextId();
    this.#stop({ name: 'asked', id, quiet });
    const from = this.position ?? this.#from;
    // Asked with a position, `last` says where to stand if it cannot be continued (SUB-4).
    const { channel } = this;
    const start = { ...startOf(this.#from), ...startOf(from) };
    const frame: Subscribe = { type: 'subscribe', id, channel, ...start, again: quiet || undefined };
    wire.request(id, frame, (answer) => this.#onAnswer(answer, quiet));
  }

  /** At once the first time, later and later when it does not help. */
  #askAgain(advisedMs?: number): void {
    this.#failures++;
    if (this.#failures === 1) return this.#ask();
    const delayMs = this.#context.backoff(this.#failures, advisedMs);
    this.#stop({ name: 'delayed', timer: this.#context.ports.clock.setTimer(() => this.#ask(), delayMs) });
  }

  #onAnswer(answer: Answer, quiet: boolean): void {
    if (answer.type === 'subscribed') return this.#onSubscribed(answer, quiet);
    const error = toError(answer);
    if (error.advice === 'retry') {
      this.#failures = Math.max(1, this.#failures);
      this.#askAgain(error.retryAfterMs);
    } else this.#endRefused(error);
  }

  #onSubscribed({ epoch, offset, top, reset: told }: Subscribed, quiet: boolean): void {
    this.#stop({ name: 'live' });
    const first = this.position === undefined;
    const asked = this.position ?? (isPosition(this.#from) ? this.#from : undefined);
    const reset = told ?? (asked && brokenBy(asked, epoch, offset));
    if (reset === 'revoked') return this.#endRefused(new LongwaveError('forbidden'));
    // A server that stands earlier than asked repeats what was seen: it is dropped.
    const position = asked && !reset ? asked : { epoch, offset };
    this.position = position;
    this.top = top;
    if (quiet && !reset) return;
    this.#recoveredTo = top;
    for (const [i, subscription] of [...this.#subscriptions].entries()) {
      // What was true when it was asked for the first one may not be for one that came since: the log has grown.
      const alike = isSame(subscription.options.from ?? 'now', this.#from) && (i === 0 || reset !== 'truncated');
      if (!first) {
        // Told of a reset only if it is one for this subscription, too.
        subscription.onSubscribed(top, reset && subscription.onReset(reset, position, asked!));
      } else if (alike) subscription.start(position, top, reset);
      else subscription.join();
    }
  }

  #onMessage({ epoch, offset: first, ops }: Message<ReceivedOperation>): void {
    const state = this.#state;
    const position = this.position!;
    if (epoch !== position.epoch || first > position.offset + 1) {
      return this.#onGap(`${at({ epoch, offset: first })} came, we stand at ${at(position)}.`);
    }
    for (const [i, op] of ops.entries()) {
      const offset = first + i;
      if (offset <= this.position!.offset) continue;
      this.#failures = 0;
      this.position = { epoch, offset };
      if (offset > this.top) this.top = offset;
      const message = toMessage(this.channel, this.position, op, offset <= this.#recoveredTo);
      for (const subscription of this.#subscriptions) subscription.onOperation(message);
      // A handler ended the subscription or the connection: the rest comes after the position, or not at all.
      if (this.#state !== state) return;
    }
  }

  #onTop(frame: Position): void {
    const { epoch, offset } = frame;
    const position = this.position!;
    if (epoch === position.epoch && offset <= position.offset) this.#failures = 0;
    else this.#onGap(`${at(frame)} is the last, we stand at ${at(position)}.`);
  }

  #onGap(message: string): void {
    this.#context.ports.onDiagnostic({ kind: 'gap', channel: this.channel, message });
    this.#askAgain();
  }

  #onReset(reason: ResetReason, { epoch, offset }: Position, previous: Position | undefined): void {
    if (reason === 'revoked') return this.#endRefused(new LongwaveError('forbidden', 'The right was withdrawn.'));
    if (!previous) return;
    this.position = { epoch, offset };
    this.top = Math.max(offset, epoch === previous.epoch && reason === 'trimmed' ? this.top : 0);
    for (const subscription of [...this.#subscriptions]) subscription.onReset(reason, this.position, previous);
  }

  /** There is nothing on the wire any more. */
  #endRefused(error: LongwaveError): void {
    this.#stop({ name: 'ended' });
    this.#onEmpty();
    this.end(error);
  }
}

function at({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}

function startOf(from: From): Pick<Subscribe, 'epoch' | 'offset' | 'last'> {
  if (from === 'now') return {};
  return isPosition(from) ? { epoch: from.epoch, offset: from.offset } : { last: from.last };
}

/** The server moved us without saying so: as good as a reset (G3). */
function brokenBy(asked: Position, epoch: string, offset: number): ResetReason | undefined {
  if (epoch !== asked.epoch) return 'epoch-changed';
  return offset > asked.offset ? 'trimmed' : undefined;
}

function isSame(a: From, b: From): boolean {
  if (a === 'now' || b === 'now') return a === b;
  if (isPosition(a)) return isPosition(b) && a.epoch === b.epoch && a.offset === b.offset;
  return !isPosition(b) && a.last === b.last;
}
