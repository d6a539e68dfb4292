import type { LinkClose, Transport, TransportMemory } from '../base/ports.js';

/**
 * Why a transport is the one in use: it is the best there is, it got through where better ones did not, now or the last
 * time on this network, or it is a better one that was found to work later.
 */
export type TransportReason = 'preferred' | 'fallback' | 'remembered' | 'upgraded';

/** A transport that has worked is not left for another because of fewer failures than this: the server may be down. */
const provenFailures = 3;
/** A connection that ends within this long, twice in a row, speaks against its transport. */
const youngMs = 10_000;

/** Which transport is tried next (CLI-7): from the best down, each failure a step, and up again when it helps. */
export class TransportFallback {
  readonly transports: readonly Transport[];
  why: TransportReason = 'preferred';
  #at = 0;
  #proven = false;
  #failures = 0;
  #diedYoung = 0;
  /** Attempts in a row of which it was taken for sure that nobody listens. */
  #unanswered = 0;
  /** The best one that has connected on this network. */
  #best: number | undefined;
  readonly #memory: TransportMemory | undefined;

  constructor(transports: readonly Transport[], memory: TransportMemory | undefined) {
    this.transports = transports;
    // A client with only one transport remembers nothing about the network.
    this.#memory = transports.length > 1 ? memory : undefined;
    this.reset();
  }

  /** Index of the one in use. */
  get at(): number {
    return this.#at;
  }

  get transport(): Transport {
    return this.transports[this.#at]!;
  }

  /** There is another to turn to: an attempt has not got all the time. */
  get hurried(): boolean {
    return !this.#proven && this.#hasLower;
  }

  get #hasLower(): boolean {
    return this.#at < this.transports.length - 1;
  }

  /** Another network, perhaps: nothing is known of it but what was remembered. */
  reset(): void {
    const name = this.#memory?.get();
    this.#proven = false;
    this.#best = undefined;
    this.#failures = this.#diedYoung = this.#unanswered = 0;
    this.#at = Math.max(
      0,
      this.transports.findIndex((transport) => transport.name === name),
    );
    this.why = this.#at > 0 ? 'remembered' : 'preferred';
  }

  /** An attempt came to nothing, and no server said why. True: another transport is to be tried at once. */
  failed(unanswered?: LinkClose['unanswered']): boolean {
    const best = this.#best;
    // Where nobody listens no other would fare better: the one that has worked is tried again, later. That it is so may
    // be a mistake where the host cannot tell: something in between may cut just this one.
    if (unanswered === 'refused' || (unanswered && best !== undefined && ++this.#unanswered <= provenFailures)) {
      if (best !== undefined && best < this.#at) this.#step(best, best > 0 ? 'fallback' : 'preferred');
      return false;
    }
    if (this.#proven && ++this.#failures < provenFailures) return false;
    if (this.#hasLower) {
      this.#step(this.#at + 1, 'fallback');
      return true;
    }
    this.#step(0, 'preferred');
    return false;
  }

  connected(): void {
    this.#proven = true;
    this.#failures = this.#unanswered = 0;
    this.#best = Math.min(this.#at, this.#best ?? this.#at);
    this.#memory?.set(this.#at > 0 ? this.transport.name : undefined);
  }

  /** The connection was lost, and no server said why. */
  lost(livedMs: number): void {
    this.#diedYoung = livedMs < youngMs ? this.#diedYoung + 1 : 0;
    if (this.#diedYoung >= 2) this.condemn();
  }

  /** The transport in use does not do what it promised: take the next one. */
  condemn(): void {
    if (this.#hasLower) this.#step(this.#at + 1, 'fallback');
  }

  /** A better one was found to work. */
  climb(at: number): void {
    this.#step(at, 'upgraded');
    this.connected();
  }

  #step(at: number, why: TransportReason): void {
    this.#at = at;
    this.why = why;
    this.#proven = false;
    this.#failures = this.#diedYoung = 0;
  }
}
