import type { Demand, LongwaveError, Prepared, View } from '@longwave/protocol';
import type { EnterOptions } from '../api/state-api.js';
import { Deferred } from '../base/deferred.js';
import type { Timer } from '../base/ports.js';
import type { Context } from '../context.js';
import type { Members, States } from './states.js';
import type { WatchedFeed } from '../subscriptions/local-watch.js';
import { WaitingFeed } from '../subscriptions/waiting-feed.js';

interface Use {
  readonly run: (states: States) => void;
  /** Called instead when the client ends first. */
  readonly drop: (error: LongwaveError) => void;
}

/**
 * The part for state and presence, loaded when it is first used. Until then a watch has an empty feed, and what is asked of presence
 * waits. A failure to load, as of a network that is away, ends nothing: it is told as a diagnostic, and loading is tried again, later
 * and later.
 */
export class LazyStates implements States {
  readonly members: Members;
  readonly #context: Context;
  readonly #load: () => Promise<States>;
  #states: States | undefined;
  #uses: Use[] = [];
  #failures = 0;
  #timer: Timer | undefined;

  constructor(context: Context, load: () => Promise<States>) {
    this.#context = context;
    this.#load = load;
    const now = (): Members | undefined => this.#states?.members;
    this.members = {
      enter: (channel: string, data: Prepared, options: EnterOptions) =>
        this.#ask((members) => members.enter(channel, data, options)),
      // Where nobody waits for the part, nobody has entered.
      leave: async (channel) => {
        if (this.#states || this.#uses.length > 0) await this.#ask((members) => members.leave(channel));
      },
      onOpen: () => now()?.onOpen(),
      onDown: () => now()?.onDown(),
      onExited: (channel, error) => now()?.onExited(channel, error),
      close: () => now()?.close(),
      end: (error) => {
        now()?.end(error);
        this.#timer?.cancel();
        for (const { drop } of this.#take()) drop(error);
      },
    };
  }

  feedOf(channel: string, view: View): WatchedFeed {
    if (this.#states) return this.#states.feedOf(channel, view);
    const feed = new WaitingFeed(view);
    const end = (error: LongwaveError): void => feed.watch?.end(error);
    this.#use((states) => {
      try {
        feed.watch?.moveTo(states.feedOf(channel, feed.view));
      } catch (error) {
        end(error as LongwaveError);
      }
    }, end);
    return feed;
  }

  /** Nobody is told a demand before the part is there. */
  sumDemand(parts: Iterable<Demand>): Demand {
    return this.#states!.sumDemand(parts);
  }

  #ask<T>(act: (members: Members) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = new Deferred<T>();
    this.#use(({ members }) => void act(members).then(resolve, reject), reject);
    return promise;
  }

  /** At once where the part is at hand, else when it is loaded, in the order of the calls. */
  #use(run: (states: States) => void, drop: (error: LongwaveError) => void): void {
    if (this.#states) return run(this.#states);
    this.#uses.push({ run, drop });
    if (this.#uses.length === 1) this.#begin();
  }

  #take(): Use[] {
    const uses = this.#uses;
    this.#uses = [];
    return uses;
  }

  #begin(): void {
    const { ports, backoff } = this.#context;
    this.#load().then(
      (states) => {
        this.#states = states;
        for (const { run } of this.#take()) run(states);
      },
      (cause: unknown) => {
        if (this.#uses.length === 0) return;
        ports.onDiagnostic({ kind: 'load', message: 'A part of the client could not be loaded.', cause });
        this.#timer = ports.clock.setTimer(() => this.#begin(), backoff(++this.#failures));
      },
    );
  }
}
