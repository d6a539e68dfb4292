import type { Position, Subscribe, Subscribed } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol/client';
import type { Context } from '../context.js';
import type { Timer } from '../base/ports.js';
import type { Answer } from '../connection/answers.js';
import type { ChannelFrame } from '../connection/frame-sender.js';
import { toError } from '../connection/to-error.js';

/** Where a subscription on the wire stands. In all but `live` what comes for it is ignored. */
type State =
  | { readonly name: 'idle' }
  /** `quiet`: it stands already, and is only moved to another link or request. */
  | { readonly name: 'asked'; readonly id: number; readonly quiet: boolean }
  | { readonly name: 'delayed'; readonly timer: Timer }
  | { readonly name: 'live' }
  | { readonly name: 'ended' };

/** The request of a subscription, without the channel. */
export type Asked = Pick<Subscribe, 'epoch' | 'offset' | 'last' | 'view' | 'fresh' | 'scope'>;

/**
 * A subscription on the wire, whatever the channel keeps: asked for on each link, and anew on a gap or a refusal that
 * may pass.
 */
export abstract class WireSubscription {
  readonly channel: string;
  protected readonly context: Context;
  /** This one is done with: who subscribes next needs another. May be called twice. */
  readonly #onEmpty: () => void;
  #state: State = { name: 'idle' };
  /** Refusals and gaps since something was received: each waits longer than the last. */
  protected failures = 0;

  constructor(context: Context, channel: string, onEmpty: () => void) {
    this.context = context;
    this.channel = channel;
    this.#onEmpty = onEmpty;
  }

  /** Tag of the view in the frames of this subscription. */
  get tag(): string | undefined {
    return undefined;
  }

  /** There is a link, or another one, or another request of it: the subscription is asked for there. */
  onOpen(): void {
    const state = this.#state;
    if (!this.context.sender.linked || state.name === 'delayed' || state.name === 'ended') return;
    this.ask(this.resumable && (state.name === 'live' || (state.name === 'asked' && state.quiet)));
  }

  onDown(): void {
    if (this.#state.name !== 'ended') this.#stop({ name: 'idle' });
  }

  /** False: it does not stand, and the frame is for none or another. */
  onFrame(frame: ChannelFrame): boolean {
    const { live } = this;
    if (live) this.receive(frame);
    return live;
  }

  /** Ends every subscription of the application that shares it. */
  abstract end(error: LongwaveError): void;

  /** Nothing is missing up to its position: on another link it goes on from there. */
  protected abstract get resumable(): boolean;

  protected abstract get asked(): Asked;

  /** The server's word on what was asked. */
  protected abstract onSubscribed(frame: Subscribed, quiet: boolean): void;

  protected abstract receive(frame: ChannelFrame): void;

  /** Tells one spell of being live from the next. */
  protected get spell(): object {
    return this.#state;
  }

  /** It is on the wire, or about to be. */
  protected get asking(): boolean {
    return this.#state.name === 'live' || this.#state.name === 'asked';
  }

  protected get live(): boolean {
    return this.#state.name === 'live';
  }

  /** The last one out ends the subscription on the wire. */
  protected finish(): void {
    const { sender } = this.context;
    if (this.#state.name !== 'idle' && this.#state.name !== 'ended' && !sender.renewSoon()) {
      sender.send({ type: 'unsubscribe', id: sender.nextId(), channel: this.channel, tag: this.tag });
    }
    this.#stop({ name: 'ended' });
    this.#onEmpty();
  }

  protected ask(quiet = false): void {
    const { sender } = this.context;
    if (sender.renewSoon()) return this.#stop({ name: 'idle' });
    const id = sender.nextId();
    this.#stop({ name: 'asked', id, quiet });
    const { channel } = this;
    const frame: Subscribe = { type: 'subscribe', id, channel, ...this.asked, again: quiet || undefined };
    sender.request(id, frame, (answer) => this.#onAnswer(answer, quiet));
  }

  /** At once the first time, later and later when it does not help. */
  #askAgain(advisedMs?: number): void {
    this.failures++;
    if (this.failures === 1) return this.ask();
    const delayMs = this.context.backoff(this.failures, advisedMs);
    this.#stop({ name: 'delayed', timer: this.context.ports.clock.setTimer(() => this.ask(), delayMs) });
  }

  #onAnswer(answer: Answer, quiet: boolean): void {
    if (answer.type === 'subscribed') {
      this.#stop({ name: 'live' });
      return this.onSubscribed(answer, quiet);
    }
    const error = toError(answer);
    if (error.advice === 'retry') {
      this.failures = Math.max(1, this.failures);
      this.#askAgain(error.retryAfterMs);
    } else this.endRefused(error);
  }

  /** Something came that continues another position than `stands`. */
  protected onGapAt(came: Position, stands: Position): void {
    this.onGap(`${at(came)} came, we stand at ${at(stands)}.`);
  }

  protected onGap(message: string): void {
    this.context.ports.onDiagnostic({ kind: 'gap', channel: this.channel, message });
    this.#askAgain();
  }

  /** There is nothing on the wire any more. */
  protected endRefused(error = new LongwaveError('forbidden', 'The right was withdrawn.')): void {
    this.#stop({ name: 'ended' });
    this.#onEmpty();
    this.end(error);
  }

  /** The channel keeps something else. */
  protected endOfMode(): void {
    this.finish();
    this.end(new LongwaveError('wrong-mode', `Not for ${this.channel}.`));
  }

  #stop(state: State): void {
    if (this.#state.name === 'delayed') this.#state.timer.cancel();
    if (this.#state.name === 'asked') this.context.sender.answers.forget(this.#state.id);
    this.#state = state;
  }
}

function at({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}
