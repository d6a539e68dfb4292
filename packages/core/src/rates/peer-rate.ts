import type { CancelTimer, Clock } from '../base/ports.js';
import type { Rates } from './rates.js';
import { TokenBucket } from './token-bucket.js';

/** The part of a session that it uses. */
export interface RatedHost {
  readonly context: { readonly rates: Rates; readonly clock: Clock };
  readonly identity: { readonly user?: string | undefined };
  /** Not to be read from, or again. */
  onRated(held: boolean): void;
}

/** How fast one connection sends (LIM-1, LIM-2, LIM-5). */
export class PeerRate extends TokenBucket {
  readonly #host: RatedHost;
  #cancel: CancelTimer | undefined;
  /** It has sent more than its rate allows. */
  held = false;

  constructor(host: RatedHost) {
    super(host.context.rates.connectionRate, host.context.clock.now());
    this.#host = host;
  }

  spend(frames: number): void {
    const { context, identity } = this.#host;
    const waitMs = context.rates.spend(this, identity.user, frames);
    if (waitMs > 0 && !this.held) this.hold(waitMs);
  }

  private hold(waitMs: number): void {
    this.held = true;
    this.#host.onRated(true);
    this.#cancel = this.#host.context.clock.setTimer(() => {
      const { context, identity } = this.#host;
      // Frames that had come in already were handled meanwhile, and other connections of the user have sent more.
      const owedMs = context.rates.owed(this, identity.user);
      if (owedMs >= 1) return this.hold(owedMs);
      this.held = false;
      this.#host.onRated(false);
    }, waitMs);
  }

  /**
   * HTTP-6: a request beyond its rate waits until those before it are paid for. Resolves at once when its link is gone
   * before.
   */
  waitUntilPaid(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#host.context.clock.setTimer(resolve, waitMs);
      this.#cancel = () => {
        cancel();
        resolve();
      };
    });
  }

  end(): void {
    this.#cancel?.();
  }
}
