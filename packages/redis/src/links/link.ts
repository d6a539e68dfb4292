import type { Redis } from 'ioredis';
import { originOf, reasonOf } from '../options.js';
import { type Answer, type Argument, type Request, UnavailableError } from './request.js';

export interface LinkOptions {
  /** For messages: which server, and what for. */
  readonly name: string;
  /** Makes the client of one connection: it neither queues nor reconnects. */
  open(): Redis;
  /** Makes a connection ready for requests. Rejects when it is none to be used. */
  prepare(redis: Redis): Promise<void>;
  /** Requests that may be under way at once. */
  readonly maxInFlight: number;
  /** How long a request may be under way, and how long it may wait for a connection. */
  readonly timeoutMs: number;
  /** How long a request may wait for those before it. */
  readonly maxWaitMs: number;
  /** Requests that may wait; one more is rejected at once. */
  readonly maxWaiting: number;
  /** Most bytes that may wait and be under way together. */
  readonly maxBytes: number;
  onUp(): void;
  onDown(error: Error): void;
}

type State =
  | { readonly is: 'connecting'; readonly redis: Redis }
  | { readonly is: 'up'; readonly redis: Redis }
  | { readonly is: 'waiting'; readonly error: Error }
  | { readonly is: 'closed' };

/**
 * Requests to one server, in the order of the calls. A connection that breaks, or on which nothing comes back in time,
 * is left for good: what it carried is rejected, since nobody can tell whether it was done, and never sent again. The
 * next connection carries only what was not sent yet.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #inFlight = new Set<Request>();
  readonly #waiting = new Set<Request>();
  #state: State = { is: 'waiting', error: new Error('not yet connected') };
  #bytes = 0;
  #connection = 0;
  #failures = 0;
  #reconnect: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#connect();
  }

  get isUp(): boolean {
    return this.#state.is === 'up';
  }

  /** Number of the present connection. */
  get connection(): number {
    return this.#connection;
  }

  /** Rejects with an `UnavailableError`, or with what Redis answered. */
  request(command: string, args: () => readonly Argument[], bytes = 0): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal();
      if (refusal) return reject(refusal);
      this.#bytes += bytes;
      this.#waiting.add({ command, args, bytes, since: performance.now(), resolve, reject });
      this.#pump();
      this.#watch();
    });
  }

  /** Leaves the connection for another. */
  restart(cause: Error): void {
    if (this.#state.is === 'up' || this.#state.is === 'connecting') this.#fail(cause);
  }

  close(): void {
    if (this.#state.is === 'closed') return;
    this.#drop(new UnavailableError(`${this.#options.name} was closed.`));
    this.#state = { is: 'closed' };
    clearTimeout(this.#reconnect);
    clearTimeout(this.#watchdog);
    this.#rejectAll(this.#waiting, new UnavailableError(`${this.#options.name} was closed.`));
  }

  #refusal(): UnavailableError | undefined {
    const { name, maxWaiting, maxBytes } = this.#options;
    const state = this.#state;
    if (state.is === 'closed') return new UnavailableError(`${name} was closed.`);
    if (state.is === 'waiting' && state.error instanceof UnavailableError && state.error.misconfigured)
      return state.error;
    if (this.#waiting.size < maxWaiting && this.#bytes < maxBytes) return undefined;
    return new UnavailableError(
      `${name}: ${this.#waiting.size} requests wait and ${this.#bytes} bytes are under way. Send less at once, and try again later.`,
    );
  }

  #connect(): void {
    const redis = this.#options.open();
    const connection = ++this.#connection;
    this.#state = { is: 'connecting', redis };
    let reason: Error | undefined;
    const isCurrent = (): boolean => connection === this.#connection && this.#state.is !== 'closed';
    const tooLong = setTimeout(
      () => isCurrent() && this.#fail(new Error('it takes too long to connect')),
      this.#options.timeoutMs,
    );
    redis.on('error', (error: Error) => (reason = error));
    redis.once('end', () => {
      clearTimeout(tooLong);
      if (isCurrent()) this.#fail(reason ?? new Error('the connection was closed'));
    });
    redis.once('ready', () => {
      void this.#options.prepare(redis).then(
        () => {
          clearTimeout(tooLong);
          if (!isCurrent() || this.#state.is !== 'connecting') return;
          this.#state = { is: 'up', redis };
          this.#failures = 0;
          this.#options.onUp();
          this.#pump();
        },
        (error: unknown) => isCurrent() && this.#fail(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }

  #fail(cause: Error): void {
    if (this.#state.is !== 'up' && this.#state.is !== 'connecting') return;
    const { name } = this.#options;
    const misconfigured = cause instanceof UnavailableError && cause.misconfigured;
    this.#drop(
      new UnavailableError(
        `${name} failed (${reasonOf(cause)}): what was under way may have been done or not. Try again, as a retry.`,
        { cause },
      ),
    );
    const error = misconfigured
      ? cause
      : new UnavailableError(`${name} cannot be reached: ${reasonOf(cause)}`, { cause });
    this.#state = { is: 'waiting', error };
    if (misconfigured) this.#rejectAll(this.#waiting, error);
    // With jitter: many nodes lose a server at once.
    const delay = Math.min(1000, 25 * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#reconnect = setTimeout(() => this.#connect(), delay);
    // Commands that wait now have a shorter time.
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    this.#watch();
    this.#options.onDown(error);
  }

  /** Ends the connection, if there is one. */
  #drop(error: Error): void {
    const state = this.#state;
    // Anything more that the old connection says is ignored.
    this.#connection++;
    if (state.is === 'up' || state.is === 'connecting') state.redis.disconnect();
    this.#rejectAll(this.#inFlight, error);
  }

  #rejectAll(requests: Set<Request>, error: Error): void {
    const rejected = [...requests];
    requests.clear();
    for (const request of rejected) {
      this.#bytes -= request.bytes;
      request.reject(error);
    }
  }

  #pump(): void {
    const state = this.#state;
    if (state.is !== 'up') return;
    for (const request of this.#waiting) {
      if (this.#inFlight.size >= this.#options.maxInFlight) return;
      this.#waiting.delete(request);
      this.#send(state.redis, request);
    }
  }

  #send(redis: Redis, request: Request): void {
    const connection = this.#connection;
    request.since = performance.now();
    this.#inFlight.add(request);
    // Not when the connection was left meanwhile: it was rejected then.
    const isOpen = (): boolean => {
      const open = this.#inFlight.delete(request);
      if (open) this.#bytes -= request.bytes;
      return open;
    };
    redis.callBuffer(request.command, ...request.args()).then(
      (reply: unknown) => {
        if (!isOpen()) return;
        request.resolve({ reply, connection });
        this.#pump();
      },
      (error: unknown) => {
        if (!isOpen()) return;
        const reason = reasonOf(error);
        request.reject(error instanceof Error ? error : new Error(reason));
        // It has forgotten the scripts, or is no master any more: a new connection finds out.
        if (/^(?:NOSCRIPT|READONLY)/.test(reason)) this.restart(new Error(reason));
        else this.#pump();
      },
    );
  }

  /** One timer for all: requests are under way, and wait, in the order they came. */
  #watch(): void {
    if (this.#watchdog) return;
    const { timeoutMs, maxWaitMs } = this.#options;
    const allowed = this.isUp ? maxWaitMs : timeoutMs;
    const [sent] = this.#inFlight;
    const [waiting] = this.#waiting;
    const due = Math.min((sent?.since ?? Infinity) + timeoutMs, (waiting?.since ?? Infinity) + allowed);
    if (due === Infinity) return;
    const look = (): void => {
      this.#watchdog = undefined;
      if (this.#state.is === 'closed') return;
      this.#check();
      this.#watch();
    };
    // Where this process itself stood still the answers are there, and are read before this judges.
    this.#watchdog = setTimeout(() => setImmediate(look), Math.max(1, due - performance.now() + 1));
  }

  #check(): void {
    const { name, timeoutMs, maxWaitMs } = this.#options;
    const now = performance.now();
    const [sent] = this.#inFlight;
    if (sent && now >= sent.since + timeoutMs) this.#fail(new Error(`no answer within ${timeoutMs} ms`));
    const state = this.#state;
    const allowed = state.is === 'up' ? maxWaitMs : timeoutMs;
    const cause = state.is === 'waiting' ? state.error : undefined;
    for (const request of this.#waiting) {
      if (now < request.since + allowed) return;
      this.#waiting.delete(request);
      this.#bytes -= request.bytes;
      // The reason once, and without the causes of causes: a log shows all of an error.
      const why = cause ? originOf(cause) : 'it was not answered in time';
      request.reject(
        new UnavailableError(`${name.replace(/,$/, '')}: not sent within ${allowed} ms, ${why}. Try again.`),
      );
    }
  }
}
