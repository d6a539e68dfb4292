import { type Count, type View, demandPrefix, presencePrefix } from '@longwave/protocol';
import type {
  Channel,
  Handler,
  HistoryOptions,
  HistoryPage,
  PublishOptions,
  Published,
  SubscribeOptions,
} from './api.js';
import type { LocalSubscription } from './local-subscription.js';
import type { Listener, LocalWatch } from './local-watch.js';
import type { Memberships } from './memberships.js';
import type { Message } from './message.js';
import type { Outbox } from './outbox.js';
import type {
  ChangeOptions,
  Demand,
  MapHandler,
  MapWatch,
  Member,
  Presence,
  ValueHandler,
  ValueWatch,
  WatchOptions,
} from './state-api.js';
import { demandOf } from './demand.js';
import { toMessage } from './message.js';
import { type Requests, defaultTimeoutMs } from './requests.js';
import { toValueWatch } from './value-watch.js';

const defaultHistoryLimit = 100;

type MembersWatch = MapWatch<Member<unknown>>;

/** The client behind a channel. */
export interface ChannelHost {
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly memberships: Memberships;
  /** Throws `closed` after the end. */
  assertOpen(): void;
  subscribe(options: SubscribeOptions, handler: Handler<unknown> | undefined): LocalSubscription;
  watch(channel: string, view: View, options: WatchOptions, listener: Listener | undefined): LocalWatch;
}

/**
 * A channel by its name. Holds nothing: any number of them may stand for the same channel. It offers what channels of all
 * modes do; the contract's types show what fits, and the server refuses the rest with `wrong-mode`.
 */
export class ClientChannel implements Channel<unknown, unknown> {
  readonly name: string;
  readonly presence: Presence<unknown, unknown>;
  readonly #host: ChannelHost;

  constructor(name: string, host: ChannelHost) {
    this.name = name;
    this.#host = host;
    const members = presencePrefix + name;
    this.presence = {
      enter: (data, options = {}) => {
        host.assertOpen();
        return host.memberships.enter(name, data, options);
      },
      leave: () => host.memberships.leave(name),
      // Only the server writes members: they are what its types say.
      watch: (first: unknown = {}, second?: unknown) =>
        this.#watch(members, first as WatchOptions, second as MapHandler<unknown>) as unknown as MembersWatch,
      count: (handler) =>
        this.#watchValue(members, { count: true }, handler as ValueHandler<unknown>) as ValueWatch<Count>,
    };
  }

  publish(data: unknown, options?: PublishOptions): Promise<Published> {
    this.#host.assertOpen();
    return this.#host.outbox.publish(this.name, data, options);
  }

  subscribe(first: SubscribeOptions | Handler<unknown> = {}, second?: Handler<unknown>): LocalSubscription {
    this.#host.assertOpen();
    return typeof first === 'function' ? this.#host.subscribe({}, first) : this.#host.subscribe(first, second);
  }

  history(options: HistoryOptions = {}): Promise<HistoryPage<unknown>> {
    this.#host.assertOpen();
    const { name: channel } = this;
    const { limit = defaultHistoryLimit, epoch, after, before } = options;
    return new Promise((resolve, reject) => {
      this.#host.requests.add(
        {
          ...{ timeoutMs: defaultTimeoutMs, ...options },
          expects: 'page',
          repeat: true,
          resolve: (page) => {
            const messages = page.ops.map((op, i) =>
              toMessage(channel, { epoch: page.epoch, offset: page.offset + i }, op, true),
            );
            resolve({ messages, floor: page.floor, top: page.top, epoch: page.epoch });
          },
          reject,
        },
        (id) => ({ type: 'history', id, channel, limit, epoch, after, before }),
      );
    });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message<unknown>> {
    return this.subscribe()[Symbol.asyncIterator]();
  }

  // With state

  put(key: string, value: unknown, options?: ChangeOptions): Promise<Published> {
    return this.#change({ key }, value, options);
  }

  set(value: unknown, options?: ChangeOptions): Promise<Published> {
    return this.#change({}, value, options);
  }

  patch(...args: [string, unknown, ChangeOptions?] | [unknown, ChangeOptions?]): Promise<Published> {
    // A patch that is a text would set one, which `set` is for.
    return typeof args[0] === 'string'
      ? this.#change({ key: args[0], kind: 'patch' }, args[1], args[2])
      : this.#change({ kind: 'patch' }, args[0], args[1] as ChangeOptions | undefined);
  }

  delete(key: string, options?: ChangeOptions): Promise<Published> {
    return this.#change({ key, kind: 'delete' }, null, options);
  }

  clear(options?: ChangeOptions): Promise<Published> {
    return this.#change({ kind: 'delete' }, null, options);
  }

  watch(first: WatchOptions | MapHandler<unknown> = {}, second?: MapHandler<unknown>): LocalWatch {
    return this.#watch(this.name, first, second);
  }

  watchValue(first: WatchOptions | ValueHandler<unknown> = {}, second?: ValueHandler<unknown>): ValueWatch<unknown> {
    return typeof first === 'function'
      ? this.#watchValue(this.name, {}, first)
      : this.#watchValue(this.name, first, second);
  }

  demand(handler: (demand: Demand) => void): LocalWatch {
    return this.#host.watch(demandPrefix + this.name, {}, {}, (values) =>
      handler(demandOf(values.values() as Iterable<Demand>)),
    );
  }

  #watch(
    channel: string,
    first: WatchOptions | MapHandler<unknown>,
    second: MapHandler<unknown> | undefined,
  ): LocalWatch {
    const [options, handler] = typeof first === 'function' ? [{}, first] : [first, second];
    return this.#host.watch(channel, viewOf(options), options, handler);
  }

  #watchValue(channel: string, options: WatchOptions, handler: ValueHandler<unknown> | undefined): ValueWatch<unknown> {
    const listener: Listener = (values) => handler?.(values.get(''), watch.entry(''));
    const watch = this.#host.watch(channel, viewOf(options), options, listener);
    return toValueWatch(watch);
  }

  #change(
    change: { readonly key?: string; readonly kind?: 'patch' | 'delete' },
    data: unknown,
    options: ChangeOptions = {},
  ): Promise<Published> {
    this.#host.assertOpen();
    const { expect, ttlMs } = options;
    return this.#host.outbox.publish(this.name, data, options, { ...change, expect, ttlMs });
  }
}

/** The options that make the view. */
function viewOf({ keys, rate, where, area, count }: WatchOptions): View {
  return {
    ...(keys && { keys }),
    ...(rate !== undefined && { rate }),
    ...(where && { where }),
    ...(area && { area }),
    ...(count && { count }),
  };
}
