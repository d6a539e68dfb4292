import type {
  ChangeOptions,
  Demand,
  HistoryOptions,
  HistoryPage,
  Message,
  Position,
  PublishOptions,
  Published,
  RedactOptions,
} from '@longwave/protocol';
import { Prepared, readDuration } from '@longwave/protocol/client';
import type { Handler, RequestOptions, SubscribeOptions } from '../api/api.js';
import type { Channel } from '../api/client-api.js';
import type {
  DemandWatch,
  MapHandler,
  MapWatch,
  Presence,
  ValueHandler,
  ValueWatch,
  WatchOptions,
} from '../api/state-api.js';
import type { Late } from '../base/late.js';
import type { LocalSubscription } from '../subscriptions/local-subscription.js';
import type { MakeFeed } from '../subscriptions/feeds.js';
import type { WireSubscription } from '../subscriptions/wire-subscription.js';
import { ChannelPresence, type PresenceHost } from '../presence/channel-presence.js';
import { withTimeout } from '../sending/deadline.js';
import type { PublishTraits } from '../sending/outbox.js';
import type { Sending } from '../sending/sending.js';
import { watchArguments } from '../subscriptions/watch-arguments.js';
import {
  argumentsOf,
  callback,
  changeOptions,
  check,
  historyOptions,
  key as isKey,
  redactOptions,
  redactTarget,
  subscribeOptions,
} from '../base/check.js';

type Changing = ChangeOptions & RequestOptions;

/** The parts of the client that a channel uses. Those that are functions throw `closed` after the end. */
export interface ChannelHost extends PresenceHost {
  /** The same for all channels of a client. */
  readonly client: object;
  readonly sending: Late<Sending>;
  subscribe(options: SubscribeOptions, handler: Handler<unknown> | undefined): LocalSubscription;
  attach<F extends WireSubscription>(make: MakeFeed<F>): F;
}

/**
 * A channel by its name. Holds nothing: any number of them may stand for the same channel. It offers what channels of
 * all modes do; the contract's types show what fits, and the server refuses the rest with `wrong-mode`.
 */
export class ClientChannel implements Channel<unknown, unknown> {
  readonly name: string;
  readonly presence: Presence<unknown, unknown>;
  /** For `clientOf`. */
  readonly client: object;
  readonly #host: ChannelHost;

  constructor(name: string, host: ChannelHost) {
    this.name = name;
    this.#host = host;
    this.client = host.client;
    this.presence = new ChannelPresence(name, host);
  }

  /** For `attachFeed`. */
  attach<F extends WireSubscription>(make: MakeFeed<F>): F {
    return this.#host.attach(make);
  }

  publish(data: unknown, options?: PublishOptions & RequestOptions): Promise<Published> {
    return this.#change({}, data, options);
  }

  subscribe(first: SubscribeOptions | Handler<unknown> = {}, second?: Handler<unknown>): LocalSubscription {
    return this.#host.subscribe(...argumentsOf<SubscribeOptions, Handler<unknown>>(first, second, subscribeOptions));
  }

  history(options: HistoryOptions & RequestOptions = {}): Promise<HistoryPage<unknown>> {
    check('options', options, historyOptions);
    return this.#host.sending.ask(withTimeout(options), (part, limits) => part.history(this.name, options, limits));
  }

  redact(message: Position, options: RedactOptions & RequestOptions = {}): Promise<Published> {
    check('message', message, redactTarget);
    check('options', options, redactOptions);
    const { epoch, offset } = message;
    const { reason, ...limits } = options;
    return this.#publish({ epoch, offset, reason }, { kind: 'redact' }, limits);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message<unknown>> {
    return this.subscribe()[Symbol.asyncIterator]();
  }

  // With state

  put(key: string, value: unknown, options?: Changing): Promise<Published> {
    return this.#change({ key }, value, options);
  }

  set(value: unknown, options?: Changing): Promise<Published> {
    return this.#change({}, value, options);
  }

  patch(...args: [string, unknown, Changing?] | [unknown, Changing?]): Promise<Published> {
    // A patch that is a text would set one, which `set` is for.
    return typeof args[0] === 'string'
      ? this.#change({ key: args[0], kind: 'patch' }, args[1], args[2])
      : this.#change({ kind: 'patch' }, args[0], args[1] as Changing | undefined);
  }

  delete(key: string, options?: Changing): Promise<Published> {
    return this.#change({ key, kind: 'delete' }, null, options);
  }

  clear(options?: Changing): Promise<Published> {
    return this.#change({ kind: 'delete' }, null, options);
  }

  watch(first: WatchOptions | MapHandler<unknown> = {}, second?: MapHandler<unknown>): MapWatch<unknown> {
    return this.#host.states().watches.watch(this.name, ...watchArguments(first, second));
  }

  watchValue(first: WatchOptions | ValueHandler<unknown> = {}, second?: ValueHandler<unknown>): ValueWatch<unknown> {
    return this.#host.states().watches.watchValue(this.name, ...watchArguments(first, second));
  }

  demand(handler: (demand: Demand) => void): DemandWatch {
    check('handler', handler, callback);
    return this.#host.states().watches.demand(this.name, handler);
  }

  #change(traits: PublishTraits, data: unknown, options: Changing = {}): Promise<Published> {
    if ('key' in traits) check('key', traits.key, isKey);
    check('options', options, changeOptions);
    const { id: messageId, expect, ttl, ...limits } = options;
    return this.#publish(data, { ...traits, messageId, expect, ttlMs: ttl && readDuration(ttl) }, limits);
  }

  #publish(given: unknown, traits: PublishTraits, limits: RequestOptions): Promise<Published> {
    // It is the application's to change as soon as this returns.
    const data = new Prepared(given);
    return this.#host.sending.ask(limits, ({ outbox }, left) => outbox.publish(this.name, data, traits, left));
  }
}
