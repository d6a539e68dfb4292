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
import type { Message } from './message.js';
import type { Outbox } from './outbox.js';
import { toMessage } from './message.js';
import { type Requests, defaultTimeoutMs } from './requests.js';

const defaultHistoryLimit = 100;

/** The client behind a channel. */
export interface ChannelHost {
  readonly requests: Requests;
  readonly outbox: Outbox;
  /** Throws `closed` after the end. */
  assertOpen(): void;
  subscribe(options: SubscribeOptions, handler: Handler<unknown> | undefined): LocalSubscription;
}

/** A channel by its name. Holds nothing: any number of them may stand for the same channel. */
export class ClientChannel implements Channel<unknown, unknown> {
  readonly name: string;
  readonly #host: ChannelHost;

  constructor(name: string, host: ChannelHost) {
    this.name = name;
    this.#host = host;
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
}
