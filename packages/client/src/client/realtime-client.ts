import { LongwaveError, Prepared, isChannelName, methodLength } from '@longwave/protocol/client';
import type { RequestOptions } from '../api/api.js';
import type { TransportChoice } from '../api/client-api.js';
import type { ConnectionState } from '../connection/connection-state.js';
import type { Context } from '../context.js';
import type { Late } from '../base/late.js';
import type { Settings } from '../base/options.js';
import type { Diagnostic, Ports } from '../base/ports.js';
import type { LinkExchange, LinkExchangeParts } from '../connection/link-exchange.js';
import type { States } from '../presence/states.js';
import type { Sending, SendingParts } from '../sending/sending.js';
import { createBackoff } from '../connection/backoff.js';
import { ClientChannel } from './client-channel.js';
import { Connection } from '../connection/connection.js';
import { FeedRegistry } from '../subscriptions/feed-registry.js';
import { Feeds } from '../subscriptions/feeds.js';
import { TransportFallback } from '../connection/transport-fallback.js';
import { withTimeout } from '../sending/deadline.js';
import { type Handler, Handlers } from '../sending/handlers.js';
import { TokenSource } from '../connection/token-source.js';
import { FrameSender } from '../connection/frame-sender.js';
import { check, exactly, requestOptions, text } from '../base/check.js';
import { Listeners } from '../base/listeners.js';

/** A client that was never let in tells of its trouble after so many attempts. */
const toldAttempts = 3;
const anyText = text(Infinity, 0);
const methodName = text(methodLength);

/** Make the parts that not every client needs at first: they are at hand, or are loaded later. */
export interface PartFactories {
  readonly states: (context: Context, registry: FeedRegistry) => States;
  readonly sending: (parts: SendingParts) => Late<Sending>;
  readonly exchange: (parts: LinkExchangeParts) => Late<LinkExchange>;
}

/** The parts of one client, wired together. Everything is by name and `unknown` here; {@link Client} types it. */
export class RealtimeClient {
  readonly #fallback: TransportFallback;
  readonly #connection: Connection;
  readonly #feeds: Feeds;
  /** For channels with state, and presence. */
  readonly #states: States;
  readonly #sending: Late<Sending>;
  readonly #handlers: Handlers;
  readonly #listeners = new Listeners<[ConnectionState]>();
  readonly #errors = new Listeners<[Diagnostic]>();

  constructor(host: Ports, settings: Settings, factories: PartFactories) {
    const ports: Ports = { ...host, onDiagnostic: (diagnostic) => this.#onDiagnostic(host, diagnostic) };
    const tokens = new TokenSource(settings.token);
    const fallback = (this.#fallback = new TransportFallback(ports.transports, ports.environment.memory));
    const backoff = createBackoff(settings, ports.random);
    const sender = new FrameSender(settings);
    const handlers = (this.#handlers = new Handlers(settings.checks));
    const { exchange } = factories;
    const parts = { ports, settings, tokens, backoff, sender, fallback, handlers, exchange };
    const sending = (this.#sending = factories.sending(parts));
    const context: Context = { ports, sender, backoff, sending };
    const registry = new FeedRegistry();
    const states = (this.#states = factories.states(context, registry));
    const { members } = states;
    const feeds = (this.#feeds = new Feeds(context, registry));
    const pump = (): void => sending.part?.pump();
    sender.answers.onRoom = pump;
    this.#connection = new Connection(parts, {
      // Positions first: what was missed is on its way while the rest is being sent.
      onOpen: () => {
        feeds.onOpen();
        members.onOpen();
      },
      onRoom: pump,
      onConnected: ({ expiresInMs }) => {
        if (expiresInMs !== undefined && tokens.renewable) {
          sending.use(({ refresher }) => sender.connected && refresher.start(expiresInMs));
        } else sending.part?.refresher.stop();
        pump();
      },
      onChannelFrame: (frame) => feeds.onFrame(frame),
      onAsk: (frame) => sending.use((part) => part.answer(frame)),
      onExited: ({ channel, code }) => members.onExited(channel, new LongwaveError(code)),
      onDown: (fate) => {
        feeds.onDown();
        members.onDown();
        sending.part?.onDown(fate);
      },
      onTooLarge: () => sending.part?.outbox.dropLargest() ?? false,
      onLost: () => sending.part?.onLost(),
      onEnd: (error) => {
        feeds.end(error);
        members.end(error);
        sending.part?.end(error);
        sending.end(error);
      },
      onState: (state) => {
        this.#listeners.tell(ports, state);
        if (!('error' in state)) return;
        const { error } = state;
        const isUnknown = state.status === 'waiting' && state.attempt === toldAttempts && !sender.limitKnown;
        const kind = isUnknown ? 'unreachable' : state.status === 'closed' && error && 'closed';
        if (kind) ports.onDiagnostic({ kind, message: error?.message ?? 'ended', cause: error });
      },
    });
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
    if (!isChannelName(name))
      throw new LongwaveError('unknown-channel', `'${name}' is not a channel name (letters, numbers, /._~@:=+,!-).`);
    return new ClientChannel(name, {
      client: this,
      members: this.#states.members,
      sending: this.#sending,
      states: () => this.#whileOpen(this.#states),
      subscribe: (options, handler) => this.#whileOpen(this.#feeds).subscribe(name, options, handler),
      attach: (make) => this.#whileOpen(this.#feeds).attach(name, make),
    });
  }

  call(method: string, input?: unknown, options: RequestOptions = {}): Promise<unknown> {
    const sending = this.#sending;
    check('method', method, methodName);
    check('options', options, requestOptions);
    // Encoded here, so that what cannot be is thrown to the caller, and what is sent is what was given.
    const data = new Prepared(input);
    const ask = async (): Promise<unknown> => {
      const { data: output } = await sending.ask(withTimeout(options), ({ requests }, limits) =>
        requests.ask('reply', false, limits, (id) => ({ type: 'call', id, method, data })),
      );
      return output;
    };
    return this.#handlers.checks?.call(method, input, ask) ?? ask();
  }

  handle(handlers: Readonly<Record<string, Handler>>): () => void {
    return this.#handlers.add(handlers);
  }

  reconnect(): void {
    this.#whileOpen(this.#connection).reconnect();
  }

  refresh(): Promise<void> {
    return this.#sending.ask({}, ({ refresher }) => refresher.refresh());
  }

  close(): void {
    this.#states.members.close();
    this.#connection.close();
  }

  /** Gives the part. Throws `closed` after the end. */
  #whileOpen<Part>(part: Part): Part {
    const { state } = this;
    if (!this.#connection.ended) return part;
    const cause = state.status === 'closed' ? state.error : undefined;
    throw new LongwaveError('closed', cause?.message, { cause });
  }

  /** Listeners to the state know that the client is closed. */
  #onDiagnostic(host: Ports, diagnostic: Diagnostic): void {
    const { size } = this.#errors;
    this.#errors.tell(host, diagnostic);
    host.onDiagnostic(diagnostic, size > 0 || (diagnostic.kind === 'closed' && this.#listeners.size > 0));
  }
}
