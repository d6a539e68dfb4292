import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '@longwave/core';
import { type RequestHead, parseRequestHead } from '@longwave/websocket';
import { type FirstOwner, plugFirst, unplug } from './plug.js';

/** More is no simple head. */
const mostHeadBytes = 8192 + 4;
const nothing = new Uint8Array();

/** The head of a request, and the bytes that it takes with its end. */
export interface ReadHead {
  readonly head: RequestHead;
  readonly bytes: number;
}

/** Reads the head at the beginning of a chunk. Undefined: it is not whole and simple. */
export function readHead(chunk: Buffer): ReadHead | undefined {
  const text = chunk.toString('latin1', 0, Math.min(chunk.length, mostHeadBytes));
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? undefined : parseRequestHead(text.slice(0, end));
  return head && { head, bytes: end + 4 };
}

/** Takes the socket over by `plug`, with what followed the head. False: nothing was done. */
export type AcceptUpgrade = (head: RequestHead, socket: Socket, rest: Uint8Array) => boolean;

export interface FirstChunksOptions {
  readonly server: HttpServer;
  /** How the server learns of a connection: `secureConnection` over TLS. */
  readonly event: 'connection' | 'secureConnection';
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly accept: AcceptUpgrade;
  /** Takes a socket whose first request may be one of ours, with all that it sent. Undefined: nobody does. */
  readonly serve?: ((socket: Socket, chunk: Buffer) => void) | undefined;
  /**
   * A socket that sent nothing for this long, or at most twice as long, is left to the HTTP server, which has time
   * limits.
   */
  readonly patienceMs: number;
}

/**
 * First chunks that are looked at in a row: each costs about a quarter of a millisecond, and a hundred may have come together. Then
 * others have their turn, and twice as many are handled in a whole turn of the event loop.
 */
const chunksInARow = 8;

/**
 * Stands before an HTTP server and looks at the first chunk of each connection. A whole and simple WebSocket upgrade is
 * offered to `accept`, a simple POST to `serve`. Everything else goes on to the HTTP server with that chunk put back, as if it had not
 * been looked at: other requests, parts of a head, what `accept` does not want, and those who are silent.
 */
export class FirstChunks implements FirstOwner {
  readonly connection = undefined;
  readonly #server: HttpServer;
  /** The server's own listeners for a connection. */
  readonly #next: readonly ((socket: Socket) => void)[];
  readonly #clock: Pick<Clock, 'setTimer'>;
  /** Sockets that have said nothing, by whether they came before the timer was set or after. */
  #older = new Set<Socket>();
  #newer = new Set<Socket>();
  /** Sockets that have said something, and wait for their turn. */
  readonly #waiting = new Map<Socket, Buffer>();
  #looked = 0;
  #cancelTimer: CancelTimer | undefined;
  #closed = false;
  readonly #patienceMs: number;
  readonly #accept: AcceptUpgrade;
  readonly #serve: FirstChunksOptions['serve'];

  constructor({ server, event, clock, accept, serve, patienceMs }: FirstChunksOptions) {
    this.#patienceMs = patienceMs;
    this.#server = server;
    this.#clock = clock;
    this.#next = server.listeners(event) as ((socket: Socket) => void)[];
    server.removeAllListeners(event);
    server.on(event, (socket: Socket) => this.#wait(socket));
    this.#accept = accept;
    this.#serve = serve;
  }

  /** Ends those that have said nothing, and those that still come from a TLS handshake. */
  close(): void {
    this.#closed = true;
    for (const socket of [...this.#older, ...this.#newer, ...this.#waiting.keys()]) socket.destroy();
    this.#older.clear();
    this.#newer.clear();
    this.#waiting.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #wait(socket: Socket): void {
    if (this.#closed) return void socket.destroy();
    // Another protocol was agreed on in the TLS handshake (ALPN): its bytes are not for us to look at.
    const { alpnProtocol } = socket as { alpnProtocol?: string | false | null };
    if (alpnProtocol && alpnProtocol !== 'http/1.1') return this.pass(socket);
    this.#newer.add(socket);
    this.#cancelTimer ??= this.#clock.setTimer(() => this.#losePatience(), this.#patienceMs);
    plugFirst(socket, this);
  }

  onFirst(socket: Socket, chunk: Buffer): void {
    if (this.#looked < chunksInARow && this.#waiting.size === 0) return this.#look(socket, chunk);
    socket.pause();
    this.onGone(socket);
    this.#waiting.set(socket, chunk);
  }

  /** Another turn: those that wait go on, in their order. */
  readonly #goOn = (): void => {
    this.#looked = 0;
    for (const [socket, chunk] of this.#waiting) {
      if (this.#looked === chunksInARow) return;
      // First, for whoever takes it over expects it to flow.
      socket.resume();
      this.#look(socket, chunk);
    }
  };

  #look(socket: Socket, chunk: Buffer): void {
    if (this.#looked++ === 0) setImmediate(this.#goOn);
    this.onGone(socket);
    const read = readHead(chunk);
    if (read?.head.method === 'GET') {
      const rest = read.bytes === chunk.length ? nothing : chunk.subarray(read.bytes);
      if (this.#accept(read.head, socket, rest)) return;
    }
    unplug(socket);
    if (read?.head.method === 'POST' && this.#serve) this.#serve(socket, chunk);
    else this.pass(socket, chunk);
  }

  onGone(socket: Socket): void {
    this.#waiting.delete(socket);
    if (!this.#newer.delete(socket)) this.#older.delete(socket);
  }

  /** Hands a socket to the HTTP server, with what it sent. It has no listeners of ours any more. */
  pass(socket: Socket, chunk?: Buffer): void {
    for (const listener of this.#next) listener.call(this.#server, socket);
    // A flowing socket hands over at once what is put back.
    if (chunk) socket.unshift(chunk);
  }

  /** One timer for all. */
  #losePatience(): void {
    for (const socket of this.#older) {
      unplug(socket);
      this.pass(socket);
    }
    this.#older = this.#newer;
    this.#newer = new Set();
    this.#cancelTimer = undefined;
    if (this.#older.size > 0) this.#cancelTimer = this.#clock.setTimer(() => this.#losePatience(), this.#patienceMs);
  }
}
