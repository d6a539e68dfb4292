import { LongwaveError, Prepared, isChannelName, wireLimits } from '@longwave/protocol/client';
import type { RequestOptions } from '../api/api.js';
import type { TransportChoice } from '../api/client-api.js';
import type { ConnectionState } from '../connection/connection-state.js';
import type { Context } from '../context.js';
import type { Settings } from '../base/options.js';
import type { Diagnostic, Ports } from '../base/ports.js';
import type { States } from './states.js';
import { createBackoff } from '../connection/backoff.js';
import { ClientChannel } from './client-channel.js';
import { Connection } from '../connection/connection.js';
import { FeedRegistry } from '../subscriptions/feed-registry.js';
import { Feeds } from '../subscriptions/feeds.js';
import { TransportFallback } from '../connection/transport-fallback.js';
import { type Handler, Handlers } from '../sending/handlers.js';
import { Outbox } from '../sending/outbox.js';
import { OwnPublishes } from '../sending/own-publishes.js';
import { Requests } from '../sending/requests.js';
import { TokenRefresher } from '../sending/token-refresher.js';
import { TokenSource } from '../connection/token-source.js';
import { type Fate, FrameSender } from '../connection/frame-sender.js';
import { check, exactly, requestOptions, text } from '../base/check.js';
import { Listeners } from '../base/listeners.js';

const anyText = text(Infinity, 0);
const methodName = text(wireLimits.methodLength);

/** Makes the part for state and presence. */
export type StatesFactory = (context: Context, registry: FeedRegistry) => States;

/** The parts of one client, wired together. Everything is by name and `unknown` here; {@link Client} types it. */
export class RealtimeClient {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #sender: FrameSender;
  readonly #fallback: TransportFallback;
  readonly #connection: Connection;
  readonly #refresher: TokenRefresher;
  readonly #feeds: Feeds;
  /** For channels with state, and presence. */
  readonly #states: States;
  readonly #handlers: Handlers;
  readonly #listeners = new Listeners<[ConnectionState]>();
  readonly #errors = new Listeners<[Diagnostic]>();

  constructor(host: Ports, settings: Settings, createStates: StatesFactory) {
    const ports: Ports = { ...host, onDiagnostic: (diagnostic) => this.#onDiagnostic(host, diagnostic) };
    const { clock, random } = ports;
    const tokens = new TokenSource(settings.token);
    const fallback = (this.#fallback = new TransportFallback(ports.transports, ports.environment.memory));
    const backoff = createBackoff(settings.minDelayMs, settings.maxDelayMs, random, settings.firstMaxMs);
    this.#sender = new FrameSender(settings);
    const requests = new Requests(this.#sender, clock);
    const own = new OwnPublishes();
    this.#outbox = new Outbox({ sender: this.#sender, clock, backoff, settings, own });
    this.#refresher = new TokenRefresher(ports, tokens, requests, this.#sender);
    const registry = new FeedRegistry();
    this.#context = { ports, sender: this.#sender, requests, backoff, own };
    this.#states = createStates(this.#context, registry);
    this.#feeds = new Feeds(this.#context, registry, (channel, view) => this.#states.feedOf(channel, view));
    this.#handlers = new Handlers(ports, this.#sender, settings.checks);
    this.#sender.answers.onRoom = () => this.#pump();
    this.#connection = new Connection(
      { ports, settings, tokens, backoff, sender: this.#sender, fallback },
      {
        // Positions first: what was missed is on its way while the rest is being sent.
        onOpen: () => {
          this.#feeds.onOpen();
          this.#states.members.onOpen();
        },
        onRoom: () => this.#pump(),
        onConnected: ({ expiresInMs, user }) => {
          own.user = user;
          this.#refresher.start(expiresInMs);
          this.#pump();
        },
        onChannelFrame: (frame) => this.#feeds.onFrame(frame),
        onAsk: (frame) => void this.#handlers.answer(frame),
        onExited: ({ channel, code }) => this.#states.members.onExited(channel, new LongwaveError(code)),
        onDown: (fate) => this.#onDown(fate),
        onTooLarge: () => this.#outbox.dropLargest(),
        onLost: () => {
          this.#context.requests.onDown('unknown');
          this.#outbox.onDown('unknown');
          this.#pump();
        },
        onEnd: (error) => this.#onEnd(error),
        onState: (state) => {
          this.#listeners.tell(ports, state);
          if (state.status !== 'closed' || !state.error) return;
          ports.onDiagnostic({ kind: 'closed', message: state.error.message, cause: state.error });
        },
      },
    );
    this.#connection.start();
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get transport(): TransportChoice {
    const { transport, why } = this.#fallback;
    return { name: transport.name, why };
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#listeners.add(listener);
  }

  on(event: 'error', handler: (error: Diagnostic) => void): () => void {
    check('event', event, exactly('error'));
    return this.#errors.add(handler, 'handler');
  }

  channel(name: string): ClientChannel {
    check('name', name, anyText);
    if (!isChannelName(name)) throw new LongwaveError('unknown-channel', `'${name}' is not a channel name.`);
    return new ClientChannel(name, {
      client: this,
      requests: this.#context.requests,
      outbox: this.#outbox,
      own: this.#context.own,
      assertOpen: () => this.#assertOpen(),
      members: this.#states.members,
      sumDemand: (parts) => this.#states.sumDemand(parts),
      subscribe: (options, handler) => this.#feeds.subscribe(name, options, handler),
      attach: (make) => this.#feeds.attach(name, make),
      watch: (channel, view, options, listener) => {
        this.#assertOpen();
        return this.#feeds.watch(channel, view, options, listener);
      },
    });
  }

  call(method: string, input?: unknown, options: RequestOptions = {}): Promise<unknown> {
    this.#assertOpen();
    check('method', method, methodName);
    check('options', options, requestOptions);
    // Encoded here, so that what cannot be is thrown to the caller, and what is sent is what was given.
    const data = new Prepared(input);
    const ask = async (): Promise<unknown> => {
      const { requests } = this.#context;
      return (await requests.ask('reply', false, options, (id) => ({ type: 'call', id, method, data }))).data;
    };
    return this.#handlers.checks?.call(method, input, ask) ?? ask();
  }

  handle(handlers: Readonly<Record<string, Handler>>): () => void {
    return this.#handlers.add(handlers);
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
    this.#states.members.close();
    this.#connection.close();
  }

  #assertOpen(): void {
    const { state } = this;
    if (!this.#connection.ended) return;
    throw new LongwaveError('closed', undefined, { cause: state.status === 'closed' ? state.error : undefined });
  }

  #pump(): void {
    this.#context.requests.pump();
    this.#outbox.pump();
  }

  /** Listeners to the state know that the client is closed. */
  #onDiagnostic(host: Ports, diagnostic: Diagnostic): void {
    const { size } = this.#errors;
    this.#errors.tell(host, diagnostic);
    host.onDiagnostic(diagnostic, size > 0 || (diagnostic.kind === 'closed' && this.#listeners.size > 0));
  }

  #onDown(fate: Fate): void {
    this.#refresher.stop();
    this.#feeds.onDown();
    this.#states.members.onDown();
    this.#context.requests.onDown(fate);
    this.#outbox.onDown(fate);
  }

  #onEnd(error: LongwaveError): void {
    this.#feeds.end(error);
    this.#states.members.end(error);
    this.#context.requests.end(error);
    this.#outbox.end(error);
  }
}
