import type { Encoded } from '@longwave/protocol';
import type { Clock, Renewal, Timer } from '../base/ports.js';
import type { FrameSender } from './frame-sender.js';

/** Requests that end this soon without news, so many times in a row, are no connection. */
const quickMs = 1_000;
const maxQuick = 3;

export interface RenewalEvents {
  /** Asks for all subscriptions. */
  ask(): void;
  /** The requests come to nothing. */
  onFruitless(): void;
}

/** The request for a link made of requests: `connect`, and after it the frames in `asked`. */
export function renewalOf(sender: FrameSender, asked: readonly Encoded[], atOnce: boolean): Renewal {
  const { codec, messageBytes } = sender;
  const connect = codec.encode(sender.connectFrame());
  const join = (all: readonly Encoded[]): Encoded => codec.join(all);
  return { connect, message: join([connect, ...asked]), messageBytes, atOnce, join };
}

/** On a link made of requests: when what carries messages down is asked for anew (HTTP-3). */
export class Renewals {
  readonly #clock: Clock;
  readonly #sender: FrameSender;
  readonly #events: RenewalEvents;
  /** Something came since the last one. */
  #news = false;
  #timer: Timer | undefined;
  #at = 0;
  #atOnce = true;
  #quick = 0;

  constructor(clock: Clock, sender: FrameSender, events: RenewalEvents) {
    this.#clock = clock;
    this.#sender = sender;
    this.#events = events;
    sender.onRenewal = () => this.soon();
  }

  /** Something was delivered. */
  onNews(): void {
    this.#news = true;
  }

  /** In a turn of its own, for all that changes in one. */
  soon(): void {
    this.#timer ??= this.#clock.setTimer(() => this.now(), 0);
  }

  /** `atOnce`: for something of ours, that the server is to answer even without news. */
  now(atOnce = true): void {
    this.stop();
    // Another link is about to take over, and asks for everything itself.
    if (!this.#sender.renews || this.#sender.joining) return;
    this.#at = this.#clock.now();
    this.#atOnce = atOnce;
    this.#news = false;
    const asked = this.#sender.collect(() => this.#events.ask());
    this.#sender.renew(renewalOf(this.#sender, asked, atOnce));
  }

  /** A request that carried messages down has come to its end. */
  onEnd(): void {
    // One that was to be answered at once may well end at once.
    const quick = !this.#news && !this.#atOnce && Math.abs(this.#clock.now() - this.#at) < quickMs;
    this.#quick = quick ? this.#quick + 1 : 0;
    if (this.#quick > maxQuick) {
      this.#quick = 0;
      this.#events.onFruitless();
    } else this.now(false);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
