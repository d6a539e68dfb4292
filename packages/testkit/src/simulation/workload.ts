import type { Engine } from '@longwave/core';
import type { From, Published } from '@longwave/protocol';
import type { HistoryOptions } from '@longwave/client';
import type { Random } from '../random.js';
import type { PublishRecord } from '../checking/publish-log.js';
import type { SimNode } from './sim-node.js';
import type { World } from './world.js';
import { LongwaveError, encodePayload, redactionPayload } from '@longwave/protocol';
import { SimClient } from './sim-client.js';
import { payloadKey } from '../checking/ledger.js';
import { isTable, redactableRooms, rooms, stateRooms } from './profile.js';
import { breakages } from './faults.js';
import { drawView, makeEntry } from './sim-watches.js';

const names = [...rooms, ...rooms, '@me'];

const clientActions = {
  publish: 30,
  burst: 6,
  subscribe: 8,
  unsubscribe: 3,
  history: 5,
  watch: 8,
  unwatch: 2,
  look: 3,
  change: 15,
  enter: 2,
  leave: 1,
  call: 4,
  reload: 2,
  refresh: 1,
  reconnect: 1,
  wake: 1,
};
const serverActions = { change: 8, publish: 12, again: 4, inbox: 4, revoke: 2, grant: 3, impose: 5, disconnect: 1 };

/** The actions of applications: on their pages, and on the server. */
export class Workload {
  readonly #world: World;
  readonly #random: Random;
  /** A stream of its own, so that nothing else in a seed depends on it. */
  readonly #redactions: Random;
  #payloads = 0;
  #ids = 0;
  #recentIds: { readonly id: string; readonly user: string | undefined; readonly channel: string }[] = [];
  #pages = 0;
  #serverOrder = 0;
  #busy = true;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.stream('workload');
    this.#redactions = world.random.stream('redactions');
    for (let i = 0; i < world.profile.clients; i++) this.#open(`user${i % 3}`, []);
  }

  /** Acts until told to stop. */
  start(): void {
    const { profile } = this.#world;
    this.#every(profile.actionEveryMs, () => {
      for (const client of [...this.#world.clients]) if (client.host.running) this.#act(client);
    });
    this.#every(profile.actionEveryMs * 1.5, () => this.#actOnServer());
    this.#every(profile.actionEveryMs * 1.5, () => this.#redact(), this.#redactions);
  }

  stop(): void {
    this.#busy = false;
  }

  /** Everybody may read everything again, pages that the server dismissed are opened anew. */
  settle(): void {
    const { rights, clients } = this.#world;
    for (const [user, channel] of rights.denied()) rights.grant(user, channel);
    for (const client of [...clients]) {
      if (client.dismissed || client.closedBy !== undefined) this.#reload(client);
      client.slownessMs = 0;
      // These clients get no further change that would bring what they missed.
      if (client.watches.tables.length > 0 && this.#random.chance(0.3)) this.#imposeOn(client, true);
    }
    this.#reopen(30);
  }

  /** A node that was cut off hears late of whom it is to disconnect. */
  #reopen(times: number): void {
    for (const client of [...this.#world.clients]) if (client.closedBy === 'disconnected') this.#reload(client);
    if (times > 0) this.#world.clock.after(1000, () => this.#reopen(times - 1));
  }

  /** One last operation on each channel that somebody reads. */
  publishLast(): void {
    const read = new Set(this.#world.clients.flatMap(({ held }) => held.map(({ monitor }) => monitor.channel)));
    for (const channel of read) this.#publishAsServer(channel, {});
  }

  #every(meanMs: number, act: () => void, random = this.#random): void {
    const next = (): void => {
      if (!this.#busy) return;
      act();
      this.#world.clock.after(random.interval(meanMs), next);
    };
    this.#world.clock.after(random.interval(meanMs), next);
  }

  #open(user: string, positions: ReturnType<SimClient['savedPositions']>): void {
    const client = new SimClient(this.#world, `page${++this.#pages}`, user);
    this.#world.clients.push(client);
    for (const { name, from, iterated } of positions) client.subscribe(name, from, iterated, false);
    while (client.held.length < 2) this.#subscribe(client);
    if (this.#random.chance(0.7)) client.watches.watch();
  }

  /** The page is loaded anew, from the positions it saved (G6). */
  #reload(client: SimClient): void {
    const { clients, publishes } = this.#world;
    const positions = client.savedPositions();
    client.close();
    publishes.orphan(client.name);
    clients.splice(clients.indexOf(client), 1);
    this.#open(client.user, positions);
  }

  #act(client: SimClient): void {
    if (client.status === 'closed') {
      // Told to go away, the application comes back when its user does.
      if (client.dismissed && this.#random.chance(0.1)) this.#reload(client);
      return;
    }
    switch (this.#random.weighted(clientActions)) {
      case 'publish':
        return this.#publish(client);
      case 'burst':
        for (let n = 2 + this.#random.below(4); n > 0; n--) this.#publish(client);
        return;
      case 'subscribe':
        return this.#subscribe(client);
      case 'unsubscribe': {
        const open = client.held.filter(({ monitor }) => monitor.state === 'open');
        if (open.length > 1) client.unsubscribe(this.#random.pick(open));
        return;
      }
      case 'history':
        return client.history(this.#random.pick(names), this.#historyQuery());
      case 'watch':
        return client.watches.watch();
      case 'unwatch':
        return client.watches.unwatch();
      case 'look':
        return client.watches.look();
      case 'change':
        return client.watches.change();
      case 'enter':
        return client.watches.enter();
      case 'leave':
        return client.watches.leave();
      case 'call':
        return client.call(`call ${++this.#payloads}`);
      case 'reload':
        return this.#reload(client);
      case 'refresh':
        return client.refresh();
      case 'reconnect':
        return client.reconnect();
      case 'wake':
        return client.wake();
    }
  }

  #subscribe(client: SimClient): void {
    const name = this.#random.pick(names);
    if (client.held.filter(({ monitor }) => monitor.state === 'open').length >= 6) return;
    client.subscribe(name, this.#from(client.key(name)), this.#random.chance(0.25), this.#random.chance(0.2));
  }

  #from(channel: string): From {
    const { epoch, floor, top } = this.#world.cluster.store.bounds(channel);
    switch (this.#random.below(6)) {
      case 0:
      case 1:
        return { last: this.#random.below(8) };
      case 2:
        // Kept from earlier, or for so long that it is trimmed.
        return { epoch, offset: Math.max(0, this.#random.below(2) === 0 ? floor - 2 : top - this.#random.below(5)) };
      case 3:
        return this.#random.chance(0.2) ? { epoch, offset: top + 1 + this.#random.below(3) } : 'now';
      case 4:
        return this.#random.chance(0.2) ? { epoch: 'of-another-log', offset: this.#random.below(9) } : 'start';
      default:
        return 'now';
    }
  }

  #historyQuery(): HistoryOptions {
    const limit = 1 + this.#random.below(10);
    const offset = this.#random.below(30);
    return this.#random.pick([{ limit }, { limit, after: offset }, { limit, before: offset + 1 }]);
  }

  #publish(client: SimClient): void {
    const random = this.#random;
    const name = random.pick(random.chance(0.03) ? ['closed/a', 'nowhere', '@me'] : rooms);
    const id = random.chance(0.25) ? this.#id(client.key(name), client.user) : undefined;
    const data = name === 'strict/a' && random.chance(0.1) ? { bad: ++this.#payloads } : this.#data();
    client.publish(name, data, {
      ...(id === undefined ? {} : { id }),
      ...(random.chance(0.05) ? { timeout: random.between(50, 2000) } : {}),
    });
  }

  #data(): unknown {
    const n = ++this.#payloads;
    const pad = 'x'.repeat(this.#random.below(80));
    if (this.#random.chance(0.1)) return new TextEncoder().encode(`${n} ${pad}`);
    return { n, pad };
  }

  /** Now and then one that was used before: a second client that does the same. */
  #id(channel: string, user: string | undefined): string {
    const known = this.#recentIds.filter((recent) => recent.channel === channel && recent.user === user);
    if (known.length > 0 && this.#random.chance(0.4)) return this.#random.pick(known).id;
    const id = `id-${++this.#ids}`;
    this.#recentIds = [...this.#recentIds.slice(-20), { id, user, channel }];
    return id;
  }

  #actOnServer(): void {
    const { rights, cluster, clients } = this.#world;
    const random = this.#random;
    const { user } = random.pick(clients);
    switch (random.weighted(serverActions)) {
      case 'change':
        return this.#changeAsServer();
      case 'publish':
        return this.#publishAsServer(random.pick(rooms), {});
      case 'again': {
        // A back end that retries over HTTP: the same id, more than once, at whatever node.
        const channel = random.pick(rooms);
        const id = this.#id(channel, undefined);
        this.#publishAsServer(channel, { id });
        return this.#publishAsServer(channel, { id, retry: true });
      }
      case 'inbox':
        return this.#publishAsServer(`@me/${user}`, {});
      case 'revoke':
        rights.revoke(user, random.pick([...rooms, ...stateRooms]));
        return cluster.order((engine) => engine.recheckUser(user));
      case 'grant': {
        const denied = rights.denied();
        if (denied.length > 0) rights.grant(...random.pick(denied));
        return;
      }
      case 'impose':
        return this.#impose();
      case 'disconnect':
        if (random.chance(0.7)) return;
        for (const client of clients) if (client.user === user) client.dismissed = true;
        cluster.order((engine) => engine.disconnectUser(user));
    }
  }

  /** The part of a table that a user may see changes, more often than not while a page of theirs is away. */
  #impose(): void {
    const { clients } = this.#world;
    const random = this.#random;
    const looking = clients.filter(({ watches }) => watches.tables.length > 0);
    if (looking.length > 0) this.#imposeOn(random.pick(looking), random.chance(0.7));
  }

  #imposeOn({ user, host, watches }: SimClient, whileAway: boolean): void {
    const { rights, cluster, network, checker } = this.#world;
    const random = this.#random;
    if (whileAway) network.breakFrom(host, random.pick(breakages));
    const channel = random.pick(watches.tables);
    const view = random.chance(0.3) ? undefined : drawView(random);
    checker.trace('rights', () => `${user} may see ${JSON.stringify(view)} of ${channel}`);
    rights.impose(user, channel, view);
    cluster.order((engine) => engine.recheckUser(user));
  }

  /** An author takes back a message, a back end that of anybody; now and then it was none of theirs, or is gone. */
  #redact(): void {
    const { clients, cluster, ledger } = this.#world;
    const random = this.#redactions;
    const up = clients.filter(({ host, status }) => host.running && status !== 'closed');
    if (up.length === 0) return;
    const client = random.pick(up);
    const byServer = random.chance(0.3);
    const channel = byServer && random.chance(0.3) ? client.key('@me') : random.pick(redactableRooms);
    const { epoch, top } = cluster.store.bounds(channel);
    const offsets = Array.from({ length: Math.min(top, 12) }, (_, i) => top - i);
    const fitting = offsets.filter((offset) => {
      const entry = ledger.entry(epoch, channel, offset);
      return entry?.redacts === undefined && (byServer || entry?.user === client.user);
    });
    if (offsets.length === 0) return;
    const offset = random.pick(fitting.length > 0 && random.chance(0.9) ? fitting : offsets);
    const reason = `reason ${++this.#payloads}`;
    if (!byServer) return client.redact(channel, { epoch, offset }, reason);
    const nodes = cluster.nodes.filter(({ engine, host }) => engine && host.running);
    if (nodes.length === 0) return;
    this.#storeAsServer(
      { channel, payload: payloadKey(redactionPayload({ offset, reason })), id: undefined, redacts: offset },
      random.pick(nodes),
      (engine) =>
        channel.startsWith('@me/')
          ? engine.redactions.redactForUser(client.user, { epoch, offset }, { reason })
          : engine.redactions.redact(channel, { epoch, offset }, { reason }),
    );
  }

  #changeAsServer(): void {
    const random = this.#random;
    const up = this.#world.cluster.nodes.filter(({ engine, host }) => engine && host.running);
    if (up.length === 0) return;
    const { engine, host } = random.pick(up);
    const channel = random.pick(stateRooms);
    const key = isTable(channel) ? random.pick(['a', 'b', 'c', 'h']) : undefined;
    const change = { key, kind: random.pick(['put', 'put', 'patch', 'delete'] as const), data: makeEntry(random) };
    const options = random.chance(0.1) ? { ttl: 200 + random.below(2800) } : {};
    host.run(() => void engine!.change(channel, change, options).catch(() => this.#world.onAnswer()));
  }

  #publishAsServer(channel: string, options: { id?: string; retry?: boolean }): void {
    const { nodes } = this.#world.cluster;
    const up = nodes.filter(({ engine, host }) => engine && host.running);
    if (up.length === 0) return;
    const node = this.#random.pick(up);
    const data = this.#data();
    this.#storeAsServer({ channel, payload: payloadKey(encodePayload(data)), id: options.id }, node, (engine) =>
      channel.startsWith('@me/')
        ? engine.publishToUser(channel.slice('@me/'.length), data, options)
        : engine.publish(channel, data, options),
    );
  }

  #storeAsServer(
    asked: Pick<PublishRecord, 'channel' | 'payload' | 'id' | 'redacts'>,
    { engine, host }: SimNode,
    store: (engine: Engine) => Promise<Published>,
  ): void {
    const { publishes } = this.#world;
    const record: PublishRecord = {
      ...asked,
      ...{ publisher: host.name, user: undefined, order: ++this.#serverOrder, outcome: { state: 'pending' } },
    };
    publishes.add(record);
    store(engine!).then(
      ({ position: { epoch, offset }, duplicate }) => publishes.acked(record, epoch, offset, duplicate),
      (error: unknown) => publishes.rejected(record, error instanceof LongwaveError ? error.code : 'aborted'),
    );
    this.#world.onAnswer();
  }
}
