import type { WebSocketPeer } from '@longwave/node';
import { WebSocketError, isWireCloseCode } from '@longwave/websocket';
import type { BunSocket, SocketOwner } from '../host/bun.js';
import { messagesOf } from './messages-of.js';
import { close, send } from './send.js';

export interface BunPeerOptions {
  readonly protocol: string | undefined;
  readonly maxMessageBytes: number;
  /** Bytes waiting to be sent beyond which the connection is given up. */
  readonly maxBufferedBytes: number;
  readonly compress: boolean;
  /** The connection stands: hands it to whoever serves it. */
  readonly serve: (peer: BunPeer) => void;
  /** Takes what a callback of the application throws; the connection is closed with 1011. */
  readonly failed: (error: unknown) => void;
  readonly ended: (peer: BunPeer) => void;
}

/** A plain WebSocket of Bun. */
export class BunPeer implements WebSocketPeer, SocketOwner {
  onMessage: ((data: string | Uint8Array) => void) | undefined;
  onClose: ((code: number, reason: string) => void) | undefined;
  onPong: ((payload: Uint8Array) => void) | undefined;
  onDrain: (() => void) | undefined;
  readonly protocol: string | undefined;
  readonly #options: BunPeerOptions;
  #socket!: BunSocket;
  /** The peer does not read what it is sent. */
  #full = false;
  #held = false;

  constructor(options: BunPeerOptions) {
    this.protocol = options.protocol;
    this.#options = options;
  }

  get open(): boolean {
    return this.#socket.readyState === 1;
  }

  get bufferedBytes(): number {
    return this.#socket.getBufferedAmount();
  }

  send(data: string | Uint8Array, { compress = this.#options.compress } = {}): boolean {
    if (!this.open) return false;
    if (send(this.#socket, data, compress)) return true;
    if (this.bufferedBytes > this.#options.maxBufferedBytes) this.#socket.terminate();
    else if (!this.#full) {
      this.#full = true;
      this.#socket.pause();
    }
    return false;
  }

  sendFrames(parts: readonly Uint8Array[]): boolean {
    if (!this.open) return false;
    for (const message of messagesOf(parts)) this.send(message, { compress: false });
    return !this.#full;
  }

  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    if (held) this.#socket.pause();
    else if (!this.#full) this.#socket.resume();
  }

  ping(payload?: Uint8Array): boolean {
    return this.open && this.#socket.ping(payload) > 0;
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && !isWireCloseCode(code)) {
      throw new WebSocketError('bad-close-code', `A Close frame cannot carry the code ${code}.`);
    }
    close(this.#socket, code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  opened(socket: BunSocket): void {
    this.#socket = socket;
    this.#guard(() => this.#options.serve(this));
  }

  received(message: string | Uint8Array): void {
    const bytes = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
    if (bytes > this.#options.maxMessageBytes) return this.close(1009, 'message too big');
    this.#guard(() => this.onMessage?.(message));
  }

  drained(): void {
    this.#full = false;
    if (!this.#held) this.#socket.resume();
    this.#guard(() => this.onDrain?.());
  }

  ponged(payload: Uint8Array): void {
    this.#guard(() => this.onPong?.(payload));
  }

  closed(code: number, reason: string): void {
    this.#options.ended(this);
    this.#guard(() => this.onClose?.(code, reason));
  }

  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#options.failed(error);
      if (this.open) this.close(1011, 'internal error');
    }
  }
}
