import { LongwaveError, type ResolvedRetention } from '@longwave/protocol';
import type { Logger, MakeId, Store } from '../base/ports.js';
import type { Hub } from '../delivery/hub.js';
import type { Timers } from '../base/timers.js';
import type { LogFeed } from '../delivery/log-feed.js';
import { Subscription } from '../delivery/subscription.js';
import { type MaybePromise, chain, guard } from '../base/maybe-promise.js';
import { Listener } from '../listening/listener.js';
import { isToldOf } from '../guards/fenced-store.js';

/** A log that nodes talk by. */
export interface BusLog {
  /** No client, back end or inbox can name it where it begins with `$`, which is in no channel name (CH-1). */
  readonly key: string;
  readonly retain: ResolvedRetention;
}

/** Orders. A node that was cut off for less goes on where it stood. */
export const orders: BusLog = { key: '$bus', retain: { count: 10_000, bytes: 4 * 1024 * 1024, ageMs: 600_000 } };
/** Calls to clients: their data are large, and old ones are of no use. Apart, so that they trim no order. */
export const calls: BusLog = { key: '$calls', retain: { count: 10_000, bytes: 16 * 1024 * 1024, ageMs: 60_000 } };

/** For every node to act and to say so. */
const answerMs = 2000;
const beginAgainMs = 1000;

/** A message on the bus: a request of one node to all, or an answer. */
type Said =
  | { readonly from: string; readonly ask: string; readonly of: string; readonly data: unknown }
  | { readonly from: string; readonly answer: string; readonly data: unknown };

export interface BusOptions {
  readonly log: BusLog;
  readonly node: string;
  readonly store: Store;
  readonly hub: Hub;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly makeId: MakeId;
  /** Does what is asked of this node, under a name. Its result is the answer; undefined: none is given. */
  readonly handlers: Readonly<Record<string, (data: unknown) => MaybePromise<unknown>>>;
  /** Something that was asked may have been missed: this node was cut off for too long, or the store lost it. */
  readonly onMissed: () => void;
}

/** Answers to a request. */
export interface Answers {
  readonly byNode: ReadonlyMap<string, unknown>;
  /** Nodes that are known to be there and did not answer in time. */
  readonly missing: readonly string[];
}

/**
 * Lets nodes ask each other: a log in the store that all of them follow, like any other. So nothing is asked in vain of
 * a node that was cut off for a while, and nodes need to know no way to each other.
 */
export class Bus {
  readonly #options: BusOptions;
  readonly #waiting = new Map<string, (from: string, data: unknown) => void>();
  #failed = false;

  constructor(options: BusOptions) {
    this.#options = options;
    this.#begin();
  }

  /**
   * Has the handler `of` run on every other node. Resolves when all `others` have answered, or after `waitMs`, by
   * default 2 s. Rejects with `unavailable` when the store cannot be reached.
   */
  async ask(
    of: string,
    data: unknown,
    others: MaybePromise<readonly string[]>,
    waitMs: number = answerMs,
  ): Promise<Answers> {
    const { node, makeId, timers } = this.#options;
    const byNode = new Map<string, unknown>();
    const ask = makeId();
    let onAnswer: () => unknown = () => undefined;
    let cancel = (): void => undefined;
    this.#waiting.set(ask, (from, answer) => {
      byNode.set(from, answer);
      onAnswer();
    });
    try {
      // At once: who is to answer is asked for meanwhile.
      await this.#say({ from: node, ask, of, data });
      const awaited = (await others).filter((other) => other !== node);
      const missing = (): readonly string[] => awaited.filter((other) => !byNode.has(other));
      await new Promise<void>((resolve) => {
        onAnswer = () => missing().length === 0 && resolve();
        cancel = timers.after(waitMs, resolve, resolve);
        onAnswer();
      });
      return { byNode, missing: missing() };
    } finally {
      cancel();
      this.#waiting.delete(ask);
    }
  }

  async #say(said: Said): Promise<void> {
    const { store, log } = this.#options;
    try {
      await store.append(log.key, { payload: JSON.stringify(said) }, log.retain);
    } catch (error) {
      if (!isToldOf(error)) this.#options.logger.error('The other nodes could not be told.', error);
      throw new LongwaveError('unavailable', 'The other nodes cannot be reached.', { cause: error });
    }
  }

  #begin(): void {
    const { hub, logger, timers, log } = this.#options;
    void guard(
      () => chain(hub.feed(log.key, log.key), (feed) => this.#follow(feed)),
      (error) => {
        if (!this.#failed && !isToldOf(error)) logger.error('The other nodes cannot be heard.', error);
        this.#failed = true;
        timers.after(beginAgainMs, () => this.#begin());
      },
    );
  }

  #follow(feed: LogFeed): void {
    // Requests up to now reached the nodes that were listening.
    if (this.#failed) this.#options.onMissed();
    const listener = new Listener({
      onMessage: ({ ops }) => {
        for (const { data } of ops) this.#attempt(() => this.#hear(data as Said));
      },
      onReset: () => this.#options.onMissed(),
      onFailed: () => this.#attempt(() => this.#options.onMissed()),
    });
    feed.resume(new Subscription(listener, feed, feed.epoch, feed.top, { last: 0 }));
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.error('What another node asked could not be done.', error);
    }
  }

  #hear(said: Said): void {
    const { node, handlers } = this.#options;
    if (said.from === node) return;
    if ('answer' in said) return this.#waiting.get(said.answer)?.(said.from, said.data);
    // A node of another version may ask for what this one does not know: it is not answered.
    const handler = Object.hasOwn(handlers, said.of) ? handlers[said.of] : undefined;
    if (!handler) return;
    void guard(
      () =>
        chain(handler(said.data), (data) =>
          data === undefined ? undefined : this.#say({ from: node, answer: said.ask, data }),
        ),
      // It is done; that the answer cannot be given was told.
      () => undefined,
    );
  }
}
