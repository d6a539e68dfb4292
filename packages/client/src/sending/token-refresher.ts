import { LongwaveError } from '@longwave/protocol/client';
import type { Ports, Timer } from '../base/ports.js';
import type { Requests } from './requests.js';
import type { TokenSource } from '../connection/token-source.js';
import type { FrameSender } from '../connection/frame-sender.js';

/**
 * The identity is renewed this long before it expires, or at half its time if that is later: before the server warns that nobody has
 * renewed it (SES-18).
 */
const marginMs = 60_000;
/** `token` is asked no more often, whatever the server says of its life. */
const retryMs = 5_000;
const timeoutMs = 30_000;

/** Keeps the connection's identity from expiring, and refreshes it on demand (SES-6). */
export class TokenRefresher {
  readonly #ports: Ports;
  readonly #tokens: TokenSource;
  readonly #requests: Requests;
  readonly #sender: FrameSender;
  #timer: Timer | undefined;

  constructor(ports: Ports, tokens: TokenSource, requests: Requests, sender: FrameSender) {
    this.#sender = sender;
    this.#ports = ports;
    this.#tokens = tokens;
    this.#requests = requests;
  }

  /** The identity lasts this long from now on. */
  start(expiresInMs: number | undefined): void {
    this.stop();
    if (expiresInMs === undefined || !this.#tokens.renewable) return;
    // One that expires sooner ends the connection, and is asked for with its backoff.
    this.#schedule(Math.max(expiresInMs - marginMs, expiresInMs / 2, retryMs));
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  refresh(): Promise<void> {
    return new Promise((resolve, reject) => {
      let renewed: string | undefined;
      const request = this.#requests.add({
        expects: 'done',
        repeat: false,
        timeout: timeoutMs,
        resolve: ({ expiresInMs }) => {
          // Where each request says who we are, those to come say it with this one.
          if (renewed !== undefined) this.#sender.token = renewed;
          this.#sender.renewSoon();
          this.start(expiresInMs);
          resolve();
        },
        reject,
      });
      const fail = (error: LongwaveError): void => {
        request.cancel();
        reject(error);
      };
      this.#tokens.get((token) => {
        if (token === undefined) return fail(new LongwaveError('unauthenticated', 'There is no token.'));
        renewed = token;
        request.build = (id) => ({ type: 'refresh', id, token });
        this.#requests.pump();
      }, fail);
    });
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#ports.clock.setTimer(() => this.#renew(), delayMs);
  }

  #renew(): void {
    const timer = this.#timer;
    this.refresh().catch((error: unknown) => {
      if (this.#timer !== timer) return;
      this.#ports.onDiagnostic({ kind: 'token', message: 'Not renewed.', cause: error });
      this.#schedule(retryMs);
    });
  }
}
