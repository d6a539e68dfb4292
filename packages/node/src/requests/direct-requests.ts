import type { Socket } from 'node:net';
import type { CancelTimer, Clock, Engine, Session } from '@longwave/core';
import type { RequestHead } from '@longwave/websocket';
import type { Capacity } from '../http/capacity.js';
import { keepAliveMs } from '../http/listener.js';
import type { DirectAnswer } from './direct-answer.js';
import { DirectConnection, type DirectHost } from './direct-connection.js';
import type { PlainRequest } from './plain-request.js';

/** Milliseconds between two looks for connections that are idle. */
const sweepMs = 5000;

export interface DirectRequestsOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly capacity: Capacity;
  /** Undefined: the request is not of the plain form, or is refused. */
  readonly read: (head: RequestHead, socket: Socket) => PlainRequest | undefined;
  readonly accept: (request: PlainRequest, answer: DirectAnswer) => Session;
  /** Hands a socket to the HTTP server, with bytes that nobody answered. */
  readonly passOn: (socket: Socket, unread: Buffer) => void;
}

/**
 * Serves polls and sends of the plain form from their sockets: a third of a poll's cost was `node:http`. Whatever is of another form, or
 * is to be refused, goes to the HTTP server, and its connection with it.
 */
export class DirectRequests implements DirectHost {
  readonly idleMs = keepAliveMs;
  ranMs = 0;
  readonly #options: DirectRequestsOptions;
  readonly #connections = new Set<DirectConnection>();
  #cancelSweep: CancelTimer | undefined;
  #date = '';
  #dateSecond = Number.NaN;

  constructor(options: DirectRequestsOptions) {
    this.#options = options;
  }

  /** Takes a socket with the first bytes that it sent. */
  serve(socket: Socket, chunk: Buffer): void {
    const connection = new DirectConnection(this, socket);
    this.#connections.add(connection);
    this.#cancelSweep ??= this.#options.clock.setTimer(() => this.#sweep(), sweepMs);
    connection.receive(chunk);
  }

  /** Ends all connections, once what was written is sent. */
  close(): void {
    for (const connection of this.#connections) connection.close();
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  get bodyMs(): number {
    return this.#options.engine.limits.connectTimeoutMs;
  }

  get isFull(): boolean {
    const { engine, capacity } = this.#options;
    return !engine.accepting || capacity.isFull;
  }

  date(): string {
    const now = this.#options.clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = new Date(now).toUTCString();
    }
    return this.#date;
  }

  read(head: RequestHead, socket: Socket): PlainRequest | undefined {
    return this.#options.read(head, socket);
  }

  countBody(change: 1 | -1): void {
    this.#options.capacity.others += change;
  }

  accept(request: PlainRequest, answer: DirectAnswer): Session {
    return this.#options.accept(request, answer);
  }

  forget(connection: DirectConnection): void {
    this.#connections.delete(connection);
  }

  passOn(socket: Socket, unread: Buffer): void {
    this.#options.passOn(socket, unread);
  }

  #sweep(): void {
    this.ranMs += sweepMs;
    for (const connection of this.#connections) connection.look();
    this.#cancelSweep = undefined;
    if (this.#connections.size > 0) this.#cancelSweep = this.#options.clock.setTimer(() => this.#sweep(), sweepMs);
  }
}
