import type { BadFrame, ClientFrame, Code, Encoded, ServerFrame } from '@longwave/protocol';
import { codeMessages, codes } from '@longwave/protocol';
import { fault, publicFault } from '../base/fault.js';
import { connectionId } from './connection-id.js';
import type { EngineContext } from './context.js';
import type { ConnectionInfo, Identity } from '../base/authority.js';
import type { CancelTimer, LinkKind, Sink, Wire } from '../base/ports.js';
import type { ConnectionContext } from '../base/hooks.js';
import { Outlet, type OutletHost } from './outlet.js';
import { Completion, downstreamBeats, memberBeats } from './completion.js';
import { checkNotExpired, expiredMessage, isExpired, timeLeft } from './rights/expiry.js';
import { isNear, watchExpiry } from './rights/watch-expiry.js';
import type { Source, Subscription } from '../delivery/subscription.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import { Intake, type IntakeHost } from './intake.js';

const anonymous: Identity = {};
const noSubscriptions: readonly Subscription[] = [];
const noHeaders: ConnectionInfo['headers'] = Object.freeze({});

/** Objects that every session of an engine works with. */
export type Context = EngineContext<Session>;

/**
 * One connection on the server, over whatever transport: bytes in through `receive`, bytes out
 * through its sink. It is handed what the peer asks for, one frame after the other (SES-5), and
 * knows nothing of the operations that its subscriptions deliver.
 */
export class Session implements IntakeHost, OutletHost {
  readonly context: Context;
  #info: ConnectionInfo | undefined;
  readonly serial: number;
  /** When it was accepted: milliseconds since the engine began, a small number, which needs no object of its own. */
  readonly #acceptedMs: number;
  readonly #sink: Sink;
  state: 'opening' | 'open' | 'closed' = 'opening';
  identity: Identity = anonymous;
  clientKey = '';
  /** Rises when rights are to be asked for anew (SES-12). */
  rights = 0;
  /** Rises with the client's connections and requests: the highest is the newest (SES-4). */
  rank = 0;
  subscriptions: readonly Subscription[] = noSubscriptions;
  /** Calls and publishes whose reply is still to come. */
  inflight = 0;
  /** Its place in the heartbeat's wheel. */
  slot = -1;
  slotIndex = -1;
  readonly intake: Intake;
  readonly outlet: Outlet;
  #cancelExpiry: CancelTimer | undefined;
  readonly #completion: Completion | undefined;

  constructor(context: Context, sink: Sink, info: ConnectionInfo) {
    this.context = context;
    this.#info = info;
    this.#sink = sink;
    this.serial = ++context.arrivals.count;
    this.#acceptedMs = context.clock.now() - context.arrivals.since;
    this.intake = new Intake(this);
    this.outlet = new Outlet(sink, this);
    if (this.kind === 'downstream') this.#completion = new Completion(this);
  }

  /** When it was accepted: milliseconds since the Unix epoch. */
  get since(): number {
    return this.context.arrivals.since + this.#acceptedMs;
  }

  get info(): ConnectionInfo {
    return this.#info ?? this.#sink.info!;
  }

  set info(info: ConnectionInfo) {
    this.#info = info;
  }

  /** Names it among the connections of all nodes. Made when it is asked for. */
  get id(): string {
    return connectionId(this.context.node, this.serial);
  }

  /** False while the link takes no more (MSG-2), or the budget is spent (VIEW-8). */
  get writable(): boolean {
    return this.outlet.writable;
  }

  /** Units of answers that wait to be sent. */
  get pendingUnits(): number {
    return this.outlet.pendingUnits;
  }

  get wire(): Wire {
    return this.#sink.wire;
  }

  /** The peer speaks no frames (READ-6). */
  get plain(): boolean {
    return this.#sink.tell !== undefined;
  }

  get kind(): LinkKind {
    return this.#sink.kind ?? 'duplex';
  }

  /** Within this long something is sent (HB-2). */
  get heartbeatMs(): number {
    return this.#sink.holdMs ?? this.context.heartbeatMs;
  }

  // Inbound

  /** A message of the peer. Never throws: whatever fails on it ends this session alone. */
  receive(message: Encoded): void {
    this.intake.receive(message);
  }

  /** Takes frames that a host made of a request without any. Never throws. */
  take(frames: readonly (ClientFrame | BadFrame)[]): void {
    this.intake.take(frames);
  }

  /** The peer of a host that makes the frames itself gave a sign of life. */
  heard(): void {
    this.intake.silentBeats = 0;
  }

  handle(frame: ClientFrame | BadFrame): MaybePromise<void> {
    return this.context.handle(this, frame);
  }

  askForTurn(): void {
    const { hub } = this.context;
    hub.markSession(this);
    hub.hurry();
  }

  onHandled(): void {
    this.endAnswered();
  }

  onLookedAt(): void {
    if (!this.#completion?.onLookedAt()) this.endAnswered();
  }

  /** Another turn, or more can be sent. */
  takeOn(): void {
    this.intake.takeOn();
    this.#completion?.look();
  }

  /** A subscription stands at the head of its channel. After the next flush the completion looks what is left. */
  onJoined(): void {
    if (this.#completion) this.context.hub.markSession(this);
  }

  /** A reply will come later. */
  begin(): void {
    this.inflight++;
    if (this.kind === 'upstream') this.context.directory.countInflight(this, 1);
  }

  /** It was sent. */
  finish(): void {
    this.inflight--;
    if (this.kind === 'upstream') this.context.directory.countInflight(this, -1);
    this.endAnswered();
  }

  /** An upstream link has answered all that it was asked (HTTP-4). */
  private endAnswered(): void {
    if (this.kind !== 'upstream' || !this.intake.idle || this.inflight > 0) return;
    // The last answers may still wait for the link to take more.
    if (this.state === 'open' && this.writable) this.complete();
  }

  // Outbound

  /** Sends a frame of the session's own at the next flush. */
  send(frame: ServerFrame, quiet?: boolean): void {
    this.outlet.send(frame, quiet);
  }

  /** Answers a request that failed, without telling what is wrong inside (ERR-1). */
  fail(id: number | undefined, error: unknown): void {
    if (this.state === 'closed') return;
    const known = publicFault(error);
    if (known !== error && known.cause !== error) {
      this.context.stats.errors++;
      this.context.logger.error('A request failed.', error);
    }
    const { code, message, retryAfterMs } = known;
    this.send({ type: 'error', id, code, message, retryAfterMs });
  }

  flush(): void {
    this.outlet.flush();
  }

  /** Before deliveries are made. */
  flushAhead(): void {
    this.outlet.flushAhead();
  }

  /** The link takes more. Never throws. */
  drained(): void {
    this.outlet.drained();
  }

  uncork(): void {
    this.outlet.uncork();
  }

  onWritable(writable: boolean): void {
    if (writable) this.intake.unblock();
    else this.intake.block();
    if (this.#completion) this.context.hub.markSession(this);
  }

  // Life

  open(identity: Identity, clientKey: string, bytesPerSecond?: number): void {
    if (bytesPerSecond) {
      const { rates, clock } = this.context;
      this.outlet.bound({ rates, clock, clientKey, bytesPerSecond });
    }
    this.state = 'open';
    this.identity = identity;
    this.clientKey = clientKey;
    // An idle connection does not hold its handshake.
    const { info } = this;
    const isKept = info.params !== undefined || !this.#sink.info;
    this.#info = isKept ? (info.withoutHeaders?.() ?? { ...info, headers: noHeaders }) : undefined;
    this.context.heartbeat.open(this, this.kind !== 'upstream');
    const { holdMs } = this.#sink;
    if (holdMs !== undefined) this.#completion?.hold(holdMs);
    this.watchExpiry();
    const { logger } = this.context;
    logger.debug?.(`Connection ${this.id} of ${identity.user ?? 'nobody'} is open (${this.info.transport}).`);
  }

  /** SES-6: what `refresh` found out. */
  renew(identity: Identity): void {
    this.identity = identity;
    this.rights++;
    this.watchExpiry();
  }

  /** One visit of the heartbeat (HB-2, HB-3). */
  beat(): void {
    if (this.endIfExpired()) return;
    if (!this.#cancelExpiry) this.watchExpiry();
    // One that is not read from cannot be heard.
    if (!this.intake.isBeyondRate) this.intake.silentBeats++;
    if (this.kind === 'downstream') {
      // Nothing is heard on it: a member that vanished would stay for as long.
      const beats = this.context.members.has(this) ? memberBeats : downstreamBeats;
      if (this.intake.silentBeats > beats) return this.complete();
      if (this.#sink.holdMs !== undefined) return;
    } else if (this.intake.silentBeats > 2) return this.end('timeout', 'Nothing was heard for two heartbeats.');
    if (!this.writable) return;
    for (const subscription of this.subscriptions) {
      if (subscription.state === 'live') this.send(subscription.source.topFrame(subscription));
    }
    this.send({ type: 'ping' });
  }

  /** Tells the peer why and ends the connection. Never throws. */
  end(code: Code, message: string = codeMessages[code], retryAfterMs?: number): void {
    if (this.state === 'closed') return;
    this.attempt(() => {
      this.send({ type: 'error', code, message, retryAfterMs });
      this.flush();
    });
    this.closed(code);
    this.attempt(() => this.#sink.close(codes[code].close, code));
  }

  /**
   * Something failed that never should, in this session or, without `error`, in what it reads from: no other session
   * may suffer for it.
   */
  break(error?: unknown): void {
    if (error !== undefined) {
      this.context.stats.errors++;
      this.context.logger.error('A connection failed.', error);
    }
    this.end('internal');
  }

  /** On the way out: what fails there must not keep the rest from being let go. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.context.logger.error('A connection could not be ended in order.', error);
    }
  }

  /**
   * Ends a link of one request as soon as all that it asks for has been looked at: a busy channel holds up no other.
   */
  completeSoon(): void {
    this.#completion?.soon();
  }

  get goesOn(): boolean {
    return this.intake.waits && this.writable;
  }

  /** A state is on its way: cut off, it would have to begin anew. */
  get midRound(): boolean {
    return this.subscriptions.some(({ round }) => round !== undefined);
  }

  /** Ends a link of one request: the client asks on with another. */
  complete(): void {
    if (this.state === 'closed') return;
    this.attempt(() => this.flush());
    this.closed();
    this.attempt(() => this.#sink.close(1000, ''));
  }

  /** The link is gone. Nothing is called on the sink afterwards but what `end` does. Never throws. */
  closed(reason: Code = 'closed'): void {
    if (this.state === 'closed') return;
    const wasOpen = this.state === 'open';
    this.state = 'closed';
    this.intake.end();
    this.outlet.end();
    this.#cancelExpiry?.();
    this.#completion?.end();
    const { heartbeat, directory, hooks, stats, clock, logger, asking } = this.context;
    heartbeat.remove(this);
    directory.remove(this);
    for (const { source, tag } of this.subscriptions) this.attempt(() => void this.unsubscribe(source.name, tag));
    this.attempt(() => this.context.members.left(this));
    stats.connections--;
    if (!wasOpen) return;
    directory.leave(this, this.kind === 'downstream');
    asking.left(this, reason);
    const durationMs = Math.max(0, clock.now() - this.since);
    logger.debug?.(`Connection ${this.id} ended: ${reason} after ${durationMs} ms.`);
    hooks.disconnect?.({ ...this.view, reason, durationMs });
  }

  get view(): ConnectionContext {
    const { user, claims } = this.identity;
    return { connection: { id: this.id }, user, claims, info: this.info };
  }

  /** SES-12. */
  checkActs(): void {
    if (this.state !== 'open') throw fault('disconnected');
    checkNotExpired(this.identity, this.context.clock);
  }

  /** True: it was over, and has ended. */
  endIfExpired(): boolean {
    const over = isExpired(this.identity, this.context.clock);
    if (over) this.end('unauthenticated', expiredMessage);
    return over;
  }

  // Subscriptions

  find(name: string, tag?: string): Subscription | undefined {
    for (const subscription of this.subscriptions)
      if (subscription.source.name === name && subscription.tag === tag) return subscription;
    return undefined;
  }

  subscribe(subscription: Subscription): void {
    // An array that is filled by a spread keeps room for 16 more.
    const { subscriptions } = this;
    this.subscriptions = subscriptions.length === 0 ? [subscription] : subscriptions.concat(subscription);
    this.context.stats.subscriptions++;
    subscription.source.begin(subscription);
  }

  unsubscribe(name: string, tag?: string): Source | undefined {
    const subscription = this.find(name, tag);
    if (!subscription) return undefined;
    this.subscriptions = this.subscriptions.filter((other) => other !== subscription);
    this.context.stats.subscriptions--;
    subscription.source.remove(subscription);
    return subscription.source;
  }

  // Backpressure on the peer

  pauseReading(): void {
    this.#sink.pause();
  }

  resumeReading(): void {
    this.#sink.resume();
  }

  private watchExpiry(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = undefined;
    const { expiresAt } = this.identity;
    if (expiresAt === undefined) return;
    const { clock, hooks, heartbeatMs } = this.context;
    // Each beat looks again. A link that only brings something is over before.
    if (!isNear(expiresAt, clock.now(), heartbeatMs)) return;
    // A request that only brings something is over before anybody could act.
    const warn = hooks.expiring && this.kind !== 'upstream' ? () => this.warnOfExpiry() : undefined;
    this.#cancelExpiry = watchExpiry(clock, expiresAt, () => void this.endIfExpired(), warn);
  }

  /** SES-18. */
  private warnOfExpiry(): void {
    void this.context.hooks.expiring?.({ ...this.view, expiresInMs: timeLeft(this) ?? 0 });
  }
}
