import type { Demand, LongwaveError, Prepared, View } from '@longwave/protocol';
import type { EnterOptions, MapWatch, ValueHandler, ValueWatch, WatchOptions } from '../api/state-api.js';
import type { Members, States, Watches } from '../presence/states.js';
import type { Context } from '../context.js';
import type { Listener } from '../subscriptions/local-watch.js';
import { LatePart } from './late-part.js';
import { LateWatch } from './late-watch.js';

/** The part for state and presence, loaded when it is first used. */
export class LateStates implements States, Watches, Members {
  readonly watches = this;
  readonly members = this;
  readonly #context: Context;
  readonly #late: LatePart<States>;

  constructor(context: Context, load: () => Promise<States>) {
    this.#context = context;
    this.#late = new LatePart(context.ports, context.backoff, load);
  }

  watch(channel: string, view: View, options: WatchOptions, listener: Listener | undefined): MapWatch<unknown> {
    return this.#open(view, options, new Map(), (states, asked) =>
      states.watches.watch(channel, asked, options, listener),
    );
  }

  watchValue(
    channel: string,
    view: View,
    options: WatchOptions,
    handler: ValueHandler<unknown> | undefined,
  ): ValueWatch<unknown> {
    return this.#open(view, options, undefined, (states) => states.watches.watchValue(channel, view, options, handler));
  }

  demand(channel: string, handler: (demand: Demand) => void): MapWatch<unknown> {
    return this.#open({}, {}, new Map(), (states) => states.watches.demand(channel, handler));
  }

  enter(channel: string, data: Prepared, options: EnterOptions): Promise<string> {
    return this.#late.ask({}, (states) => states.members.enter(channel, data, options));
  }

  /** Where nothing was asked of the part, nobody has entered. */
  async leave(channel: string): Promise<void> {
    if (!this.#late.unused) await this.#late.ask({}, (states) => states.members.leave(channel));
  }

  onOpen(): void {
    this.#late.part?.members.onOpen();
  }

  onDown(): void {
    this.#late.part?.members.onDown();
  }

  onExited(channel: string, error: LongwaveError): void {
    this.#late.part?.members.onExited(channel, error);
  }

  close(): void {
    this.#late.part?.members.close();
  }

  end(error: LongwaveError): void {
    this.#late.part?.members.end(error);
    this.#late.end(error);
  }

  #open<Watch extends object>(
    view: View,
    options: WatchOptions,
    empty: unknown,
    open: (states: States, view: View) => Watch,
  ): Watch {
    const { part } = this.#late;
    if (part) return open(part, view);
    const watch = new LateWatch(this.#context.ports, view, options, empty);
    this.#late.use(
      (states) => watch.open((asked) => open(states, asked)),
      (error) => watch.end(error),
    );
    // It has the methods of both kinds of watches, and is of the kind that `open` makes.
    return watch as unknown as Watch;
  }
}
