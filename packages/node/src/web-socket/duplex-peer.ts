import type { Duplex } from 'node:stream';
import {
  type ConnectionHandler,
  type ConnectionSettings,
  type ConnectionTransport,
  type DeflateAgreement,
  type SendOptions,
  WebSocketConnection,
} from '@longwave/websocket';
import { type HalfMessageBounds, endSoon, plug, receiveChunk } from '../http/plug.js';
import { createSharedReads } from './shared-reads.js';
import type { WebSocketPeer, WireEvent } from './web-socket-peer.js';

const readShared = createSharedReads(receiveChunk);

export interface DuplexPeerOptions {
  readonly protocol: string | undefined;
  /** Bytes waiting to be sent beyond which the connection is given up. */
  readonly maxBufferedBytes: number;
  /** Milliseconds within which a message that began must be complete. */
  readonly messageTimeoutMs: number;
  readonly halfMessages: HalfMessageBounds;
  readonly trace: ((event: WireEvent) => void) | undefined;
  /** Takes what a callback of the application throws; the connection is closed with 1011. */
  readonly failed: (error: unknown) => void;
}

/** A plain WebSocket on a socket, or on a stream of HTTP/2. */
export class DuplexPeer implements WebSocketPeer {
  onMessage: ((data: string | Uint8Array) => void) | undefined;
  onClose: ((code: number, reason: string) => void) | undefined;
  onPong: ((payload: Uint8Array) => void) | undefined;
  onDrain: (() => void) | undefined;
  readonly protocol: string | undefined;
  readonly #socket: Duplex;
  readonly #connection: WebSocketConnection;
  readonly #maxBufferedBytes: number;
  readonly #trace: DuplexPeerOptions['trace'];
  /** The peer does not read what it is sent. */
  #full = false;
  #held = false;

  constructor(
    socket: Duplex,
    settings: ConnectionSettings,
    deflate: DeflateAgreement | undefined,
    options: DuplexPeerOptions,
  ) {
    const { protocol, maxBufferedBytes, messageTimeoutMs, halfMessages, trace, failed } = options;
    this.protocol = protocol;
    this.#socket = socket;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#trace = trace;
    const transport: ConnectionTransport = { write: (bytes) => this.#write(bytes), end: () => this.#end() };
    this.#connection = new WebSocketConnection(settings, transport, this.#handler(failed), deflate);
    if (trace) socket.prependListener('data', (chunk: Uint8Array) => trace({ direction: 'in', bytes: chunk.slice() }));
    plug(socket, {
      connection: this.#connection,
      messageTimeoutMs,
      halfMessages,
      watch: undefined,
      onDrain: () => this.#drained(),
    });
    // A trace is told of chunks by the event that there would be no more.
    if (!trace) readShared(socket);
  }

  get open(): boolean {
    return this.#connection.state === 'open';
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  send(data: string | Uint8Array, options?: SendOptions): boolean {
    if (!this.open) return false;
    return typeof data === 'string'
      ? this.#connection.sendText(data, options)
      : this.#connection.sendBinary(data, options);
  }

  sendFrames(parts: readonly Uint8Array[]): boolean {
    if (!this.open) return false;
    const isSeveral = parts.length > 1;
    if (isSeveral) this.#socket.cork();
    for (const part of parts) this.#write(part);
    if (isSeveral) this.#socket.uncork();
    return !this.#full;
  }

  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    if (held) this.#socket.pause();
    else if (!this.#full) this.#socket.resume();
  }

  ping(payload?: Uint8Array): boolean {
    return this.open && this.#connection.ping(payload);
  }

  close(code?: number, reason?: string): void {
    this.#connection.close(code, reason);
    endSoon(this.#socket);
  }

  terminate(): void {
    this.#socket.destroy();
  }

  #write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    this.#trace?.({ direction: 'out', bytes: bytes.slice() });
    if (socket.write(bytes)) return true;
    if (socket.writableLength > this.#maxBufferedBytes) socket.destroy();
    else {
      this.#full = true;
      socket.pause();
    }
    return false;
  }

  #end(): void {
    this.#socket.end();
    endSoon(this.#socket);
  }

  #handler(failed: (error: unknown) => void): ConnectionHandler {
    const guard = (callback: () => void): void => {
      try {
        callback();
      } catch (error) {
        failed(error);
        if (this.open) this.#connection.fail(1011, 'internal error');
      }
    };
    return {
      onMessage: (data) => guard(() => this.onMessage?.(data)),
      onPong: (payload) => guard(() => this.onPong?.(payload)),
      onClose: (code, reason) => guard(() => this.onClose?.(code, reason)),
    };
  }

  #drained(): void {
    this.#full = false;
    if (!this.#held) this.#socket.resume();
    this.onDrain?.();
  }
}
