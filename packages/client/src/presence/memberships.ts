import { LongwaveError, type Prepared } from '@longwave/protocol';
import type { Context } from '../context.js';
import type { Timer } from '../base/ports.js';
import type { Answer } from '../connection/answers.js';

import type { EnterOptions } from '../api/state-api.js';
import { call } from '../base/safe-call.js';
import { toError } from '../connection/to-error.js';

/** Bytes that `enter` takes besides its data, at most: a channel of 200 units is 600 bytes. */
const frameBytes = 1_024;

/** For the server to answer that it has heard of a leave. */
const leaveMs = 5_000;

interface Waiter {
  readonly resolve: (key: string) => void;
  readonly reject: (error: unknown) => void;
}

interface Membership {
  readonly channel: string;
  /** Data of the member, encoded when `enter` was called. */
  readonly data: Prepared;
  readonly options: EnterOptions;
  /** Said, and heard by the server: that it is said again is no news (HTTP-5). */
  known: boolean;
  waiters: Waiter[];
  id?: number | undefined;
  timer?: Timer | undefined;
  failures: number;
}

/** The channels that this client is a member of, said on each link anew (PRES-1 to PRES-3). */
export class Memberships {
  readonly #context: Context;
  readonly #memberships = new Map<string, Membership>();
  /**
   * By channel, a function that gives up a request to leave that is not answered: it must not be sent after an `enter`.
   */
  readonly #leaving = new Map<string, () => void>();

  constructor(context: Context) {
    this.#context = context;
  }

  enter(channel: string, data: Prepared, options: EnterOptions): Promise<string> {
    // It would end each connection anew.
    const error = this.#context.sender.excess(data.payload, frameBytes);
    if (error) return Promise.reject(error);
    this.#leaving.get(channel)?.();
    const waiters = this.#memberships.get(channel)?.waiters ?? [];
    this.#stop(this.#memberships.get(channel));
    const membership: Membership = { channel, data, options, waiters, known: false, failures: 0 };
    this.#memberships.set(channel, membership);
    return new Promise((resolve, reject) => {
      waiters.push({ resolve, reject });
      this.#say(membership);
    });
  }

  /** Resolves when the server has heard of it, or at once when there is none to tell: then the grace decides. */
  leave(channel: string): Promise<void> {
    const membership = this.#memberships.get(channel);
    if (!membership) return Promise.resolve();
    this.#drop(membership, new LongwaveError('closed', 'Left.'));
    const { sender, sending } = this.#context;
    if (!sender.linked) return Promise.resolve();
    const given = new AbortController();
    const giveUp = (): void => given.abort();
    this.#leaving.set(channel, giveUp);
    const done = (): void => {
      if (this.#leaving.get(channel) === giveUp) this.#leaving.delete(channel);
      // A request that carries messages down must not say it again.
      sender.renewSoon();
    };
    return sending
      .ask({ timeout: leaveMs, signal: given.signal }, ({ requests }, limits) =>
        requests.ask('done', false, limits, (id) => ({ type: 'exit', id, channel })),
      )
      .then(done, done);
  }

  /** There is a link, or another one, or another request of it. */
  onOpen(): void {
    for (const membership of this.#memberships.values()) this.#say(membership);
  }

  onDown(): void {
    for (const giveUp of this.#leaving.values()) giveUp();
    for (const membership of this.#memberships.values()) this.#stop(membership);
  }

  /** The client is closed: others see it go at once. */
  close(): void {
    const { sender } = this.#context;
    if (!sender.open || sender.renews) return;
    for (const { channel } of this.#memberships.values()) sender.send({ type: 'exit', id: sender.nextId(), channel });
  }

  end(error: LongwaveError): void {
    for (const membership of [...this.#memberships.values()]) this.#end(membership, error);
  }

  /** By the server. A newer `enter` has its own answer, which comes later and decides. */
  onExited(channel: string, error: LongwaveError): void {
    const membership = this.#memberships.get(channel);
    if (membership && membership.id === undefined) this.#end(membership, error);
  }

  #say(membership: Membership): void {
    const { sender } = this.#context;
    this.#stop(membership);
    if (!sender.linked || sender.renewSoon()) return;
    const { channel, data, options, known } = membership;
    const id = (membership.id = sender.nextId());
    const again = known || undefined;
    sender.request(id, { type: 'enter', id, channel, data, away: options.away || undefined, again }, (answer) =>
      this.#onAnswer(membership, answer),
    );
  }

  #onAnswer(membership: Membership, answer: Answer): void {
    membership.id = undefined;
    if (answer.type === 'done') {
      membership.known = true;
      membership.failures = 0;
      const { waiters } = membership;
      membership.waiters = [];
      for (const { resolve } of waiters) resolve(answer.key ?? '');
      return;
    }
    const error = toError(answer);
    if (error.advice !== 'retry') return this.#end(membership, error);
    const { ports, backoff } = this.#context;
    const delayMs = backoff(++membership.failures, error.retryAfterMs);
    membership.timer = ports.clock.setTimer(() => this.#say(membership), delayMs);
  }

  #stop(membership: Membership | undefined): void {
    if (!membership) return;
    membership.timer?.cancel();
    if (membership.id !== undefined) this.#context.sender.answers.forget(membership.id);
    membership.id = membership.timer = undefined;
  }

  #end(membership: Membership, error: LongwaveError): void {
    const told = membership.waiters.length > 0;
    this.#drop(membership, error);
    // The promise of `enter`, if somebody waits for it, tells the error.
    if (!told) call(this.#context.ports, membership.options.onEnd, error);
  }

  #drop(membership: Membership, error: LongwaveError): void {
    this.#stop(membership);
    if (this.#memberships.get(membership.channel) === membership) this.#memberships.delete(membership.channel);
    for (const { reject } of membership.waiters) reject(error);
  }
}
