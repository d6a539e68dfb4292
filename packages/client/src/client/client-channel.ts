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
import { demandPrefix, readDuration, toMessage } from '@longwave/protocol/client';
import type { Handler, RequestOptions, SubscribeOptions } from '../api/api.js';
import type { Channel } from '../api/client-api.js';
import type { LocalSubscription } from '../subscriptions/local-subscription.js';
import type { MakeFeed } from '../subscriptions/feeds.js';
import type { WireSubscription } from '../subscriptions/wire-subscription.js';
import type { LocalWatch } from '../subscriptions/local-watch.js';
import type { Outbox, StateChange } from '../sending/outbox.js';
import type { OwnPublishes } from '../sending/own-publishes.js';
import type { MapHandler, Presence, ValueHandler, ValueWatch, WatchOptions } from '../api/state-api.js';
import { ChannelPresence, type PresenceHost } from '../presence/channel-presence.js';
import { openMapWatch, openValueWatch } from '../subscriptions/open-watch.js';
import type { Requests } from '../sending/requests.js';
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

const defaultHistoryLimit = 100;

type Changing = ChangeOptions & RequestOptions;

/** The parts of the client that a channel uses. */
export interface ChannelHost extends PresenceHost {
  sumDemand(parts: Iterable<Demand>): Demand;
  /** The same for all channels of a client. */
  readonly client: object;
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly own: OwnPublishes;
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
    this.#host.assertOpen();
    return this.#host.attach(make);
  }

  publish(data: unknown, options?: PublishOptions & RequestOptions): Promise<Published> {
    return this.#change({}, data, options);
  }

  subscribe(first: SubscribeOptions | Handler<unknown> = {}, second?: Handler<unknown>): LocalSubscription {
    this.#host.assertOpen();
    const [options, handler] = argumentsOf<SubscribeOptions, Handler<unknown>>(first, second, subscribeOptions);
    return this.#host.subscribe(options, handler);
  }

  history(options: HistoryOptions & RequestOptions = {}): Promise<HistoryPage<unknown>> {
    this.#host.assertOpen();
    check('options', options, historyOptions);
    const { name: channel } = this;
    const { limit = defaultHistoryLimit, epoch, after, before, since, until } = options;
    const { requests, own } = this.#host;
    const build = (id: number) =>
      ({ type: 'history', id, channel, limit, epoch, after, before, since, until }) as const;
    return requests.ask('page', true, options, build).then(({ ops, offset: first, floor, top, epoch: read }) => ({
      messages: ops.flatMap((op, i) => {
        const position = { epoch: read, offset: first + i };
        return op.kind === 'redact' ? [] : [toMessage(channel, position, op, true, own)];
      }),
      ...{ first, last: first + ops.length - 1, floor, top, epoch: read },
    }));
  }

  redact(message: Position, options: RedactOptions & RequestOptions = {}): Promise<Published> {
    this.#host.assertOpen();
    check('message', message, redactTarget);
    check('options', options, redactOptions);
    const { epoch, offset } = message;
    const { reason, ...request } = options;
    return this.#host.outbox.publish(this.name, { epoch, offset, reason }, request, { kind: 'redact' });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message<unknown>> {
    return this.subscribe()[Symbol.asyncIterator]();
  }

  // With state

  put(key: string, value: unknown, options?: Changing): Promise<Published> {
    check('key', key, isKey);
    return this.#change({ key }, value, options);
  }

  set(value: unknown, options?: Changing): Promise<Published> {
    return this.#change({}, value, options);
  }

  patch(...args: [string, unknown, Changing?] | [unknown, Changing?]): Promise<Published> {
    // A patch that is a text would set one, which `set` is for.
    if (typeof args[0] === 'string') check('key', args[0], isKey);
    return typeof args[0] === 'string'
      ? this.#change({ key: args[0], kind: 'patch' }, args[1], args[2])
      : this.#change({ kind: 'patch' }, args[0], args[1] as Changing | undefined);
  }

  delete(key: string, options?: Changing): Promise<Published> {
    check('key', key, isKey);
    return this.#change({ key, kind: 'delete' }, null, options);
  }

  clear(options?: Changing): Promise<Published> {
    return this.#change({ kind: 'delete' }, null, options);
  }

  watch(first: WatchOptions | MapHandler<unknown> = {}, second?: MapHandler<unknown>): LocalWatch {
    return openMapWatch(this.#host.watch, this.name, first, second);
  }

  watchValue(first: WatchOptions | ValueHandler<unknown> = {}, second?: ValueHandler<unknown>): ValueWatch<unknown> {
    return openValueWatch(this.#host.watch, this.name, first, second);
  }

  demand(handler: (demand: Demand) => void): LocalWatch {
    check('handler', handler, callback);
    return this.#host.watch(demandPrefix + this.name, {}, {}, (nodes) =>
      handler(this.#host.sumDemand(nodes.values() as Iterable<Demand>)),
    );
  }

  #change({ key, kind }: StateChange, data: unknown, options: Changing = {}): Promise<Published> {
    this.#host.assertOpen();
    check('options', options, changeOptions);
    const { expect, ttl } = options;
    const ttlMs = ttl === undefined ? undefined : readDuration(ttl);
    return this.#host.outbox.publish(this.name, data, options, { key, kind, expect, ttlMs });
  }
}
