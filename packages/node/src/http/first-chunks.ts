import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '@longwave/core';
import { type RequestHead, parseRequestHead } from '@longwave/websocket';

/** Takes the socket over, with what followed the head. False: nothing was done. */
export type AcceptUpgrade = (head: RequestHead, socket: Socket, rest: Uint8Array) => boolean;

export interface FirstChunksOptions {
  readonly server: HttpServer;
  /** How the server learns of a connection: `secureConnection` over TLS. */
  readonly event: 'connection' | 'secureConnection';
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly accept: AcceptUpgrade;
  /**
   * A socket that sent nothing for this long, or at most twice as long, is left to the HTTP server, which has time
   * limits.
   */
  readonly patienceMs: number;
}

/**
 * Stands before an HTTP server and looks at the first chunk of each connection. A whole and simple WebSocket upgrade is
 * offered to `accept`. Everything else goes on to the HTTP server with that chunk put back, as if it had not been
 * looked at: other requests, parts of a head, what `accept` does not want, and those who are silent.
 */
export class FirstChunks {
  readonly #server: HttpServer;
  /** The server's own listeners for a connection. */
  readonly #next: readonly ((socket: Socket) => void)[];
  readonly #clock: Pick<Clock, 'setTimer'>;
  /** Sockets that have said nothing, by whether they came before the timer was set or after. */
  #older = new Set<Socket>();
  #newer = new Set<Socket>();
  #cancelTimer: CancelTimer | undefined;
  #closed = false;
  readonly #patienceMs: number;
  // Shared by all sockets: a connection costs no closures.
  readonly #onData: (this: Socket, chunk: Buffer) => void;
  readonly #onEnd: (this: Socket) => void;
  readonly #onError: (this: Socket) => void;

  constructor({ server, event, clock, accept, patienceMs }: FirstChunksOptions) {
    this.#patienceMs = patienceMs;
    this.#server = server;
    this.#clock = clock;
    this.#next = server.listeners(event) as ((socket: Socket) => void)[];
    server.removeAllListeners(event);
    server.on(event, (socket: Socket) => this.#wait(socket));
    const release = (socket: Socket): void => this.#release(socket);
    const pass = (socket: Socket, chunk: Buffer): void => this.#pass(socket, chunk);
    this.#onData = function onData(chunk) {
      release(this);
      const end = chunk.indexOf('\r\n\r\n');
      const head = end < 0 ? undefined : parseRequestHead(chunk.toString('latin1', 0, end));
      if (!head || !accept(head, this, chunk.subarray(end + 4))) pass(this, chunk);
    };
    this.#onEnd = function onEnd() {
      release(this);
      this.destroy();
    };
    // A socket has one error, and 'close' follows it.
    this.#onError = function onError() {
      release(this);
    };
  }

  /** Ends those that have said nothing, and those that still come from a TLS handshake. */
  close(): void {
    this.#closed = true;
    for (const socket of [...this.#older, ...this.#newer]) socket.destroy();
    this.#older.clear();
    this.#newer.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #wait(socket: Socket): void {
    if (this.#closed) return void socket.destroy();
    // Another protocol was agreed on in the TLS handshake (ALPN): its bytes are not for us to look at.
    const { alpnProtocol } = socket as { alpnProtocol?: string | false | null };
    if (alpnProtocol && alpnProtocol !== 'http/1.1') return this.#pass(socket);
    this.#newer.add(socket);
    this.#cancelTimer ??= this.#clock.setTimer(() => this.#losePatience(), this.#patienceMs);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
  }

  #release(socket: Socket): void {
    if (!this.#newer.delete(socket)) this.#older.delete(socket);
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
  }

  #pass(socket: Socket, chunk?: Buffer): void {
    for (const listener of this.#next) listener.call(this.#server, socket);
    // A flowing socket hands over at once what is put back.
    if (chunk) socket.unshift(chunk);
  }

  /** One timer for all. */
  #losePatience(): void {
    for (const socket of this.#older) {
      this.#release(socket);
      this.#pass(socket);
    }
    this.#older = this.#newer;
    this.#newer = new Set();
    this.#cancelTimer = undefined;
    if (this.#older.size > 0) this.#cancelTimer = this.#clock.setTimer(() => this.#losePatience(), this.#patienceMs);
  }
}
