import {
  type Connected,
  type Encoded,
  LongwaveError,
  type ReceivedFrame,
  codeOfClose,
  protocolVersion,
} from '@longwave/protocol';
import type { Backoff } from './backoff.js';
import type { ConnectionState } from './connection-state.js';
import type { Settings } from './options.js';
import type { Link, LinkClose, Ports, Timer } from './ports.js';
import type { ChannelFrame, Fate, Wire } from './wire.js';
import { Heartbeat } from './heartbeat.js';
import type { TokenSource } from './token-source.js';
import { toError } from './to-error.js';

export interface ConnectionParts {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly tokens: TokenSource;
  readonly backoff: Backoff;
  readonly wire: Wire;
}

export interface ConnectionEvents {
  /** `connect` was sent: frames may follow (SES-2). */
  onOpen(): void;
  onConnected(frame: Connected): void;
  onChannelFrame(frame: ChannelFrame): void;
  onDown(fate: Fate): void;
  /** For good. */
  onEnd(error: LongwaveError): void;
  onState(state: ConnectionState): void;
}

type Status =
  | { readonly name: 'idle' }
  | { readonly name: 'waiting'; readonly advised: boolean; readonly retryAt: number }
  | {
      readonly name: 'connecting';
      stage: 'token' | 'opening' | 'joining';
      token: string | undefined;
    }
  | {
      readonly name: 'connected';
      readonly since: number;
      readonly heartbeat: Heartbeat;
      /** What the server said would end the connection, and when. */
      reason: { readonly error: LongwaveError; readonly at: number } | undefined;
      /** When the draining node wants us back (SES-7). */
      retryAt: number | undefined;
    }
  | { readonly name: 'closed' };

/** A connection has proven itself when it lasted this long: failures before it are forgotten. */
const provenMs = 5_000;
/** A close this soon after an error without a request is its consequence. */
const reasonMs = 5_000;
/** Waking up does not connect more often than this. */
const wakeIntervalMs = 1_000;

/** The life of the connection: one link at a time, and what to do when it ends (CLI-1, CLI-2). */
export class Connection {
  state: ConnectionState = { status: 'connecting', attempt: 0 };
  readonly #ports: Ports;
  readonly #settings: Settings;
  readonly #wire: Wire;
  readonly #events: ConnectionEvents;
  readonly #backoff: Backoff;
  readonly #tokens: TokenSource;
  readonly #stopWaking: () => void;
  #status: Status = { name: 'idle' };
  /** Of the attempt, or of the connection. */
  #link: Link | undefined;
  /** Ends the attempt, or the wait for the next one. */
  #timer: Timer | undefined;
  #failures = 0;
  #startedAt = -Infinity;
  #refusedToken: string | undefined;

  constructor({ ports, settings, tokens, backoff, wire }: ConnectionParts, events: ConnectionEvents) {
    this.#ports = ports;
    this.#settings = settings;
    this.#wire = wire;
    this.#events = events;
    this.#backoff = backoff;
    this.#tokens = tokens;
    this.#stopWaking = ports.environment.onWake(() => this.#wake());
  }

  start(): void {
    const status: Status = {
      name: 'connecting',
      stage: 'token',
      token: undefined,
    };
    this.#timer = this.#ports.clock.setTimer(
      () => this.#lost(new LongwaveError('timeout', 'Connecting took too long.')),
      this.#settings.connectTimeoutMs,
    );
    this.#status = status;
    this.#startedAt = this.#ports.clock.now();
    this.#setState({ status: 'connecting', attempt: this.#failures + 1 });
    if (this.#status !== status) return;
    this.#tokens.get(
      (token) => {
        if (this.#status !== status) return;
        if (this.#tokens.renewable && token === this.#refusedToken) {
          this.#end(new LongwaveError('unauthenticated', '`token` gave the refused token again.'));
          return;
        }
        status.token = token;
        this.#openLink(status);
      },
      (error) => {
        if (this.#status !== status) return;
        this.#ports.onDiagnostic({ kind: 'token', message: error.message, cause: error });
        if (error.advice === 'give-up' || error.advice === 'fix') this.#end(error);
        else this.#lost(error);
      },
    );
  }

  reconnect(): void {
    const { name } = this.#status;
    if (name !== 'waiting' && name !== 'connected') return;
    this.#tearDown('unknown');
    this.start();
  }

  close(error?: LongwaveError): void {
    this.#end(error);
  }

  #openLink(status: Extract<Status, { name: 'connecting' }>): void {
    status.stage = 'opening';
    let link: Link | undefined;
    const isCurrent = (): boolean => link !== undefined && this.#link === link;
    try {
      this.#link = link = this.#ports.transport.connect(this.#settings.url, this.#settings.codec, {
        onOpen: () => {
          if (isCurrent()) this.#join(status);
        },
        onMessage: (message) => {
          if (isCurrent()) this.#receive(message, isCurrent);
        },
        onClose: (close) => {
          if (isCurrent()) this.#onClose(close);
        },
      });
    } catch (error) {
      this.#lost(new LongwaveError('unavailable', 'The transport failed.', { cause: error }));
    }
  }

  #join(status: Extract<Status, { name: 'connecting' }>): void {
    status.stage = 'joining';
    this.#wire.attach(this.#link!);
    this.#wire.gather(() => {
      const { clientId: client } = this.#settings;
      this.#wire.send({ type: 'connect', version: protocolVersion, client, token: status.token });
      this.#events.onOpen();
    });
  }

  #receive(message: Encoded, isCurrent: () => boolean): void {
    if (this.#status.name === 'connected') this.#status.heartbeat.heard();
    this.#wire.gather(() => {
      for (const frame of this.#wire.codec.decode(message)) {
        if (!isCurrent()) return;
        if (frame.type === 'bad') this.#bad(frame.message);
        else this.#handle(frame);
      }
    });
  }

  #handle(frame: ReceivedFrame): void {
    const { name } = this.#status;
    // A node that drains says so to those whom it has not let in yet, too (SES-7).
    if (name !== 'connected' && !['connected', 'error', 'goaway'].includes(frame.type)) {
      return this.#bad(`'${frame.type}' came before 'connected'.`);
    }
    switch (frame.type) {
      case 'connected':
        return this.#onConnected(frame);
      case 'goaway':
        return this.#onGoaway(frame.retryAfterMs);
      case 'ping':
        return this.#wire.send({ type: 'pong' });
      case 'pong':
        return;
      case 'error':
        if (frame.id === undefined) return this.#onError(toError(frame));
        return this.#wire.answer(frame.id, frame);
      case 'ack':
      case 'done':
      case 'page':
      case 'reply':
      case 'subscribed':
        return this.#wire.answer(frame.id, frame);
      case 'message':
      case 'reset':
      case 'top':
        return this.#events.onChannelFrame(frame);
    }
  }

  #onConnected(frame: Connected): void {
    const status = this.#status;
    if (status.name !== 'connecting' || status.stage !== 'joining') return this.#bad('`connected` came out of place.');
    const { clock, transport } = this.#ports;
    this.#timer?.cancel();
    this.#refusedToken = undefined;
    this.#wire.connected = true;
    this.#wire.limitKnown = true;
    this.#wire.messageBytes = frame.messageBytes;
    const since = clock.now();
    this.#status = {
      name: 'connected',
      since,
      heartbeat: new Heartbeat(clock, frame.heartbeatMs, {
        ping: () => this.#wire.send({ type: 'ping' }),
        onSilence: (silenceMs) => {
          const message = `Nothing was heard for ${silenceMs} ms.`;
          this.#ports.onDiagnostic({ kind: 'silence', message });
          this.#lost(new LongwaveError('timeout', message));
        },
      }),
      reason: undefined,
      retryAt: undefined,
    };
    this.#events.onConnected(frame);
    this.#setState({ status: 'connected', node: frame.node, user: frame.user, transport: transport.name, since });
  }

  #onGoaway(retryAfterMs: number): void {
    const status = this.#status;
    if (status.name === 'connected') status.retryAt = this.#ports.clock.now() + retryAfterMs;
  }

  #onError(error: LongwaveError): void {
    if (this.#status.name !== 'connected') this.#lost(error, 'unhandled');
    // A bad frame alone does not end a connection (WIRE-6); of anything else the close follows.
    else if (error.code === 'bad-frame') this.#bad(error.message);
    else this.#status.reason = { error, at: this.#ports.clock.now() };
  }

  #onClose({ code, reason }: LinkClose): void {
    const status = this.#status;
    const said = status.name === 'connected' ? status.reason : undefined;
    const told = said && this.#ports.clock.now() - said.at < reasonMs ? said.error : undefined;
    const closed = code === undefined ? undefined : codeOfClose(code);
    if (closed === undefined || closed === told?.code) this.#lost(told);
    else this.#lost(new LongwaveError(closed, reason || undefined));
  }

  /** The attempt failed, or the connection ended. */
  #lost(error: LongwaveError | undefined, fate: Fate = 'unknown'): void {
    const { clock, environment } = this.#ports;
    const status = this.#status;
    const now = clock.now();
    if (status.name === 'connecting' && error?.code === 'unauthenticated') this.#refusedToken = status.token;
    if (status.name === 'connected' && now - status.since >= provenMs) this.#failures = 0;
    const retryAt = status.name === 'connected' ? status.retryAt : undefined;
    if (error && !this.#retries(error)) return this.#end(error, fate);
    this.#failures++;
    this.#tearDown(fate);
    if (this.#status.name !== 'idle') return;
    const advisedMs = retryAt === undefined ? error?.retryAfterMs : Math.max(0, retryAt - now);
    const advised = advisedMs !== undefined;
    const offline = !advised && environment.isOnline() === false;
    this.#wait(offline ? this.#settings.maxDelayMs : this.#backoff(this.#failures, advisedMs), advised, error);
  }

  #retries({ advice }: LongwaveError): boolean {
    return advice === 'retry' || (advice === 'reauthenticate' && this.#tokens.renewable);
  }

  #wait(delayMs: number, advised: boolean, error: LongwaveError | undefined): void {
    const { clock } = this.#ports;
    const retryAt = clock.now() + delayMs;
    this.#timer = clock.setTimer(() => this.start(), delayMs);
    this.#status = { name: 'waiting', advised, retryAt };
    this.#setState({ status: 'waiting', attempt: this.#failures, retryAt, error });
  }

  /** The host is back: connect at once, or make sure that the connection still stands (CLI-1). */
  #wake(): void {
    const status = this.#status;
    if (status.name === 'connected') return status.heartbeat.probe();
    if (status.name !== 'waiting' || status.advised) return;
    const { clock } = this.#ports;
    // A clock that was set back makes it no longer than the interval.
    const delayMs = Math.min(wakeIntervalMs, Math.max(0, this.#startedAt + wakeIntervalMs - clock.now()));
    if (clock.now() + delayMs >= status.retryAt) return;
    this.#timer?.cancel();
    if (delayMs === 0) this.start();
    else this.#wait(delayMs, false, this.state.status === 'waiting' ? this.state.error : undefined);
  }

  /** Lets go of the link and the timers, whatever the status is. */
  #tearDown(fate: Fate): void {
    const status = this.#status;
    const link = this.#link;
    this.#timer?.cancel();
    if (status.name === 'connected') status.heartbeat.stop();
    this.#status = { name: 'idle' };
    this.#link = undefined;
    this.#wire.detach();
    link?.close(1000);
    this.#events.onDown(fate);
  }

  #end(error: LongwaveError | undefined, fate: Fate = 'unknown'): void {
    if (this.#status.name === 'closed') return;
    this.#tearDown(fate);
    this.#stopWaking();
    this.#status = { name: 'closed' };
    this.#events.onEnd(error ?? new LongwaveError('closed'));
    this.#setState({ status: 'closed', error });
  }

  #setState(state: ConnectionState): void {
    this.state = state;
    this.#events.onState(state);
  }

  #bad(message: string): void {
    this.#ports.onDiagnostic({ kind: 'bad-frame', message });
  }
}
