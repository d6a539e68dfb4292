import type { CancelTimer, Clock } from '../base/ports.js';
import type { Subscription } from '../delivery/subscription.js';

/** Heartbeats after which a downstream link ends, for the client to ask on: so that no forgotten one stays for ever (HTTP-3). */
export const downstreamBeats = 30;
/** The same, where its client is a member of a channel. */
export const memberBeats = 3;

/** The part of a session that it uses. */
export interface CompletedHost {
  readonly context: { readonly clock: Clock };
  readonly subscriptions: readonly Subscription[];
  /** A state is on its way: cut off, it would have to begin anew. */
  readonly midRound: boolean;
  /** Some of what the request asks for is still to be looked at, and will be. */
  readonly goesOn: boolean;
  complete(): void;
}

/** When a link of one request ends (HTTP-5): no link of another kind has one. */
export class Completion {
  readonly #host: CompletedHost;
  #cancelHold: CancelTimer | undefined;
  /** A store is still to answer, or a state to be brought to its end. */
  #looks = false;
  /** As soon as all that it asks for has been looked at. */
  #waits = false;

  constructor(host: CompletedHost) {
    this.#host = host;
  }

  /** Without news it ends then. */
  hold(holdMs: number): void {
    const host = this.#host;
    this.#cancelHold = host.context.clock.setTimer(() => (host.midRound ? this.soon() : host.complete()), holdMs);
  }

  /** As soon as all that it asks for has been looked at: a busy channel holds up no other. */
  soon(): void {
    const host = this.#host;
    if (host.goesOn) this.#waits = true;
    // And what a store has been asked for goes with it: another request would have to ask again.
    else if (host.midRound || host.subscriptions.some(({ state }) => state === 'reading' || state === 'loading')) {
      this.#looks = true;
    } else host.complete();
  }

  /** A subscription has come to the head of its channel, or the link takes no more. */
  look(): void {
    if (!this.#looks) return;
    this.#looks = false;
    this.soon();
  }

  /** All has been looked at. False: the request goes on. */
  onLookedAt(): boolean {
    if (this.#waits) this.soon();
    return this.#waits;
  }

  end(): void {
    this.#cancelHold?.();
    this.#looks = false;
  }
}
