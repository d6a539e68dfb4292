import type { RoomEngine, RoomHost, RoomSource, Subscription } from '@longwave/core';

/** Milliseconds within which what a node says to another arrives, and within which the store answers. */
const wayMs = 20;
const storeMs = 30;

/**
 * The world between the nodes of rooms as it is over a network: what nodes say to each other takes a while, and is lost where a node is cut
 * off; the store takes a while; and links of players take nothing for a time.
 */
export class RoomsWeather {
  readonly #random: () => number;
  /** Ids of nodes that nobody hears, and that hear nobody. The store is there for them. */
  readonly cut = new Set<string>();
  readonly #sources = new WeakSet<RoomSource>();
  readonly #open = new Map<Subscription, RoomSource>();
  readonly #slow = new Set<Subscription>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The node's means, as slow and as unsure as they are. */
  over(engine: RoomEngine): RoomEngine {
    const { store, relay, node } = engine;
    const toStore = this.#inOrder(engine, storeMs);
    return {
      ...engine,
      store: {
        durability: store.durability,
        append: (channel, op, keep) => toStore(() => store.append(channel, op, keep)),
        read: (channel, query) => toStore(() => store.read(channel, query)),
      },
      relay: relay && {
        send: (topic, data) => void (this.cut.has(node) || relay.send(topic, data)),
        listen: (topic, hear) => {
          const arrive = this.#inOrder(engine, wayMs);
          return relay.listen(topic, (data) => {
            if (!this.cut.has(node)) void arrive(() => hear(data));
          });
        },
      },
    };
  }

  /** The host of rooms, whose subscribers' links can be slow. */
  around(host: RoomHost): RoomHost {
    const open = host.open.bind(host);
    host.open = async (asked) => {
      const source = await open(asked);
      if (this.#sources.has(source)) return source;
      this.#sources.add(source);
      const begin = source.begin.bind(source);
      source.begin = (subscription) => {
        this.#open.set(subscription, source);
        this.#throttle(subscription);
        begin(subscription);
      };
      return source;
    };
    return host;
  }

  /** One of the links takes no more snapshots. */
  slowDown(): void {
    const live = [...this.#open.keys()].filter(({ state }) => state !== 'ended');
    const one = live[Math.floor(this.#random() * live.length)];
    if (one) this.#slow.add(one);
  }

  /** All links take more again. */
  speedUp(): void {
    this.#slow.clear();
    for (const [subscription, source] of this.#open) {
      if (subscription.state === 'ended') this.#open.delete(subscription);
      else if (subscription.state === 'blocked') source.resume(subscription);
    }
  }

  #throttle(subscription: Subscription): void {
    const { session } = subscription;
    const isSlow = (): boolean => this.#slow.has(subscription);
    Object.defineProperty(subscription, 'session', {
      value: {
        ...{ wire: session.wire, write: session.write.bind(session), cork: session.cork.bind(session) },
        ...{ send: session.send.bind(session), tell: session.tell.bind(session), break: session.break.bind(session) },
        onJoined: () => session.onJoined?.(),
        get writable() {
          return session.writable && !isSlow();
        },
      },
    });
  }

  /** Runs each piece of work after a while, none before the one that was given before it. */
  #inOrder({ clock, timers }: RoomEngine, mostMs: number): <T>(work: () => T | PromiseLike<T>) => Promise<T> {
    let last = 0;
    return async (work) => {
      // Seldom much longer.
      last = Math.max(last, clock.now() + this.#random() * mostMs * (this.#random() < 0.02 ? 10 : 1));
      await new Promise<void>((resolve) => void timers.after(last - clock.now(), resolve, resolve));
      return work();
    };
  }
}
