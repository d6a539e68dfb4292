import type { WebSocketPeer } from '@longwave/node';
import { type LongwaveError, codes } from '@longwave/protocol';
import { type Frame, joinSmall } from '../wire/frame.js';
import { type RateOptions, SocketRate } from './rate.js';

/** Milliseconds that a socket is held before it is closed: clients come back at once, some a hundred times in ten seconds. */
const retryHoldMs = 1000;
const refusalHoldMs = 5000;
/** Silence after which a sign of life is sent: all clients close after 30 s of it. */
const quietMs = 10_000;

export interface DialectSocketOptions {
  readonly peer: WebSocketPeer;
  readonly rate: RateOptions;
  readonly onMessage: (bytes: Uint8Array) => void;
  readonly onDrain: () => void;
  readonly onHeard: () => void;
  readonly onClose: () => void;
}

/** A WebSocket of a dialect: held to its rate, and closed in a way that no client answers with a storm. */
export class DialectSocket {
  readonly #peer: WebSocketPeer;
  readonly #rate: SocketRate;
  readonly #holds = new Set<unknown>();
  #writable = true;
  /** What goes with the next frame, or at the end of this turn of the event loop. */
  #soon: Uint8Array[] = [];
  #sentAt = performance.now();
  #closing: NodeJS.Timeout | undefined;
  #isEnding = false;

  constructor({ peer, rate, onMessage, onDrain, onHeard, onClose }: DialectSocketOptions) {
    this.#peer = peer;
    this.#rate = new SocketRate(rate, (held) => this.hold(this.#rate, held));
    peer.onMessage = (data) => {
      if (this.#isEnding) return;
      onHeard();
      // No client of these protocols sends text.
      if (typeof data === 'string') return this.endWith(4400, 'text');
      this.#rate.spend(data.length);
      onMessage(data);
    };
    peer.onPong = () => onHeard();
    peer.onDrain = () => {
      this.#writable = true;
      onDrain();
    };
    peer.onClose = () => {
      this.#isEnding = true;
      this.#soon = [];
      clearTimeout(this.#closing);
      this.#rate.end();
      onClose();
    };
  }

  /** False while the socket takes no more. */
  get writable(): boolean {
    return this.#writable && !this.#isEnding;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  send(frame: Frame): void {
    if (this.#isEnding) return;
    this.#sentAt = performance.now();
    // Nearly always the very bytes that others are sent.
    this.#writable = this.#peer.sendFrames(this.#soon.length === 0 ? frame : joinSmall(this.#takeSoon(frame)));
  }

  /** Sends it in one write with what is sent after it within this turn of the event loop: a write costs as much as all the rest. */
  sendSoon(frame: Frame): void {
    if (this.#isEnding) return;
    if (this.#soon.length === 0) setImmediate(() => this.#sendWaiting());
    this.#soon.push(...frame);
  }

  #sendWaiting(): void {
    if (this.#soon.length > 0) this.send([]);
  }

  #takeSoon(frame: Frame): Frame {
    const frames = [...this.#soon, ...frame];
    this.#soon = [];
    return frames;
  }

  /** Something should be sent. */
  get isQuiet(): boolean {
    return performance.now() - this.#sentAt >= quietMs;
  }

  ping(): void {
    this.#peer.ping();
  }

  /** Not to be read from while anybody holds it. */
  hold(holder: unknown, held: boolean): void {
    if (held) this.#holds.add(holder);
    else this.#holds.delete(holder);
    this.#peer.hold(this.#holds.size > 0);
  }

  /** Closes it, after a while. Messages that come meanwhile are dropped. */
  endWith(code: number, reason: string, afterMs = refusalHoldMs): void {
    if (this.#isEnding) return;
    this.#sendWaiting();
    this.#isEnding = true;
    this.#closing = setTimeout(() => this.#peer.close(code, reason), afterMs).unref();
  }

  /** Closes it with a code after which every client comes back, `retryCode`, or with the error's own. */
  endFor(error: Pick<LongwaveError, 'code' | 'retryAfterMs'>, retryCode: number): void {
    const { advice, close } = codes[error.code];
    if (advice !== 'retry') return this.endWith(close, error.code);
    // A node that closes waits for nobody.
    const afterMs = error.code === 'going-away' ? 0 : (error.retryAfterMs ?? retryHoldMs * (1 + Math.random()));
    this.endWith(retryCode, error.code, afterMs);
  }
}
