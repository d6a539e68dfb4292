import type { Connected } from '@longwave/protocol';
import { LongwaveError, codeOfClose } from '@longwave/protocol/client';
import type { Backoff } from './backoff.js';
import { callback, checked } from '../base/check.js';
import type { ConnectionState } from './connection-state.js';
import type { Settings } from '../base/options.js';
import type { TransportFallback } from './transport-fallback.js';
import type { Link, LinkClose, LinkEvents, Ports, Timer } from '../base/ports.js';
import type { Fate, FrameSender } from './frame-sender.js';
import { Heartbeat } from './heartbeat.js';
import type { Late } from '../base/late.js';
import type { LinkExchange } from './link-exchange.js';
import { passEvents } from './pass-events.js';
import type { TokenSource } from './token-source.js';
import type { ConnectionEvents, ConnectionParts } from './connection-parts.js';
import { type Status, advisedDelay } from './status.js';
import { type ConnectionFrames, createFrameRouter } from './frame-router.js';
import type { Candidate } from './upgrade.js';

/** A connection has proven itself when it lasted this long: failures before it are forgotten. */
const provenMs = 5_000;
/** A close this soon after an error without a request is its consequence. */
const reasonMs = 5_000;
/** Where another transport is left to try, a link has to be open, and then the server's word to come, within these. */
const hurriedMs = { opening: 1_000, joining: 1_500 };
/** Waking up does not connect more often than this. */
const wakeIntervalMs = 1_000;

/** The life of the connection: one link at a time, and what to do when it ends (CLI-1, CLI-2). */
export class Connection implements ConnectionFrames {
  state: ConnectionState = { status: 'connecting', attempt: 0 };
  readonly #ports: Ports;
  readonly #settings: Settings;
  readonly #sender: FrameSender;
  readonly #events: ConnectionEvents;
  readonly #backoff: Backoff;
  readonly #tokens: TokenSource;
  readonly #stopWaking: () => void;
  #status: Status = { name: 'idle' };
  /** The link of the attempt, or of the connection. */
  #link: Link | undefined;
  /** Ends the attempt, or the wait for the next one. */
  #timer: Timer | undefined;
  #failures = 0;
  #startedAt = -Infinity;
  /** The link was superseded by the one that is about to take over. */
  #outlived = false;
  readonly #fallback: TransportFallback;
  readonly #receive: ReturnType<typeof createFrameRouter>;
  readonly #exchange: Late<LinkExchange>;

  constructor(parts: ConnectionParts, events: ConnectionEvents) {
    const { ports, settings, tokens, backoff, sender, fallback } = parts;
    this.#ports = ports;
    this.#settings = settings;
    this.#sender = sender;
    this.#events = events;
    this.#backoff = backoff;
    this.#tokens = tokens;
    this.#fallback = fallback;
    this.#exchange = parts.exchange({
      ...parts,
      ask: () => events.onOpen(),
      onFruitless: () => this.#lost(undefined),
      adopt: (candidate) => this.#adopt(candidate),
      onGivenUp: () => {
        if (this.#outlived) return this.#lost(undefined);
        this.#exchange.part?.renewals.now();
        events.onRoom();
      },
    });
    this.#receive = createFrameRouter(sender, events, this);
    const stop = ports.environment.onWake((why) => this.#wake(why));
    this.#stopWaking = checked('environment.onWake()', stop, callback);
  }

  get isConnected(): boolean {
    return this.#status.name === 'connected';
  }

  onNews(): void {
    this.#exchange.part?.renewals.onNews();
  }

  /** For good. */
  get ended(): boolean {
    return this.#status.name === 'closed';
  }

  start(): void {
    const status: Status = { name: 'connecting', stage: 'token' };
    this.#limit(this.#settings.connectTimeoutMs);
    this.#status = status;
    this.#startedAt = this.#ports.clock.now();
    this.#setState({ status: 'connecting', attempt: this.#failures + 1 });
    if (this.#status !== status) return;
    this.#tokens.get(
      (token) => {
        if (this.#status !== status) return;
        const { renewable, refused } = this.#tokens;
        if (renewable && refused && token === refused.token) return this.#suspend(refused.error);
        this.#sender.token = token;
        this.#openLink(status);
      },
      (error) => {
        if (this.#status !== status) return;
        this.#ports.onDiagnostic({ kind: 'token', message: error.message, cause: error });
        if (error.advice === 'give-up' || error.advice === 'fix') this.close(error);
        else this.#lost(error);
      },
    );
  }

  reconnect(): void {
    if (!['waiting', 'connected'].includes(this.#status.name)) return;
    this.#tearDown('unknown');
    this.start();
  }

  /** For good. */
  close(error?: LongwaveError, fate: Fate = 'unknown'): void {
    if (this.#status.name === 'closed') return;
    this.#tearDown(fate);
    this.#stopWaking();
    this.#status = { name: 'closed' };
    const reason = error ?? new LongwaveError('closed');
    this.#exchange.end(reason);
    this.#events.onEnd(reason);
    this.#setState({ status: 'closed', error });
  }

  #openLink(status: Extract<Status, { name: 'connecting' }>): void {
    status.stage = 'opening';
    const { transport, hurried } = this.#fallback;
    if (hurried) this.#limit(hurriedMs.opening);
    let link: Link | undefined;
    try {
      const { url, codec } = this.#settings;
      const events = this.#eventsOf(() => link);
      const begun = (this.#link = link = transport.connect(url, codec.name, events));
      if (begun.renew) this.#join(status);
      // In a microtask: subscriptions that the application makes in the same turn go with the request.
      if (begun.early) void Promise.resolve().then(() => this.#greet(status, begun));
    } catch (cause) {
      this.#lost(new LongwaveError('unavailable', 'The transport failed.', { cause }), 'unknown', true);
    }
  }

  /** Gives a link its first message, to go with the request that opens it (WIRE-17, CLI-20). */
  #greet(status: Extract<Status, { name: 'connecting' }>, link: Link): void {
    // It may have failed meanwhile, or be open already.
    if (this.#status !== status || status.stage !== 'opening') return;
    this.#sender.attach(link, true);
    this.#ask();
  }

  #eventsOf(link: () => Link | undefined): LinkEvents {
    const isCurrent = (): boolean => this.#link !== undefined && this.#link === link();
    const events: LinkEvents = {
      onOpen: () => this.#status.name === 'connecting' && this.#join(this.#status),
      onMessage: (message, aside) => {
        if (this.#status.name === 'connected' && !aside) {
          this.#status.heartbeat.heard();
          // On a link of requests the answer proves that the server was there after the request.
          if (this.#sender.renews) this.onPong();
        }
        this.#receive(message, isCurrent);
      },
      onLost: () => {
        this.#sender.answers.dropInflight();
        this.#events.onLost();
      },
      onRenew: () => this.#exchange.part?.renewals.onEnd(),
      onClose: (close) => this.#onClose(close),
    };
    return passEvents(() => (isCurrent() ? events : undefined));
  }

  #limit(ms: number): void {
    this.#timer?.cancel();
    const error = new LongwaveError('timeout', 'Connecting took too long.');
    this.#timer = this.#ports.clock.setTimer(() => this.#lost(error, 'unknown', true), ms);
  }

  #join(status: Extract<Status, { name: 'connecting' }>): void {
    status.stage = 'joining';
    if (this.#fallback.hurried) this.#limit(hurriedMs.joining);
    if (this.#sender.greets) {
      this.#sender.greets = false;
      return this.#sender.gather(() => this.#events.onRoom());
    }
    this.#sender.attach(this.#link);
    this.#ask();
  }

  /** Says who we are and what is subscribed to, on a new link or request. */
  #ask(): void {
    if (this.#sender.renews) return this.#exchange.use(({ renewals }) => renewals.soon());
    this.#sender.gather(() => {
      if (!this.#sender.connected) this.#sender.send(this.#sender.connectFrame());
      this.#events.onOpen();
      this.#events.onRoom();
    });
  }

  /** Moves to another link, which has been let in already (CLI-8, SES-7). */
  #adopt({ at, link, connected, takeOver }: Candidate): void {
    const old = this.#link;
    this.#link = link;
    takeOver(this.#eventsOf(() => link));
    if (at < this.#fallback.at) this.#fallback.climb(at);
    this.#sender.attach(link);
    old?.close(1000);
    this.#sender.connected = true;
    this.#ask();
    this.#enter(connected);
  }

  /** The connection stands, whatever the host says. */
  onPong(): void {
    if (this.#status.name !== 'connected') return;
    this.#status.heartbeat.answered();
    this.#setOffline(undefined);
  }

  #setOffline(offline: true | undefined): void {
    const { state } = this;
    if (state.status === 'connected' && state.offline !== offline) this.#setState({ ...state, offline });
  }

  onConnected(frame: Connected): void {
    const status = this.#status;
    // Each request is let in by itself.
    if (status.name === 'connected' && this.#sender.renews) return;
    if (status.name !== 'connecting' || status.stage !== 'joining') return this.onBad('`connected` out of place.');
    this.#timer?.cancel();
    this.#fallback.connected();
    this.#enter(frame);
  }

  #enter(frame: Connected): void {
    const { clock } = this.#ports;
    if (this.#status.name === 'connected') this.#status.heartbeat.stop();
    this.#tokens.refused = undefined;
    this.#outlived = false;
    this.#sender.enter(frame);
    const since = clock.now();
    this.#status = {
      name: 'connected',
      since,
      heartbeat: new Heartbeat(clock, frame.heartbeatMs, {
        ping: () => this.#sender.ping(),
        onSilence: (silenceMs) => {
          const message = `Heard nothing in ${silenceMs} ms.`;
          this.#ports.onDiagnostic({ kind: 'silence', message });
          // Something in between keeps what comes down: that will not change by asking again.
          if (this.#sender.renews) this.#fallback.condemn();
          this.#lost(new LongwaveError('timeout', message), 'unknown', true);
        },
      }),
      reason: undefined,
      retry: undefined,
    };
    const { transport, why, at } = this.#fallback;
    // On the best there is nothing to look for.
    if (at > 0) this.#exchange.use(({ upgrade }) => this.isConnected && upgrade.start());
    else this.#exchange.part?.upgrade.start();
    this.#events.onConnected(frame);
    this.#setState({ status: 'connected', node: frame.node, user: frame.user, transport: transport.name, why, since });
  }

  onGoaway(retryAfterMs: number): void {
    const status = this.#status;
    if (status.name !== 'connected') return;
    status.retry = { at: this.#ports.clock.now() + retryAfterMs, afterMs: retryAfterMs };
    if (this.#sender.renews) return;
    this.#exchange.use(({ upgrade }) => {
      if (this.#status === status) upgrade.move(retryAfterMs);
    });
  }

  onError(error: LongwaveError): void {
    if (this.#status.name !== 'connected') this.#lost(error, 'unhandled');
    // A bad frame alone does not end a connection (WIRE-6); of anything else the close follows.
    else if (error.code === 'bad-frame') this.onBad(error.message);
    // The link that is about to take over has done it: this one stands until then (CLI-8).
    else if (error.code === 'superseded' && this.#sender.joining) return;
    // No close follows. Requests of ours overtake each other, too: then one may put an end to the next.
    else if (this.#sender.renews) this.#lost(error.code === 'superseded' ? undefined : error);
    else this.#status.reason = { error, at: this.#ports.clock.now() };
  }

  #onClose({ code, reason, unanswered }: LinkClose): void {
    const status = this.#status;
    const said = status.name === 'connected' ? status.reason : undefined;
    const told = said && this.#ports.clock.now() - said.at < reasonMs ? said.error : undefined;
    const closed = code === undefined ? undefined : codeOfClose(code);
    if (closed === 'superseded' && this.#sender.joining) {
      this.#outlived = true;
      return;
    }
    if (closed !== undefined && closed !== told?.code) this.#lost(new LongwaveError(closed, reason || undefined));
    else
      this.#lost(told ?? (reason ? new LongwaveError('unavailable', reason) : undefined), 'unknown', !told, unanswered);
  }

  /** The attempt failed, or the connection ended. `silent`: and no server said so. */
  #lost(
    error: LongwaveError | undefined,
    fate: Fate = 'unknown',
    silent = !error,
    unanswered?: LinkClose['unanswered'],
  ): void {
    const status = this.#status;
    const now = this.#ports.clock.now();
    const { token } = this.#sender;
    if (status.name === 'connecting' && error?.code === 'unauthenticated') this.#tokens.refused = { token, error };
    if (status.name === 'connected' && now - status.since >= provenMs) this.#failures = 0;
    const advisedMs = advisedDelay(error, status, now);
    const advised = advisedMs !== undefined;
    if (error && !this.#retries(error)) {
      if (error.code !== 'unauthenticated' || token !== undefined) return this.close(error, fate);
      // There may be a cookie, which a login renews.
      return this.#suspend(error, fate);
    }
    const { transport } = this.#fallback;
    const atOnce = silent && this.#stepDown(status, now, unanswered);
    this.#tearDown(fate);
    if (this.#status.name !== 'idle') return;
    if (transport !== this.#fallback.transport) {
      const message = `${this.#fallback.transport.name} in place of ${transport.name}: ${error?.message ?? 'ended'}`;
      this.#ports.onDiagnostic({ kind: 'transport', message });
      if (this.#status.name !== 'idle') return;
    }
    if (atOnce) return this.start();
    this.#failures++;
    const offline = !advised && this.#ports.environment.isOnline() === false;
    this.#wait(offline ? this.#settings.maxDelayMs : this.#backoff(this.#failures, advisedMs), advised, error);
  }

  /** True: another transport is to be tried at once. */
  #stepDown(status: Status, now: number, unanswered: LinkClose['unanswered']): boolean {
    if (status.name === 'connected') this.#fallback.lost(Math.abs(now - status.since));
    if (status.name !== 'connecting' || status.stage === 'token') return false;
    return this.#ports.environment.isOnline() !== false && this.#fallback.failed(unanswered);
  }

  #retries({ advice, code }: LongwaveError): boolean {
    if (code === 'too-large') return this.isConnected ? this.#events.onTooLarge() : this.#sender.shrink();
    return advice === 'retry' || (advice === 'reauthenticate' && this.#tokens.renewable);
  }

  /** There is nothing to try until the application says so, by `reconnect` (CLI-9). */
  #suspend(error: LongwaveError, fate: Fate = 'unhandled'): void {
    this.#tearDown(fate);
    if (this.#status.name !== 'idle') return;
    this.#status = { name: 'waiting', advised: true, retryAt: Infinity };
    this.#setState({ status: 'closed', error });
  }

  #wait(delayMs: number, advised: boolean, error: LongwaveError | undefined): void {
    const { clock } = this.#ports;
    const retryAt = clock.now() + delayMs;
    this.#timer = clock.setTimer(() => this.start(), delayMs);
    this.#status = { name: 'waiting', advised, retryAt };
    this.#setState({ status: 'waiting', attempt: this.#failures, retryAt, error });
  }

  /** The host is back: connect at once, or make sure that the connection still stands (CLI-1). */
  #wake(why: 'online' | 'offline' | 'visible'): void {
    const status = this.#status;
    if (status.name === 'connected') {
      if (why === 'offline') this.#setOffline(true);
      else this.#exchange.part?.upgrade.hurry();
      // A listener to the state may have ended the connection.
      if (this.#status === status) status.heartbeat.probe();
      return;
    }
    if (why === 'online') this.#fallback.reset();
    if (status.name !== 'waiting' || status.advised || why === 'offline') return;
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
    this.#exchange.part?.stop();
    this.#outlived = false;
    if (status.name === 'connected') status.heartbeat.stop();
    this.#status = { name: 'idle' };
    this.#link = undefined;
    this.#sender.attach(undefined);
    link?.close(1000);
    this.#events.onDown(fate);
  }

  #setState(state: ConnectionState): void {
    this.state = state;
    this.#events.onState(state);
  }

  onBad(message: string): void {
    this.#ports.onDiagnostic({ kind: 'bad-frame', message });
  }
}
