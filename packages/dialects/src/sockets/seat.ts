import { type Engine, type ConnectionInfo, type Session, type Sink, mayDo } from '@longwave/core';
import {
  type Code,
  LongwaveError,
  type ServerFrame,
  codeMessages,
  codes,
  isCode,
  protocolVersion,
} from '@longwave/protocol';
import { silentWire } from './silent-wire.js';

export interface SeatOptions {
  readonly engine: Engine;
  readonly info: ConnectionInfo;
  /** Names the client over its publishes. Unguessable. */
  readonly client: string;
  readonly channel: string;
  readonly host: SeatHost;
}

/** The socket of a seat. */
export interface SeatHost {
  /** Not to be read from, or again. */
  hold(held: boolean): void;
  /** The engine wants a sign of life. */
  ping(): void;
  /** The engine has ended the session. */
  ended(error: LongwaveError): void;
  /** The identity lasts so many milliseconds more. */
  expiresIn(ms: number): void;
}

interface Request {
  resolve(offset: number): void;
  reject(error: LongwaveError): void;
}

/** Publishes in flight: below what a session takes. */
const window = 64;
const maxAttempts = 6;
const firstDelayMs = 50;
/** Id of the subscribe; publishes and other requests have higher ones. */
const subscribeId = 1;

/**
 * One document on one socket, as a session of the engine: so identity, rights, hooks, rates, presence and the drain of the node are
 * those of every client. Documents come by another way, and what the session is delivered is dropped.
 */
export class Seat implements Sink {
  readonly wire = silentWire;
  readonly channel: string;
  readonly #engine: Engine;
  readonly #client: string;
  readonly #host: SeatHost;
  readonly #session: Session;
  readonly #requests = new Map<number, Request>();
  readonly #waiting: (() => void)[] = [];
  /** The right to read was granted. */
  readonly #opened: Promise<void>;
  #settle: Request = { resolve: () => undefined, reject: () => undefined };
  #user: string | undefined;
  #id = subscribeId;
  #inFlight = 0;
  #entered = false;
  #reason: LongwaveError | undefined;
  #isOver = false;

  constructor({ engine, info, client, channel, host }: SeatOptions) {
    this.channel = channel;
    this.#host = host;
    this.#opened = new Promise((resolve, reject) => (this.#settle = { resolve: () => resolve(), reject }));
    // A later `open` rejects all the same.
    this.#opened.catch(() => undefined);
    this.#engine = engine;
    this.#client = client;
    this.#session = engine.accept(this, info);
  }

  get user(): string | undefined {
    return this.#user;
  }

  /** Resolves when the client may read the document. Rejects with what refuses it. */
  async open(token: string | undefined, params: Readonly<Record<string, string>> | undefined): Promise<void> {
    this.#session.take([
      { type: 'connect', version: protocolVersion, client: this.#client, token, params },
      { type: 'subscribe', id: subscribeId, channel: this.channel },
    ]);
    await this.#opened;
    if (!this.#engine.documents.has(this.channel)) throw noDocument(this.channel);
  }

  /** Rejects as the engine's `mayDo`. */
  mayWrite(): Promise<boolean> {
    return mayDo(this.#session, 'publish', this.channel);
  }

  /**
   * Resolves with the offset when the update is stored, once, however often it has to be tried. Rejects with what refuses it, and with
   * what failed to the last.
   */
  async publish(data: Uint8Array): Promise<number> {
    if (this.#inFlight >= window) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#inFlight++;
    try {
      return await this.#tryPublish(data);
    } finally {
      this.#inFlight--;
      this.#waiting.shift()?.();
    }
  }

  /** Gives a new token. Resolves when it holds. */
  async refresh(token: string): Promise<void> {
    await this.#ask((id) => this.#session.take([{ type: 'refresh', id, token }]));
  }

  /** Is a member that says this of itself. */
  async enter(data: unknown): Promise<void> {
    this.#entered = true;
    await this.#ask((id) => this.#session.take([{ type: 'enter', id, channel: this.channel, data }]));
  }

  exit(): void {
    if (!this.#entered || this.#isOver) return;
    this.#entered = false;
    this.#session.take([{ type: 'exit', id: ++this.#id, channel: this.channel }]);
  }

  /** The peer gave a sign of life. */
  heard(): void {
    this.#session.heard();
  }

  /** The socket is gone, or the document was closed. */
  leave(): void {
    this.exit();
    this.#end(new LongwaveError('closed', codeMessages.closed));
    this.#session.closed();
  }

  // The session's side

  tell(frame: ServerFrame): void {
    switch (frame.type) {
      case 'connected':
        this.#user = frame.user;
        return this.#tellExpiry(frame.expiresInMs);
      case 'subscribed':
        return this.#settle.resolve(0);
      case 'ack':
        return this.#take(frame.id)?.resolve(frame.offset);
      case 'done':
        this.#tellExpiry(frame.expiresInMs);
        return this.#take(frame.id)?.resolve(0);
      case 'error':
        return this.#fail(frame.id, new LongwaveError(frame.code, frame.message, { retryAfterMs: frame.retryAfterMs }));
      case 'reset':
        if (frame.reason === 'revoked') this.#revoked();
        return;
      case 'ping':
        return this.#host.ping();
      case 'ask':
        return this.#refuse(frame.id);
      case 'goaway':
      case 'message':
      case 'changes':
      case 'top':
      case 'reply':
      case 'page':
      case 'exited':
      case 'pong':
      case 'snapshot':
        return;
    }
  }

  write(): boolean {
    return true;
  }

  close(_code: number, reason: string): void {
    const code: Code = isCode(reason) ? reason : 'closed';
    this.#end(this.#reason ?? new LongwaveError(code, codeMessages[code]));
  }

  pause(): void {
    this.#host.hold(true);
  }

  resume(): void {
    this.#host.hold(false);
  }

  cork(): void {}
  uncork(): void {}

  #tellExpiry(ms: number | undefined): void {
    if (ms !== undefined) this.#host.expiresIn(ms);
  }

  /** The server calls a client that knows no calls. */
  #refuse(id: number): void {
    const code = 'unknown-method';
    queueMicrotask(() => this.#session.take([{ type: 'refuse', id, code, message: codeMessages[code] }]));
  }

  /** SUB-6: the right to read was withdrawn. A session must not be called from within its sink. */
  #revoked(): void {
    const error = new LongwaveError('forbidden', codeMessages.forbidden);
    this.#end(error);
    queueMicrotask(() => this.#session.closed('forbidden'));
  }

  async #tryPublish(data: Uint8Array): Promise<number> {
    const { channel } = this;
    const seq = ++this.#id;
    for (let attempt = 1; ; attempt++) {
      try {
        const retry = attempt > 1 ? true : undefined;
        return await this.#ask((id) => this.#session.take([{ type: 'publish', id, channel, seq, retry, data }]));
      } catch (error) {
        if (this.#isOver || attempt === maxAttempts || !mayPass(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, firstDelayMs * 2 ** attempt * (0.5 + Math.random())));
      }
    }
  }

  #ask(send: (id: number) => void): Promise<number> {
    if (this.#isOver) return Promise.reject(this.#reason ?? new LongwaveError('closed', codeMessages.closed));
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#requests.set(id, { resolve, reject });
      send(id);
    });
  }

  #take(id: number): Request | undefined {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    return request;
  }

  #fail(id: number | undefined, error: LongwaveError): void {
    if (id === undefined) this.#reason = error;
    else if (id === subscribeId) this.#settle.reject(error);
    else this.#take(id)?.reject(error);
  }

  #end(error: LongwaveError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reason ??= error;
    this.#settle.reject(this.#reason);
    for (const { reject } of this.#requests.values()) reject(this.#reason);
    this.#requests.clear();
    for (const next of this.#waiting.splice(0)) next();
    if (error.code !== 'closed') this.#host.ended(this.#reason);
  }
}

function noDocument(channel: string): LongwaveError {
  return new LongwaveError('wrong-mode', `'${channel}' is no document.`);
}

function mayPass(error: unknown): boolean {
  return error instanceof LongwaveError && codes[error.code].advice === 'retry';
}
