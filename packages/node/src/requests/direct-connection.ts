import type { Socket } from 'node:net';
import type { Chunk, Session } from '@longwave/core';
import type { Encoded } from '@longwave/protocol';
import type { RequestHead } from '@longwave/websocket';
import { readHead } from '../http/first-chunks.js';
import { endSoon, limitBacklog, responseTimeoutMs } from '../http/plug.js';
import { HttpProblem } from '../http/problem.js';
import { type AnswerCarrier, DirectAnswer } from './direct-answer.js';
import { type PlainRequest, refusalOf } from './plain-request.js';
import { toMessage, upstreamMs } from './request-options.js';

/** Bytes of further requests that are read while one is at work (HTTP-14). */
const mostUnread = 16 * 1024;

/** The part of the host that its connections use. */
export interface DirectHost {
  /** Milliseconds that a body may take. */
  readonly bodyMs: number;
  /** Milliseconds that a connection may be idle. */
  readonly idleMs: number;
  /** Milliseconds of the host's own count. */
  readonly ranMs: number;
  /** No request is let in at present. */
  readonly isFull: boolean;
  date(): string;
  /** Undefined: the request is not of the plain form, or is refused. */
  read(head: RequestHead, socket: Socket): PlainRequest | undefined;
  /** A body is on its way, or no longer. */
  countBody(change: 1 | -1): void;
  accept(request: PlainRequest, answer: DirectAnswer): Session;
  /** The connection is served no more. */
  forget(connection: DirectConnection): void;
  /** Hands the socket to the HTTP server, with bytes that nobody answered. */
  passOn(socket: Socket, unread: Buffer): void;
}

const served = Symbol('served');

/** The listeners are shared by all sockets, and find the connection on the socket: it costs no closures. */
interface Served extends Socket {
  [served]: DirectConnection;
}

/**
 * A connection whose requests are served one after the other, without `node:http`. A head that repeats the one before it, byte by
 * byte, is not read again. The first request that is not of the plain form goes to the HTTP server, and so do all after it.
 */
export class DirectConnection implements AnswerCarrier {
  readonly #host: DirectHost;
  readonly #socket: Socket;
  #state: 'idle' | 'body' | 'working' | 'over' = 'idle';
  /** The last head, as it came and as it was judged. */
  #head: Buffer | undefined;
  #request: PlainRequest | undefined;
  /** Bytes that came and were not used yet. */
  #unread: Buffer | undefined;
  #session: Session | undefined;
  /** Limits the time of a body, or of an upstream request. */
  #timer: NodeJS.Timeout | undefined;
  /** When it was last served, by the host's count. */
  #since: number;

  constructor(host: DirectHost, socket: Socket) {
    this.#host = host;
    this.#socket = socket;
    this.#since = host.ranMs;
    (socket as Served)[served] = this;
    limitBacklog(socket as Parameters<typeof limitBacklog>[0]);
    for (const [event, listener] of listeners) socket.on(event, listener);
  }

  receive(chunk: Buffer): void {
    if (this.#state === 'over') return;
    // A peer that does not read its answers is given no more of them.
    if (this.#state === 'idle' && !this.#unread && !this.#socket.writableNeedDrain) return this.#take(chunk);
    this.#unread = this.#unread ? Buffer.concat([this.#unread, chunk]) : chunk;
    if (this.#state === 'body') this.#takeBody(this.#unread);
    else if (this.#unread.length >= mostUnread) this.#socket.pause();
  }

  /** Called every few seconds: ends what has been idle for long, and a peer that does not read its answer. */
  look(): void {
    if (this.#state !== 'idle') return;
    const idleMs = this.#host.ranMs - this.#since;
    const isRead = this.#socket.writableLength === 0;
    if (idleMs >= (isRead ? this.#host.idleMs : responseTimeoutMs)) this.#socket.destroy();
  }

  /** Ends it once what was written is sent. */
  close(): void {
    this.#socket.destroySoon();
  }

  date(): string {
    return this.#host.date();
  }

  send(bytes: Uint8Array): boolean {
    return this.#socket.write(bytes);
  }

  finish(last: Chunk): void {
    if (this.#state !== 'working') return;
    this.#endWork();
    if (this.#socket.write(last) && this.#unread) setImmediate(goOn, this);
  }

  /** Takes the next request, which came before the last one was answered. */
  goOn(): void {
    const unread = this.#unread;
    if (this.#state !== 'idle' || !unread) return;
    this.#unread = undefined;
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#take(unread);
  }

  drained(): void {
    if (this.#session) this.#session.drained();
    else this.goOn();
  }

  /** The peer sends no more. It gets what was written of an answer. */
  halfClosed(): void {
    const socket = this.#socket;
    this.over();
    socket.destroySoon();
    if (socket.writableLength > 0) endSoon(socket, responseTimeoutMs);
  }

  /** No request is served any more, and the one at work has lost its link. */
  over(): void {
    if (this.#state === 'over') return;
    const session = this.#session;
    if (this.#state === 'body') this.#host.countBody(-1);
    this.#endWork();
    this.#state = 'over';
    this.#unread = undefined;
    this.#host.forget(this);
    session?.closed();
  }

  /** An upstream request that takes longer than a turn: its answer begins, and its time is limited (HTTP-18). */
  wait(answer: DirectAnswer): void {
    const session = this.#session;
    if (answer.ended || !session) return;
    answer.begin();
    this.#timer = setTimeout(() => session.end('timeout'), upstreamMs).unref();
  }

  #endWork(): void {
    this.#state = 'idle';
    this.#session = undefined;
    this.#since = this.#host.ranMs;
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #take(chunk: Buffer): void {
    const request = this.#readHead(chunk);
    if (!request || this.#host.isFull) return this.#pass(chunk);
    const start = this.#head!.length;
    const end = start + request.bodyBytes;
    if (chunk.length < end) return this.#waitForBody(chunk);
    const message = toMessage(chunk.subarray(start, end), request.codec);
    if (message === undefined) return this.#pass(chunk);
    if (chunk.length > end) this.#unread = chunk.subarray(end);
    this.#serve(request, message);
  }

  #readHead(chunk: Buffer): PlainRequest | undefined {
    const known = this.#head;
    if (known && chunk.length >= known.length && known.compare(chunk, 0, known.length) === 0) return this.#request;
    const read = readHead(chunk);
    this.#request = read && this.#host.read(read.head, this.#socket);
    // A copy, for the chunk is larger.
    this.#head = read && Buffer.from(chunk.subarray(0, read.bytes));
    return this.#request;
  }

  #serve(request: PlainRequest, message: Encoded): void {
    this.#state = 'working';
    const answer = new DirectAnswer(this, request);
    const session = (this.#session = this.#host.accept(request, answer));
    session.receive(message);
    // After the flush of this turn.
    if (request.route === 'send' && !answer.ended) setImmediate(wait, this, answer);
  }

  #waitForBody(chunk: Buffer): void {
    this.#state = 'body';
    this.#unread = chunk;
    this.#host.countBody(1);
    this.#timer = setTimeout(() => this.#refuseLate(), this.#host.bodyMs);
  }

  #takeBody(unread: Buffer): void {
    if (unread.length < this.#head!.length + this.#request!.bodyBytes) return;
    this.#host.countBody(-1);
    this.#endWork();
    this.goOn();
  }

  #refuseLate(): void {
    const late = new HttpProblem('timeout', `The body did not come within ${this.#host.bodyMs} ms.`);
    const refusal = refusalOf(this.#request!, late);
    this.over();
    this.#socket.end(refusal, 'latin1');
    endSoon(this.#socket);
  }

  #pass(unread: Buffer): void {
    this.over();
    const socket = this.#socket;
    for (const [event, listener] of listeners) socket.off(event, listener);
    this.#host.passOn(socket, unread);
  }
}

function onData(this: Served, chunk: Buffer): void {
  this[served].receive(chunk);
}

function onEnd(this: Served): void {
  this[served].halfClosed();
}

function onDrain(this: Served): void {
  this[served].drained();
}

function onClose(this: Served): void {
  this[served].over();
}

/** 'close' follows. */
function onError(): void {}

const listeners = [
  ['data', onData],
  ['end', onEnd],
  ['drain', onDrain],
  ['error', onError],
  ['close', onClose],
] as unknown as readonly (readonly [string, (...args: unknown[]) => void])[];

const goOn = (connection: DirectConnection): void => connection.goOn();
const wait = (connection: DirectConnection, answer: DirectAnswer): void => connection.wait(answer);
