import type { Position } from '@longwave/protocol';
import type { MessageMeta, Subscription } from 'longwave/client';
import { codeOf, isPayload } from '../checker/message-code.js';
import { type Start, SubscriptionCheck } from '../checker/subscription-check.js';
import { type ClientsConfig, sharedNow } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { type Dialled, dial } from './dial.js';

export interface Wish {
  /** A log of the layout; `inbox/…` is the user's own. */
  readonly channel: string;
  readonly start: Start;
  /** It sees everything from the beginning: it never starts anew but from where it stood. */
  readonly isWitness: boolean;
}

interface Held {
  readonly wish: Wish;
  readonly check: SubscriptionCheck;
  readonly subscription: Subscription<unknown>;
}

interface Taking {
  readonly check: SubscriptionCheck;
  readonly channel: string;
  readonly since: number;
  /** The last message of each stream that said when it was published: after a reset they may come again. */
  readonly stamped: Map<number, number>;
}

/** The planted bug drops one message of so many. */
const dropEvery = 10_000;
/** Time a recheck has to reach each of a user's connections. */
const revocationMs = 1000;

export interface SubscriberOptions {
  readonly name: string;
  readonly user: string;
  readonly transport: ClientsConfig['transports'][number];
  readonly wishes: readonly Wish[];
}

/** One client with its subscriptions, each of them checked. It can come back in all the ways that clients do. */
export class Subscriber {
  readonly options: SubscriberOptions;
  /** When the user's right was withdrawn. */
  revokedAt = Infinity;
  readonly #config: ClientsConfig;
  readonly #collector: Collector;
  #dialled: Dialled;
  #held: Held[];

  constructor(config: ClientsConfig, collector: Collector, options: SubscriberOptions) {
    this.#config = config;
    this.#collector = collector;
    this.options = options;
    this.#dialled = this.#dial();
    this.#held = options.wishes.map((wish) => this.#subscribe(wish, wish.start));
  }

  get dialled(): Dialled {
    return this.#dialled;
  }

  get checks(): readonly SubscriptionCheck[] {
    return this.#held.map(({ check }) => check);
  }

  get held(): readonly Pick<Held, 'wish' | 'check'>[] {
    return this.#held.filter(({ subscription }) => subscription.state !== 'ended');
  }

  get ready(): Promise<unknown> {
    return Promise.allSettled(this.#held.map(({ subscription }) => subscription.ready));
  }

  reconnect(): void {
    this.#dialled.client.reconnect();
  }

  /** As a page that is loaded again: another client, which begins where the application saved that it stood. */
  reload(): void {
    const saved = this.#held.map(({ wish, subscription, check }) => {
      this.#checkSaved(check, subscription.position);
      return [wish, subscription.position] as const;
    });
    this.#dialled.client.close();
    this.#dialled = this.#dial();
    this.#held = saved.map(([wish, position]) => this.#subscribe(wish, position ?? wish.start));
  }

  /** Ends one subscription, and begins it anew: from where it stood, or from another place. */
  renew(choose: (count: number) => number): void {
    const index = choose(this.#held.length);
    const held = this.#held[index];
    if (!held || held.subscription.state === 'ended') return;
    const { wish, subscription, check } = held;
    this.#checkSaved(check, subscription.position);
    subscription.unsubscribe();
    const starts: readonly Start[] = ['now', { last: 1 + choose(300) }, { last: 0 }];
    const elsewhere = !wish.isWitness && choose(2) === 0 ? starts[choose(starts.length)] : undefined;
    this.#held[index] = this.#subscribe(wish, elsewhere ?? subscription.position ?? wish.start);
  }

  close(): void {
    this.#dialled.client.close();
  }

  #dial(): Dialled {
    const { user, transport } = this.options;
    return dial(this.#config, this.#collector, user, transport);
  }

  #checkSaved(check: SubscriptionCheck, saved: Position | undefined): void {
    const { cursor } = check;
    if (!cursor || !saved || (saved.epoch === cursor.epoch && saved.offset === cursor.offset)) return;
    this.#collector.violations.report(
      'silent-gap',
      this.options.name,
      `the position to save is ${saved.offset}, and the application has seen all up to ${cursor.offset}`,
    );
  }

  #subscribe(wish: Wish, start: Start): Held {
    const { channel } = wish;
    const collector = this.#collector;
    const { violations, layout } = collector;
    const check = new SubscriptionCheck(
      {
        where: this.options.name,
        book: collector.book(channel),
        violations,
        channelOf: (stream) => layout.channelOf(stream),
      },
      start,
    );
    const taking: Taking = { check, channel, since: sharedNow(), stamped: new Map() };
    const wireName = channel.startsWith('inbox/') ? '@me' : channel;
    const subscription = this.#dialled.client.channel(wireName as 'log/x').subscribe(
      {
        from: start,
        onSubscribed: ({ position, recovering }) => check.subscribed(position, recovering),
        ...(!isSilent(this.#config.bug) && {
          onReset: ({ reason, previous, position }) => {
            collector.count('resets', reason);
            check.reset(reason, previous, position);
          },
        }),
        onEnd: ({ code }) => {
          if (code !== 'closed' && this.revokedAt === Infinity && !channel.startsWith('guarded/')) {
            violations.report('stuck', `${channel} ${this.options.name}`, `the subscription ended: ${code}`);
          }
        },
      },
      (data, meta) => this.#take(data, meta, taking),
    );
    return { wish, check, subscription };
  }

  #take(data: unknown, meta: MessageMeta, { check, channel, since, stamped }: Taking): void {
    const collector = this.#collector;
    collector.interval.delivered++;
    if (this.#config.bug === 'drop-delivery' && ++collector.deliveries % dropEvery === dropEvery / 2) return;
    if (!isPayload(data)) {
      const what = JSON.stringify(data).slice(0, 100);
      collector.violations.report('corrupted', `${channel} ${this.options.name}`, `${what} at ${meta.offset}`);
      return;
    }
    check.delivered(meta.epoch, meta.offset, codeOf(data));
    const { t, p, n } = data;
    if (t === undefined || n <= (stamped.get(p) ?? 0)) return;
    stamped.set(p, n);
    const now = sharedNow();
    // Messages from before it came are history.
    if (t >= since) collector.latency('latencies', now - t);
    if (channel.startsWith('quiet/')) {
      const connected = this.#dialled.connectedSince();
      if (t >= since + 1000 && connected >= 0 && connected < t - 1000) {
        collector.sighted({ publishedAt: t, seenAt: now, where: `${channel} ${this.options.name}` });
      }
    }
    if (t > this.revokedAt + revocationMs) {
      const late = `${channel} ${this.options.name}`;
      collector.violations.report('unauthorized', late, `published ${Math.round(t - this.revokedAt)} ms after`);
    }
  }
}

/** The client does not tell the application of a loss. */
function isSilent(bug: ClientsConfig['bug']): boolean {
  return bug === 'forget-reset' || bug === 'silence-after-deletion';
}
