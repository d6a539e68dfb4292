import { Random } from '@longwave/testkit/virtual';
import type { ClientsConfig, EndState } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { retainCount } from './contract.js';
import { Forum } from './forum.js';
import { guestOf } from './layout.js';
import { Member } from './member.js';
import { Publisher } from './publisher.js';
import { StateWatcher } from './state-watcher.js';
import { StateWriter } from './state-writer.js';
import { Subscriber, type Wish } from './subscriber.js';

const everything = { last: retainCount };

/** All clients of one process. */
export class Population {
  readonly publishers: readonly Publisher[];
  readonly subscribers: Subscriber[];
  readonly writer: StateWriter;
  readonly watchers: readonly StateWatcher[];
  readonly members: readonly Member[];
  readonly forum: Forum;
  readonly #config: ClientsConfig;
  readonly #collector: Collector;
  readonly #random: Random;
  readonly #herald: Publisher | undefined;
  #unrest: NodeJS.Timeout | undefined;

  constructor(config: ClientsConfig, collector: Collector) {
    this.#config = config;
    this.#collector = collector;
    this.#random = new Random(config.seed).stream(`clients ${config.index}`);
    const { index } = config;
    this.publishers = Array.from({ length: config.publishers }, (_, i) => new Publisher(config, collector, i));
    this.#herald = index === 0 ? new Publisher(config, collector, config.publishers) : undefined;
    this.subscribers = [...this.#witnesses(), ...(index === 0 ? this.#guests() : []), ...this.#crowd()];
    this.writer = new StateWriter(config, collector);
    const watchers = Math.max(2, Math.round(config.clients / 40));
    this.watchers = Array.from(
      { length: watchers },
      (_, i) => new StateWatcher(config, collector, `watcher${index}-${i}`, this.#transport(i)),
    );
    this.forum = new Forum(config, collector);
    const { lobbies } = collector.layout;
    this.members = Array.from(
      { length: Math.max(2, Math.round(config.clients / 20)) },
      (_, i) => new Member(config, collector, `member${index}-${i}`, lobbies[i % lobbies.length]!),
    );
  }

  /** Publishes that are not answered. */
  get pending(): readonly string[] {
    return [...this.publishers, ...(this.#herald ? [this.#herald] : []), this.forum].flatMap(({ pending }) => [
      ...pending,
    ]);
  }

  get subscriptions(): number {
    return this.subscribers.reduce((sum, { checks }) => sum + checks.length, 0);
  }

  start(): void {
    for (const publisher of this.publishers) publisher.start();
    this.#herald?.startHerald();
    this.writer.start();
    this.forum.start();
    const { unrestPerSecond } = this.#config;
    if (unrestPerSecond > 0) this.#unrest = setInterval(() => this.#disturb(), 1000 / unrestPerSecond);
  }

  stop(): void {
    clearInterval(this.#unrest);
    for (const publisher of [...this.publishers, this.#herald]) publisher?.stop();
    this.writer.stop();
    this.forum.stop();
  }

  close(): void {
    const { publishers, subscribers, writer, watchers, members } = this;
    for (const each of [...publishers, ...subscribers, writer, ...watchers, ...members]) each.close();
    this.#herald?.close();
    this.forum.close();
  }

  revoke(user: string, at: number): void {
    for (const subscriber of this.subscribers) if (subscriber.options.user === user) subscriber.revokedAt = at;
  }

  /** Somebody who was not there before reads the end of each log, as the store has it. */
  readAgain(): void {
    const { layout } = this.#collector;
    const logs = [...layout.hot, ...layout.slow, ...layout.quiet];
    const wishes = logs.map((channel): Wish => ({ channel, start: { last: 300 }, isWitness: true }));
    this.subscribers.push(
      new Subscriber(this.#config, this.#collector, {
        ...{ name: 'reader', user: 'reader' },
        transport: 'auto',
        wishes,
      }),
    );
  }

  /** Lists everything that is not as it should be at the end; one line each. */
  unsettled(end: EndState): string[] {
    return [
      ...this.subscribers.flatMap(({ held, options }) =>
        held.flatMap(({ wish, check: { cursor } }) => {
          const top = end.logs.get(wish.channel);
          if (!top || (cursor && cursor.offset >= top.top && this.#isIn(wish.channel, cursor, top.epoch))) return [];
          return [`${wish.channel} ${options.name} stands at ${cursor?.offset}, the log ends at ${top.top}`];
        }),
      ),
      ...this.forum.unsettled(),
      ...this.watchers.flatMap((watcher, i) => watcher.differences(end).map((what) => `watcher ${i}: ${what}`)),
    ];
  }

  /** Describes the members here that others miss. */
  standing(what: string): string {
    return this.members
      .filter(({ entered: [, who] }) => what.includes(who))
      .map(({ standing }) => `; ${standing}`)
      .join('');
  }

  #isIn(channel: string, cursor: { readonly epoch: string; readonly offset: number }, epoch: string): boolean {
    return this.#collector.book(channel).lineage.relation(cursor, epoch) === 'continues';
  }

  /** In each process somebody sees each log from its beginning. */
  #witnesses(): Subscriber[] {
    const { layout } = this.#collector;
    const { processes, index } = this.#config;
    const logs = layout.logs.filter((channel) => channel.startsWith('log/') || channel.startsWith('quiet/'));
    const groups = Array.from({ length: Math.ceil(logs.length / 8) }, (_, i) => logs.slice(i * 8, i * 8 + 8));
    const own = layout.users.filter((_, i) => i % processes === index);
    return [
      ...groups.map((group, i) => this.#subscriber(`witness${index}-${i}`, undefined, i, group)),
      ...own.map((user, i) => this.#subscriber(`${user}`, user, i, [`inbox/${user}`])),
    ];
  }

  #guests(): Subscriber[] {
    const { guarded } = this.#collector.layout;
    return guarded.map((channel, i) => this.#subscriber(guestOf(channel), guestOf(channel), i, [channel]));
  }

  #crowd(): Subscriber[] {
    const { layout } = this.#collector;
    const { clients, index } = this.#config;
    const random = this.#random;
    return Array.from({ length: clients }, (_, i) => {
      const channels = new Set([random.pick(layout.slow), random.pick(layout.slow)]);
      // Some of those who subscribe to a hot channel do so twice, from different places.
      if (i % 8 === 0) channels.add(random.pick(layout.hot));
      if (i % 3 === 0) channels.add(random.pick(layout.quiet));
      const wishes = [...channels, ...(i % 24 === 0 ? [...channels].slice(-1) : [])].map((channel): Wish => ({
        channel,
        start: random.chance(0.5) ? 'now' : { last: random.below(200) },
        isWitness: false,
      }));
      const name = `client${index}-${i}`;
      return new Subscriber(this.#config, this.#collector, {
        ...{ name, user: name, transport: this.#transport(i), wishes },
      });
    });
  }

  #subscriber(name: string, user: string | undefined, i: number, channels: readonly string[]): Subscriber {
    const wishes = channels.map((channel): Wish => ({ channel, start: everything, isWitness: true }));
    return new Subscriber(this.#config, this.#collector, {
      ...{ name, user: user ?? name, transport: this.#transport(i), wishes },
    });
  }

  #transport(i: number): ClientsConfig['transports'][number] {
    const { transports } = this.#config;
    return transports[i % transports.length]!;
  }

  /** Clients have lives of their own. */
  #disturb(): void {
    const random = this.#random;
    const subscriber = random.pick(this.subscribers);
    const what = random.weighted({ reconnect: 3, reload: 3, renew: 3, watcher: 1 });
    switch (what) {
      case 'reconnect':
        return subscriber.reconnect();
      case 'reload':
        return subscriber.reload();
      case 'renew':
        return subscriber.renew((count) => random.below(count));
      case 'watcher':
        return random.pick(this.watchers).reconnect();
    }
  }
}
