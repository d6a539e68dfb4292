import {
  type From,
  LongwaveError,
  type Position,
  type Published,
  encodePayload,
  redactionPayload,
} from '@longwave/protocol';
import {
  type Channel,
  type Client,
  type Diagnostic,
  type HistoryOptions,
  type Message,
  type SubscribeOptions,
  type Subscription,
  type Transport,
  binaryCodec,
  connect,
  pollTransport,
  streamTransport,
} from '@longwave/client';
import type { FakeLink } from '../network/fake-link.js';
import type { Access, Route } from '../network/fake-network.js';
import type { PublishRecord } from '../checking/publish-log.js';
import type { Random } from '../random.js';
import type { Scene } from './scene.js';
import { Host } from '../checking/host.js';
import { payloadKey } from '../checking/ledger.js';
import { SimWatches } from './sim-watches.js';
import { SubscriptionMonitor } from '../checking/subscription-monitor.js';
import { checkPage } from '../checking/check-page.js';

/** An error that an application's handler throws on purpose. */
class PlannedError extends Error {}

const kindNames = ['websocket', 'stream', 'poll', 'auto', 'auto', 'auto', 'auto'] as const;

interface Held {
  readonly monitor: SubscriptionMonitor;
  readonly subscription: Subscription<unknown>;
  readonly name: string;
}

/** One page of an application: a client, its subscriptions, and an eye on all it is told. */
export class SimClient {
  readonly name: string;
  readonly user: string;
  readonly host: Host;
  access: Access = 'online';
  /** Ways that the network blocks. */
  readonly blocked = new Map<Route | 'websocket', Access>();
  /** The last ones, without requests that only go up. */
  readonly #links: FakeLink[] = [];
  /** Milliseconds that an iteration spends on a message. */
  slownessMs: number;
  /** The server ended the client on purpose. */
  dismissed = false;
  held: Held[] = [];
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #client: Client;
  readonly #wakers = new Set<(why: 'online' | 'visible') => void>();
  readonly watches: SimWatches;
  #tokens = 0;
  #transport: string | undefined;
  #order = 0;
  #closed = false;
  #usedLast = false;

  constructor(scene: Scene, name: string, user: string) {
    this.#scene = scene;
    this.name = name;
    this.user = user;
    const random = (this.#random = scene.random.stream(name));
    this.host = new Host(name, scene.clock, random.stream('host'));
    this.slownessMs = random.pick([0, 20, 200]);
    const { sabotage, profile, checker } = scene;
    const { clientClock } = this.host;
    this.#client = connect('http://simulated', {
      transport: this.#transports(),
      clock: sabotage.clientClock ? sabotage.clientClock(clientClock, random.stream('clock')) : clientClock,
      environment: {
        onWake: (listener) => {
          this.#wakers.add(listener);
          return () => void this.#wakers.delete(listener);
        },
        isOnline: () => (random.chance(0.5) ? this.access === 'online' : undefined),
      },
      random: () => random.next(),
      createId: () => random.id(),
      codec: random.pick(['json', binaryCodec()]),
      token: () => this.#token(profile.asyncTokens),
      reconnect: { minDelay: 100, maxDelay: 2000 },
      connectTimeout: 4000,
      reportError: (error) => {
        if (!(error instanceof PlannedError)) checker.violate('internal', name, `an error came out: ${String(error)}`);
      },
      onDiagnostic: (diagnostic) => this.#onDiagnostic(diagnostic),
    });
    this.watches = new SimWatches(scene, this.#client, this, random.stream('watches'));
    this.#client.onState((state) => {
      if (state.status === 'connected') this.#onTransport(state.transport);
      checker.trace(name, () => `${state.status}${'error' in state && state.error ? ` (${state.error.code})` : ''}`);
    });
  }

  /** One kind, or all of them, as applications have it. */
  #transports(): Transport[] {
    const { network, checker } = this.#scene;
    const { host, name } = this;
    const webSocket = network.transport({
      host,
      access: () => this.#accessOf('websocket'),
      onLink: (link) => {
        this.#addLink(link);
        checker.trace(name, () => `dials (${this.#accessOf('websocket')})`);
      },
    });
    const request = network.requests(
      host,
      (route) => this.#accessOf(route),
      (link, route) => {
        if (route !== 'send') this.#addLink(link);
        checker.trace(name, () => `requests ${route} (${this.#accessOf(route)})`);
      },
    );
    const [stream, poll] = [streamTransport({ request }), pollTransport({ request })];
    const kinds = { websocket: [webSocket], stream: [stream], poll: [poll], auto: [webSocket, stream, poll] };
    return kinds[this.#scene.profile.transports === 'mixed' ? this.#random.pick(kindNames) : 'websocket'];
  }

  /** The one that delivers. */
  get link(): FakeLink | undefined {
    return this.#links.findLast((link) => link.attached && link.acceptedAt < Infinity) ?? this.#links.at(-1);
  }

  #addLink(link: FakeLink): void {
    this.#links.push(link);
    if (this.#links.length > 8) this.#links.shift();
  }

  #accessOf(route: Route | 'websocket'): Access {
    return this.access === 'online' ? (this.blocked.get(route) ?? 'online') : this.access;
  }

  get #isOnHttp(): boolean {
    return this.#transport === 'stream' || this.#transport === 'poll';
  }

  #onTransport(name: string): void {
    if (this.#transport !== undefined && this.#transport !== name) this.#scene.checker.switches++;
    this.#transport = name;
  }

  get status(): Client['state']['status'] {
    return this.#client.state.status;
  }

  /** Why the client gave up, if it did. */
  get closedBy(): string | undefined {
    const { state } = this.#client;
    return state.status === 'closed' ? (state.error?.code ?? 'closed') : undefined;
  }

  key(channel: string): string {
    return channel === '@me' ? `@me/${this.user}` : channel;
  }

  subscribe(name: string, from: From, iterated: boolean, throws: boolean): void {
    if (this.status === 'closed') return;
    const { clock, checker, ledger, rights, cluster, sabotage, revocationMs, profile } = this.#scene;
    const held = this.held.filter((other) => other.name === name && other.monitor.state === 'open');
    if (typeof from === 'object' && 'last' in from) this.#usedLast = true;
    const hearsResets = !iterated || this.#random.chance(0.5);
    const monitor = new SubscriptionMonitor({
      ...{ clock, checker, ledger, rights, revocationMs, from, iterated, hearsResets },
      retained: (channel) => cluster.store.bounds(channel),
      client: this.name,
      user: this.user,
      channel: this.key(name),
      alone: held.length === 0,
      mayShorten: () => this.#usedLast,
      hearsAtOnce: profile.store === 'shared' || profile.store === 'dying',
      // Over HTTP what is recovered may come over another request, which was made before.
      linkedSince: (recovered) => (recovered && this.#isOnHttp ? -Infinity : (this.link?.acceptedAt ?? -Infinity)),
    });
    const told: SubscribeOptions = {
      from,
      onSubscribed: (info) => monitor.onSubscribed(info),
      onRedact: (redaction) => monitor.onRedact(redaction),
      onEnd: ({ code }) => monitor.onEnd(code),
      ...(iterated && { bufferLimit: this.#random.pick([1, 3, 1024]) }),
      ...(hearsResets && { onReset: (info) => monitor.onReset(info) }),
    };
    let messages = 0;
    const handler = (data: unknown, meta: Message<unknown>['meta']): void => {
      monitor.onMessage(data, meta);
      if (throws && ++messages % 3 === 0) throw new PlannedError('A handler failed.');
    };
    const plain = { options: told, handler: iterated ? undefined : handler };
    const { options, handler: last } = sabotage.subscribe?.(plain.options, plain.handler, this.#random) ?? plain;
    const subscription = this.#channel(name).subscribe(options, last);
    this.held.push({ monitor, subscription, name });
    if (iterated) void this.#iterate(subscription, monitor);
  }

  unsubscribe({ subscription, monitor }: Held): void {
    monitor.leave();
    subscription.unsubscribe();
    this.held = this.held.filter((other) => other.monitor.state === 'open');
  }

  publish(name: string, data: unknown, options: { id?: string; timeout?: number } = {}): void {
    if (this.status === 'closed') return;
    const payload = payloadKey(encodePayload(data));
    this.#follow({ channel: this.key(name), payload, id: options.id }, this.#channel(name).publish(data, options));
  }

  /** `reason` is like no other. */
  redact(name: string, target: Position, reason: string): void {
    if (this.status === 'closed') return;
    const { offset } = target;
    const payload = payloadKey(redactionPayload({ offset, reason }));
    const asked = { channel: this.key(name), payload, id: undefined, redacts: offset };
    this.#follow(asked, this.#channel(name).redact(target, { reason }));
  }

  #follow(asked: Pick<PublishRecord, 'channel' | 'payload' | 'id' | 'redacts'>, published: Promise<Published>): void {
    const { publishes } = this.#scene;
    const { name: publisher, user } = this;
    const record: PublishRecord = {
      ...asked,
      ...{ publisher, user, order: ++this.#order, outcome: { state: 'pending' } },
    };
    publishes.add(record);
    published.then(
      ({ position, duplicate }) => publishes.acked(record, position.epoch, position.offset, duplicate),
      (error: unknown) => publishes.rejected(record, error instanceof LongwaveError ? error.code : 'aborted'),
    );
    this.#scene.onAnswer();
  }

  call(input: string): void {
    if (this.status === 'closed') return;
    const { checker, pending } = this.#scene;
    pending.begin();
    this.#client
      .call('echo', input)
      .then(
        (output) => checker.expect(output === input, 'internal', this.name, () => 'the reply is of another call'),
        (error: unknown) => checker.trace(this.name, () => `call failed: ${String(error)}`),
      )
      .finally(() => pending.end());
  }

  history(name: string, query: HistoryOptions): void {
    if (this.status === 'closed') return;
    const { checker, pending, ledger, cluster, clock } = this.#scene;
    const askedAt = clock.time;
    const asked = cluster.store.bounds(this.key(name));
    pending.begin();
    this.#channel(name)
      .history(query)
      .then(
        (page) =>
          checkPage(
            { checker, ledger, subject: `${this.name} ${name}`, channel: this.key(name), query, asked, askedAt },
            page,
          ),
        (error: unknown) => checker.trace(this.name, () => `history failed: ${String(error)}`),
      )
      .finally(() => pending.end());
  }

  refresh(): void {
    if (this.status === 'closed') return;
    const { pending } = this.#scene;
    pending.begin();
    this.#client
      .refresh()
      .catch((error: unknown) => this.#scene.checker.trace(this.name, () => `refresh failed: ${String(error)}`))
      .finally(() => pending.end());
  }

  reconnect(): void {
    if (this.status !== 'closed') this.#client.reconnect();
  }

  wake(): void {
    for (const waker of [...this.#wakers]) waker(this.#random.pick(['online', 'visible']));
  }

  /** Where its subscriptions stand, as an application would save it. */
  savedPositions(): readonly { readonly name: string; readonly from: Position; readonly iterated: boolean }[] {
    return this.held.flatMap(({ monitor, subscription, name }) => {
      const { position } = subscription;
      return position && monitor.state === 'open' ? [{ name, from: position, iterated: monitor.iterated }] : [];
    });
  }

  close(): void {
    const { checker } = this.#scene;
    this.#closed = true;
    this.#client.close();
    for (const { monitor } of this.held) {
      checker.expect(monitor.state !== 'open', 'liveness', this.name, () => `${monitor.channel}: not told of the end`);
    }
    this.held = [];
    this.watches.close();
    checker.expect(this.host.timers === 0, 'leak', this.name, () => `${this.host.timers} timers are left after close`);
    checker.expect(this.#wakers.size === 0, 'leak', this.name, () => 'still listens for the host to wake up');
  }

  #channel(name: string): Channel<unknown, unknown> {
    return this.#client.channel(name);
  }

  async #iterate(subscription: Subscription<unknown>, monitor: SubscriptionMonitor): Promise<void> {
    try {
      for await (const { data, meta } of subscription) {
        if (monitor.state === 'left' || this.#closed) return;
        monitor.onMessage(data, meta);
        if (this.slownessMs > 0) {
          await new Promise<void>((resolve) => {
            this.#scene.clock.after(this.slownessMs, () => {
              this.#scene.onAnswer();
              resolve();
            });
          });
        }
      }
    } catch (error) {
      this.#scene.checker.trace(this.name, () => `iteration ended: ${String(error)}`);
    }
  }

  #token(later: boolean): string | Promise<string> {
    const token = `${this.user}.${++this.#tokens}`;
    this.#scene.checker.trace(this.name, () => `is asked for a token: ${token}`);
    if (!later) return token;
    return new Promise((resolve) => {
      this.#scene.clock.after(this.#random.between(0, 50), () => {
        this.#scene.onAnswer();
        resolve(token);
      });
    });
  }

  #onDiagnostic({ kind, channel, message }: Diagnostic): void {
    const { checker } = this.#scene;
    checker.trace(this.name, () => `diagnostic ${kind}: ${message}`);
    if (kind === 'token' || kind === 'transport' || kind === 'closed') return;
    const isTrue = kind === 'unreachable' && this.#transport === undefined;
    const excused = isTrue || (kind === 'silence' && this.#isExcused());
    const subject = channel === undefined ? this.name : `${this.name} ${this.key(channel)}`;
    checker.expect(excused, 'needless', subject, () => `${kind}: ${message}`);
  }

  /** Something kept the link from being heard in the last minute. */
  #isExcused(): boolean {
    if (this.#links.length === 0) return true;
    const troubles = this.#links.flatMap(({ troubledAt, serverHost }) => [troubledAt, serverHost?.troubledAt ?? 0]);
    const last = Math.max(this.host.troubledAt, ...troubles);
    return last > this.#scene.clock.time - 60_000;
  }
}
