import {
  LongwaveError,
  type View,
  canonicalView,
  decodePayload,
  encodePayload,
  isChannelName,
  viewTag,
} from '@longwave/protocol';
import type { Handler, RequestOptions, SubscribeOptions, TransportChoice } from './api.js';
import type { ConnectionState } from './connection-state.js';
import type { Context } from './context.js';
import type { Settings } from './options.js';
import type { Ports } from './ports.js';
import { createBackoff } from './backoff.js';
import { ChannelFeed } from './channel-feed.js';
import { ClientChannel } from './client-channel.js';
import { Connection } from './connection.js';
import { Ladder } from './ladder.js';
import { LocalSubscription } from './local-subscription.js';
import { type Listener, LocalWatch } from './local-watch.js';
import { Memberships } from './memberships.js';
import { Outbox } from './outbox.js';
import { Requests, defaultTimeoutMs } from './requests.js';
import type { WatchOptions } from './state-api.js';
import { StateFeed } from './state-feed.js';
import { TokenRefresher } from './token-refresher.js';
import { TokenSource } from './token-source.js';
import { type Fate, Wire, tagOf } from './wire.js';
import type { WireSubscription } from './wire-subscription.js';
import { call } from './safe-call.js';

/** The parts of one client, wired together. Everything is by name and `unknown` here; {@link Client} types it. */
export class RealtimeClient {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #wire: Wire;
  readonly #ladder: Ladder;
  readonly #connection: Connection;
  readonly #refresher: TokenRefresher;
  readonly #memberships: Memberships;
  /** By channel and tag. */
  readonly #feeds = new Map<string, WireSubscription>();
  /** By the tag that frames still have that were under way when the view was exchanged. */
  readonly #formerly = new Map<string, StateFeed>();
  readonly #listeners = new Set<(state: ConnectionState) => void>();

  constructor(ports: Ports, settings: Settings) {
    const { clock, random } = ports;
    const tokens = new TokenSource(settings.token);
    const ladder = (this.#ladder = new Ladder(ports.transports, ports.environment.memory));
    const backoff = createBackoff(settings.minDelayMs, settings.maxDelayMs, random);
    this.#wire = new Wire(settings.codec, settings.clientId, settings.bytesPerSecond);
    const requests = new Requests(this.#wire, clock);
    this.#outbox = new Outbox(this.#wire, clock, backoff, settings);
    this.#refresher = new TokenRefresher(ports, tokens, requests, this.#wire);
    this.#context = { ports, wire: this.#wire, requests, backoff };
    this.#memberships = new Memberships(this.#context);
    this.#wire.onRoom = () => this.#pump();
    this.#connection = new Connection(
      { ports, settings, tokens, backoff, wire: this.#wire, ladder },
      {
        // Positions first: what was missed is on its way while the rest is being sent.
        onOpen: () => {
          for (const feed of new Set(this.#feeds.values())) feed.onOpen();
          this.#memberships.onOpen();
        },
        onRoom: () => this.#pump(),
        onConnected: ({ expiresInMs }) => {
          this.#refresher.start(expiresInMs);
          this.#pump();
        },
        onChannelFrame: (frame) => {
          const key = feedKey(frame.channel, tagOf(frame));
          this.#feeds.get(key)?.onFrame(frame);
          this.#formerly.get(key)?.onFrame(frame);
        },
        onExited: ({ channel, code }) => this.#memberships.onExited(channel, new LongwaveError(code)),
        onDown: (fate) => this.#onDown(fate),
        onLost: () => {
          this.#context.requests.onDown('unknown');
          this.#outbox.onDown('unknown');
          this.#pump();
        },
        onEnd: (error) => this.#onEnd(error),
        onState: (state) => {
          for (const listener of [...this.#listeners]) call(ports, listener, state);
        },
      },
    );
    this.#connection.start();
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get transport(): TransportChoice {
    const { transport, why } = this.#ladder;
    return { name: transport.name, why };
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    // A function of our own, so that one given twice is called twice and stopped one at a time.
    const entry = (state: ConnectionState): void => listener(state);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  channel(name: string): ClientChannel {
    if (!isChannelName(name)) throw new LongwaveError('unknown-channel', `'${name}' is not a channel name.`);
    return new ClientChannel(name, {
      requests: this.#context.requests,
      outbox: this.#outbox,
      assertOpen: () => this.#assertOpen(),
      memberships: this.#memberships,
      subscribe: (options, handler) => this.#subscribe(name, options, handler),
      watch: (channel, view, options, listener) => this.#watch(channel, view, options, listener),
    });
  }

  call(method: string, input?: unknown, options: RequestOptions = {}): Promise<unknown> {
    this.#assertOpen();
    // Encoded here, so that what cannot be is thrown to the caller, and what is sent is what was given.
    const payload = encodePayload(input);
    return new Promise((resolve, reject) => {
      this.#context.requests.add(
        {
          ...{ timeoutMs: defaultTimeoutMs, ...options },
          expects: 'reply',
          repeat: false,
          resolve: (answer) => resolve(answer.data),
          reject,
        },
        (id) => ({ type: 'call', id, method, data: decodePayload(payload) }),
      );
    });
  }

  reconnect(): void {
    this.#assertOpen();
    this.#connection.reconnect();
  }

  refresh(): Promise<void> {
    this.#assertOpen();
    return this.#refresher.refresh();
  }

  close(): void {
    this.#memberships.close();
    this.#connection.close();
  }

  #subscribe(channel: string, options: SubscribeOptions, handler: Handler<unknown> | undefined): LocalSubscription {
    const feed = this.#feeds.get(channel) ?? this.#open(channel);
    if (!(feed instanceof ChannelFeed)) throw new LongwaveError('wrong-mode', 'The channel is watched.');
    const subscription = new LocalSubscription(this.#context, feed, options, handler);
    feed.add(subscription);
    return subscription;
  }

  #open(channel: string): ChannelFeed {
    const feed: ChannelFeed = new ChannelFeed(this.#context, channel, () => this.#close(channel, feed));
    this.#feeds.set(channel, feed);
    return feed;
  }

  #watch(channel: string, view: View, options: WatchOptions, listener: Listener | undefined): LocalWatch {
    this.#assertOpen();
    const watch = new LocalWatch(this.#context, { move: (moved, to) => this.#move(moved, to) }, options, listener);
    this.#show(watch, channel, view);
    return watch;
  }

  /** CLI-5: watches with equal views share one feed. */
  #show(watch: LocalWatch, channel: string, view: View): StateFeed {
    const key = feedKey(channel, viewTag(canonicalView(view)));
    const known = this.#feeds.get(key);
    if (known instanceof ChannelFeed) throw new LongwaveError('wrong-mode', 'The channel is subscribed to.');
    const feed = (known as StateFeed | undefined) ?? this.#openState(channel, view);
    watch.attach(feed);
    feed.add(watch);
    return feed;
  }

  #openState(channel: string, view: View): StateFeed {
    const feed = new StateFeed(this.#context, channel, view, {
      retag: (moved, tag) => {
        const key = feedKey(channel, moved.tag);
        const other = this.#feeds.get(key);
        if (other instanceof StateFeed && other !== moved) return other;
        this.#close(feedKey(channel, tag), moved);
        this.#formerly.set(feedKey(channel, tag), moved);
        this.#feeds.set(key, moved);
        return undefined;
      },
      dropTag: (moved, tag) => {
        const key = feedKey(channel, tag);
        if (this.#formerly.get(key) === moved) this.#formerly.delete(key);
      },
      onEmpty: (ended) => this.#close(feedKey(channel, ended.tag), ended),
    });
    this.#feeds.set(feedKey(channel, feed.tag), feed);
    return feed;
  }

  #move(watch: LocalWatch, view: View): void {
    const { feed } = watch;
    const tag = viewTag(canonicalView(view));
    const other = this.#feeds.get(feedKey(feed.channel, tag));
    if (feed.size === 1 && (other === undefined || other === feed)) return feed.track(view);
    watch.detach();
    feed.leave(watch);
    this.#show(watch, feed.channel, view);
  }

  #close(key: string, feed: WireSubscription): void {
    if (this.#feeds.get(key) === feed) this.#feeds.delete(key);
  }

  #assertOpen(): void {
    if (this.state.status === 'closed') throw new LongwaveError('closed', undefined, { cause: this.state.error });
  }

  #pump(): void {
    this.#context.requests.pump();
    this.#outbox.pump();
  }

  #onDown(fate: Fate): void {
    this.#refresher.stop();
    for (const feed of new Set(this.#feeds.values())) feed.onDown();
    this.#memberships.onDown();
    this.#context.requests.onDown(fate);
    this.#outbox.onDown(fate);
  }

  #onEnd(error: LongwaveError): void {
    for (const feed of new Set(this.#feeds.values())) feed.end(error);
    this.#memberships.end(error);
    this.#context.requests.end(error);
    this.#outbox.end(error);
  }
}

function feedKey(channel: string, tag: string | undefined): string {
  return tag === undefined ? channel : `${channel} ${tag}`;
}
