import {
  type Entry,
  LongwaveError,
  type Position,
  type StateBounds,
  type View,
  describeValue,
  isLog,
  readView,
} from '@longwave/protocol';
import type { Logger } from '../base/ports.js';
import type { Hub, StateKind } from '../delivery/hub.js';
import type { StateLoaders } from '../channels/state/state-loaders.js';
import type { Publisher } from '../channels/publisher.js';
import type { Registry, ResolvedChannel } from '../channels/registry.js';
import type { Timers } from '../base/timers.js';
import { checkListen, checkWatch } from './check-listening.js';
import { requireState } from '../channels/require-mode.js';
import { type MaybePromise, chain } from '../base/maybe-promise.js';
import { standardModes } from '../channels/state/replacing-mode.js';
import { compileView } from '../delivery/state/compiled-view.js';
import { type ServerSubscribeOptions, LogReading, type ServerMessageHandler } from './log-reading.js';
import {
  type ServerMapHandler,
  StateReading,
  type StateReadingOptions,
  type ServerWatchOptions,
} from './state-reading.js';
import { type Reading, OwnSubscription } from './own-subscription.js';

/** A subscription of the application to a channel, on one node. */
export interface ServerSubscription {
  readonly state: 'pending' | 'live' | 'ended';
  /** After the last thing that a handler was told of and is done with: to be saved and given to `from` later. */
  readonly position: Position | undefined;
  /** Resolves with the first position; of a channel with state, when that is there. Rejects with `closed` when it ends before. */
  readonly ready: Promise<Position>;
  /** Ends it: no handler is called any more. One that runs goes on. */
  unsubscribe(): void;
}

/** A subscription of the application to a channel with state. */
export interface ServerWatch<Value = unknown> extends ServerSubscription {
  /** The values by key. They are live: they go on changing with each update. */
  readonly entries: ReadonlyMap<string, Value>;
  /** An entry with its version, time and user. */
  entry(key: string): Entry<Value> | undefined;
}

export interface ListeningOptions {
  readonly hub: Hub;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly loaders: StateLoaders;
  readonly publisher: Publisher;
}

/** The subscriptions of the application itself on this node. They ask for no rights and call no hooks. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #subscriptions = new Set<OwnSubscription>();
  #closed = false;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /**
   * Calls `handler` for the messages of a log, in their order, each after it is stored and after the promise for the one before
   * is settled. Throws `unknown-channel`, `wrong-mode` where the channel keeps no log, `closed` after the engine's end, and
   * `TypeError` that names an argument which cannot be.
   */
  subscribe(channel: string, options: ServerSubscribeOptions, handler: ServerMessageHandler): ServerSubscription {
    checkListen(options, handler);
    const { definition } = this.#resolve(channel);
    if (!isLog(definition)) throw new LongwaveError('wrong-mode', `'${channel}' has entries: watch it.`);
    return this.#add(new LogReading(this.#options.hub, { channel, mode: definition.mode }, options, handler));
  }

  /** Follows a channel with state. Calls `handler` with the first state and after each change. Throws as `subscribe`. */
  watch(channel: string, options: ServerWatchOptions, handler?: ServerMapHandler): ServerWatch {
    checkWatch(options, handler);
    const definition = requireState(channel, this.#resolve(channel).definition);
    const { loaders, publisher } = this.#options;
    const { onReset, ...asked } = options;
    const kind = { mode: publisher.modeOf(definition), bounds: definition.bounds };
    return this.#watch({ channel, onReset, handler, view: viewOf(asked) }, kind, () =>
      loaders.ensure(channel, kind.bounds),
    );
  }

  /** Follows a map that nodes keep for themselves, under a name that is no channel's. As `watch`. */
  watchOwn(key: string, bounds: StateBounds, handler: ServerMapHandler): ServerWatch {
    if (this.#closed) throw closed();
    const kind = { mode: standardModes['map']!, bounds };
    return this.#watch({ channel: key, onReset: undefined, handler, view: undefined }, kind, () => undefined);
  }

  #watch(asked: Omit<StateReadingOptions, 'open'>, kind: StateKind, load: () => MaybePromise<void>): ServerWatch {
    const { channel } = asked;
    const reading = new StateReading({
      ...asked,
      open: () => chain(load(), () => this.#options.hub.stateFeed(channel, channel, kind)),
    });
    const subscription = this.#add(reading);
    const { table } = reading;
    return {
      get state() {
        return subscription.state;
      },
      get position() {
        return subscription.position;
      },
      ready: subscription.ready,
      entries: table.values,
      entry: (key) => table.entries.get(key),
      unsubscribe: () => subscription.unsubscribe(),
    };
  }

  /** Ends all of them, with `closed`. */
  close(): void {
    this.#closed = true;
    for (const subscription of this.#subscriptions) subscription.end(closed());
  }

  #resolve(channel: string): ResolvedChannel {
    if (this.#closed) throw closed();
    const resolved = this.#options.registry.resolve(channel);
    if (!resolved) throw new LongwaveError('unknown-channel', `No channel is called ${describeValue(channel)}.`);
    return resolved;
  }

  #add(reading: Reading): OwnSubscription {
    const { hub, timers, logger } = this.#options;
    const subscription = new OwnSubscription(
      { hub, timers, logger, forget: (ended) => void this.#subscriptions.delete(ended) },
      reading,
    );
    this.#subscriptions.add(subscription);
    return subscription;
  }
}

/** Throws `invalid-data` on one that cannot be (VIEW-1). */
function viewOf(asked: View) {
  const view = readView(asked);
  if (typeof view === 'string') throw new LongwaveError('invalid-data', view);
  return Object.keys(view).length === 0 ? undefined : compileView(view);
}

function closed(): LongwaveError {
  return new LongwaveError('closed', 'The server was closed.');
}
