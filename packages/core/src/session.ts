import type { BadFrame, ClientFrame, Code, Encoded, ServerFrame } from '@longwave/protocol';
import { codeMessages, codes } from '@longwave/protocol';
import { fault, publicFault } from './fault.js';
import type { EngineContext } from './context.js';
import type { ConnectionInfo, Identity } from './authority.js';
import type { CancelTimer, LinkKind, Sink, Wire } from './ports.js';
import type { ConnectionContext } from './hooks.js';
import { Budget } from './budget.js';
import { Completion, downstreamBeats, memberBeats } from './completion.js';
import { costOf, openRequest } from './request-frames.js';
import { checkNotExpired, expiredMessage, isExpired } from './expiry.js';
import { watchExpiry } from './watch-expiry.js';
import { maxFrames, maxUnits } from './limits.js';
import type { Source, Subscription } from './subscription.js';
import { type MaybePromise, guard, isPromise } from './maybe-promise.js';
import { PeerRate } from './peer-rate.js';
import { type Task, WaitingFrames, historyCost, isHistory } from './waiting-frames.js';

/** Why reading from the peer is held back: bits of `#held`. */
const queued = 1;
const rated = 2;
const blocked = 4;
const busy = 8;

/** Work for one peer between two flushes, in bytes: of what it sends, and what its frames cost besides. Then others have their turn. */
const turnUnits = 32 * 1024;
/** 32 frames: some hundred microseconds, and few milliseconds where each makes a channel. */
const frameUnits = turnUnits / 32;
/** 4 views that filter: about a millisecond. */
const viewUnits = turnUnits / 4;

const free = (): number => 0;
const anonymous: Identity = {};
const noSubscriptions: readonly Subscription[] = [];
const noHeaders: ConnectionInfo['headers'] = Object.freeze({});

/** What a client learns nothing from. */
const quietFrames: ReadonlySet<string> = new Set(['connected', 'ping', 'pong', 'top']);

/** What every session of an engine works with. */
export type Context = EngineContext<Session>;

/**
 * One connection on the server, over whatever transport: bytes in through `receive`, bytes out
 * through its sink. It is handed what the peer asks for, one frame after the other (SES-5), and
 * knows nothing of the operations that its subscriptions deliver.
 */
export class Session {
  readonly context: Context;
  info: ConnectionInfo;
  readonly #sink: Sink;
  state: 'opening' | 'open' | 'closed' = 'opening';
  identity: Identity = anonymous;
  clientKey = '';
  /** Rises when rights are to be asked for anew (SES-12). */
  rights = 0;
  /** Of the client's connections and requests: the one that is newest for it (SES-4). */
  turn = 0;
  /** False while the link takes no more (MSG-2), or the budget is spent (VIEW-8). */
  writable = true;
  #full = false;
  #budget: Budget | undefined;
  /** Whose turn it is first when the link takes more. */
  #turnOf = 0;
  subscriptions: readonly Subscription[] = noSubscriptions;
  /** What the frames of its request cost, where it is one (HTTP-6). */
  cost: () => number = free;
  /** Calls and publishes whose reply is still to come. */
  inflight = 0;
  /** Its place in the heartbeat's wheel. */
  slot = -1;
  slotIndex = -1;
  #pending: Encoded[] | undefined;
  /** Units of what is in it. */
  #pendingUnits = 0;
  /** Undefined: what comes in is handled at once. */
  #queue: WaitingFrames | undefined;
  /** Of this turn's work. */
  #spent = 0;
  /** There is something in `#pending` that the peer waits for. */
  #loud = false;
  #receiving = false;
  #silentBeats = 0;
  #badFrames = 0;
  #held = 0;
  #corked = false;
  /** How fast the peer sends. */
  readonly rate: PeerRate;
  #cancelExpiry: CancelTimer | undefined;
  readonly #completion: Completion | undefined;

  constructor(context: Context, sink: Sink, info: ConnectionInfo) {
    this.context = context;
    this.info = info;
    this.#sink = sink;
    this.rate = new PeerRate(this);
    if (this.kind === 'downstream') this.#completion = new Completion(this);
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
    if (this.state === 'closed') return;
    try {
      this.#silentBeats = 0;
      if (this.#queue?.full || this.#spent >= turnUnits) (this.#queue ?? this.#wait()).keep(message);
      else this.#read(message);
    } catch (error) {
      this.break(error);
    }
  }

  #read(message: Encoded): void {
    if (this.state === 'closed') return;
    if (message.length > maxUnits(this.kind, this.context.limits)) return this.end('too-large');
    if (this.kind === 'duplex' || this.state === 'open') {
      this.#take(this.#decode(message));
      return this.#spend(message.length);
    }
    const { first, rest, cost } = openRequest(message, (part, before) => this.#decode(part, before));
    this.cost = cost;
    this.#take(first, () => this.#take(rest()));
  }

  #decode(message: Encoded, before = 0): (ClientFrame | BadFrame)[] {
    const frames = this.wire.codec.decode(message);
    if (before + frames.length <= maxFrames(this.kind)) return frames;
    this.end('too-many', 'Too many frames in one message.');
    return [];
  }

  /** What the peer asks for, where a host made frames of a request without any. Never throws. */
  take(frames: readonly (ClientFrame | BadFrame)[]): void {
    this.cost = () => costOf(frames);
    try {
      this.#take(frames);
    } catch (error) {
      this.break(error);
    }
  }

  #take(frames: readonly (ClientFrame | BadFrame)[], then?: () => void): void {
    this.context.stats.framesReceived += frames.length;
    if (this.kind === 'duplex') this.rate.spend(frames.length);
    this.#receiving = true;
    for (const frame of frames) this.#enqueue(frame);
    if (then) this.#enqueue(then);
    this.#receiving = false;
    this.#endAnswered();
  }

  #enqueue(task: Task): void {
    if (this.#queue) return this.#queue.push(task);
    if (this.#mustWait(task)) return this.#wait().push(task);
    const result = this.#run(task);
    if (isPromise(result)) this.#wait().follow(result);
  }

  /** From now on what comes in waits, until all of it is handled. */
  #wait(): WaitingFrames {
    return (this.#queue = new WaitingFrames({
      mustWait: (task) => this.#mustWait(task),
      isBeyondRate: () => this.rate.held,
      run: (task) => this.#run(task),
      read: (message) => this.#read(message),
      send: (frame) => this.send(frame),
      onFull: () => this.#hold(queued),
      onEmpty: () => this.#endWait(),
      onError: (error) => this.break(error),
    }));
  }

  #endWait(): void {
    if (this.state === 'closed') return;
    this.#queue = undefined;
    this.#release(queued);
    if (!this.#completion?.onLookedAt()) this.#endAnswered();
  }

  /**
   * As much is waiting to be sent as one write carries: what would be answered waits too (LIM-9). Only history does in a
   * downstream request: it has all its subscriptions answered at once (HTTP-3).
   */
  #mustWait(task: Task | undefined): boolean {
    const history = isHistory(task);
    if (this.#spent >= turnUnits || (history && this.rate.held)) return true;
    return this.#pendingUnits >= this.context.limits.chunkBytes && (history || this.kind !== 'downstream');
  }

  /** One that floods us would be read from and worked for until it is done, and nobody else. */
  #spend(units: number): void {
    if (this.kind !== 'duplex') return;
    const before = this.#spent;
    this.#spent += units;
    if (before >= turnUnits || this.#spent < turnUnits) return;
    this.#hold(busy);
    this.context.hub.markSession(this);
    this.context.hub.hurry();
  }

  /** A view was opened. */
  countView(): void {
    this.#spend(viewUnits);
  }

  /** Another turn: goes on with what waited for it, or for something to be sent. */
  takeOn(): void {
    this.#spent = 0;
    this.#release(busy);
    if (this.#queue && this.writable) this.#queue.goOn();
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
    this.#endAnswered();
  }

  /** An upstream link has answered all that it was asked (HTTP-4). */
  #endAnswered(): void {
    if (this.kind !== 'upstream' || this.#receiving || this.#queue || this.inflight > 0) return;
    // The last answers may still wait for the link to take more.
    if (this.state === 'open' && this.writable) this.complete();
  }

  #run(task: Task): MaybePromise<void> {
    if (this.state === 'closed') return;
    // Its timer may come late: a node was suspended, or its clock was set (SES-6).
    if (this.endIfExpired()) return;
    if (isHistory(task) && this.kind === 'duplex') this.rate.spend(historyCost - 1);
    this.#spend(frameUnits);
    // Each frame comes by here: what is answered at once costs no closure.
    try {
      const result = typeof task === 'function' ? task() : this.context.handle(this, task);
      return isPromise(result) ? result.catch((error: unknown) => this.#failed(task, error)) : undefined;
    } catch (error) {
      this.#failed(task, error);
    }
  }

  #failed(task: Task, error: unknown): void {
    this.fail(typeof task === 'object' && 'id' in task ? task.id : undefined, error);
  }

  /** WIRE-6. */
  countBadFrame(): void {
    if (++this.#badFrames >= this.context.limits.badFrames) this.end('bad-frame', 'Too many bad frames.');
  }

  // Outbound

  /** Sends a frame of the session's own at the next flush. */
  send(frame: ServerFrame, quiet = quietFrames.has(frame.type)): void {
    if (this.state === 'closed') return;
    if (this.#sink.tell) return this.#sink.tell(frame);
    if (!quiet) this.#loud = true;
    const encoded = this.wire.codec.encode(frame);
    this.#pendingUnits += encoded.length;
    if (this.#pending) {
      this.#pending.push(encoded);
    } else {
      this.#pending = [encoded];
      this.context.hub.markSession(this);
    }
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
    const pending = this.#pending;
    if (!pending || !this.writable || this.state === 'closed') return;
    const quiet = !this.#loud;
    this.#pending = undefined;
    this.#pendingUnits = 0;
    this.#loud = false;
    const { codec } = this.wire;
    this.write(this.wire.pack(pending.length === 1 ? pending[0]! : codec.join(pending)), quiet);
  }

  /** Part of the fan-out path. False: the link takes no more, and `drained` will tell. */
  write(chunk: Uint8Array, quiet = false): boolean {
    this.#budget?.spend(chunk.length);
    if (!this.#sink.write(chunk, quiet)) {
      this.#full = true;
      this.#hold(blocked);
    } else if (!this.#budget?.spent) return true;
    this.writable = false;
    return false;
  }

  /** Takes no turn: it belongs to what is written next. */
  tell(frame: ServerFrame, quiet = false): void {
    if (this.#sink.tell) this.#sink.tell(frame);
    else this.write(this.wire.pack(this.wire.codec.encode(frame)), quiet);
  }

  /** The link takes more. Never throws. */
  drained(): void {
    if (!this.#full || this.state === 'closed') return;
    this.#full = false;
    try {
      this.#release(blocked);
      this.#writeOn();
    } catch (error) {
      this.break(error);
    }
  }

  #writeOn(): void {
    if (this.writable || this.#full || this.#budget?.spent || this.state === 'closed') return;
    this.writable = true;
    if (this.#pending) this.context.hub.markSession(this);
    this.takeOn();
    this.#endAnswered();
    // Each time another one is first, for the link may be full again behind it.
    const { subscriptions } = this;
    const first = subscriptions.length > 0 ? this.#turnOf++ % subscriptions.length : 0;
    for (let i = 0; i < subscriptions.length; i++) {
      const subscription = subscriptions[(first + i) % subscriptions.length]!;
      if (subscription.state === 'blocked') subscription.source.resume(subscription);
    }
  }

  /** Lets the writes of one flush travel together, where there can be more than one. */
  cork(): void {
    if (this.#corked || this.subscriptions.length < 2) return;
    this.#corked = true;
    this.#sink.cork();
    this.context.hub.holdBack(this);
  }

  uncork(): void {
    this.#corked = false;
    this.#sink.uncork();
  }

  // Life

  open(identity: Identity, clientKey: string, bytesPerSecond?: number): void {
    if (bytesPerSecond) this.#bound(clientKey, bytesPerSecond);
    this.state = 'open';
    this.identity = identity;
    this.clientKey = clientKey;
    // An idle connection does not hold its handshake.
    this.info = this.info.withoutHeaders?.() ?? { ...this.info, headers: noHeaders };
    if (this.kind === 'upstream') this.context.heartbeat.remove(this);
    else this.context.heartbeat.add(this);
    const { holdMs } = this.#sink;
    if (holdMs !== undefined) this.#completion?.hold(holdMs);
    this.#watchExpiry();
  }

  /** VIEW-8. */
  #bound(clientKey: string, bytesPerSecond: number): void {
    const { rates, clock } = this.context;
    this.#budget = new Budget({ rates, clock, clientKey, bytesPerSecond }, () => this.#writeOn());
    this.writable &&= !this.#budget.spent;
  }

  /** SES-6: what `refresh` found out. */
  renew(identity: Identity): void {
    this.identity = identity;
    this.rights++;
    this.#watchExpiry();
  }

  /** One visit of the heartbeat (HB-2, HB-3). */
  beat(): void {
    if (this.endIfExpired()) return;
    // One that is not read from cannot be heard.
    if (!this.rate.held) this.#silentBeats++;
    if (this.kind === 'downstream') {
      // Nothing is heard on it: a member that vanished would stay for as long.
      const beats = this.context.members.has(this) ? memberBeats : downstreamBeats;
      if (this.#silentBeats > beats) return this.complete();
      if (this.#sink.holdMs !== undefined) return;
    } else if (this.#silentBeats > 2) return this.end('timeout', 'Nothing was heard for two heartbeats.');
    if (!this.writable) return;
    for (const subscription of this.subscriptions) {
      if (subscription.state === 'live') this.send(subscription.source.topFrame(subscription));
    }
    this.send({ type: 'ping' });
  }

  /** Tells the peer why and ends the connection. Never throws. */
  end(code: Code, message: string = codeMessages[code], retryAfterMs?: number): void {
    if (this.state === 'closed') return;
    this.#attempt(() => {
      this.send({ type: 'error', code, message, retryAfterMs });
      this.flush();
    });
    this.closed();
    this.#attempt(() => this.#sink.close(codes[code].close, code));
  }

  /** Something failed that never should, in this session or, without `error`, in what it reads from: no other session may suffer for it. */
  break(error?: unknown): void {
    if (error !== undefined) {
      this.context.stats.errors++;
      this.context.logger.error('A connection failed.', error);
    }
    this.end('internal');
  }

  /** On the way out: what fails there must not keep the rest from being let go. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.context.logger.error('A connection could not be ended in order.', error);
    }
  }

  /** Ends a link of one request as soon as all that it asks for has been looked at: a busy channel holds up no other. */
  completeSoon(): void {
    this.#completion?.soon();
  }

  get goesOn(): boolean {
    return this.#queue !== undefined && this.writable;
  }

  /** A state is on its way: cut off, it would have to begin anew. */
  get midRound(): boolean {
    return this.subscriptions.some(({ round }) => round !== undefined);
  }

  /** Ends a link of one request: the client asks on with another. */
  complete(): void {
    if (this.state === 'closed') return;
    this.#attempt(() => this.flush());
    this.closed();
    this.#attempt(() => this.#sink.close(1000, ''));
  }

  /** The link is gone. Nothing is called on the sink afterwards but what `end` does. Never throws. */
  closed(): void {
    if (this.state === 'closed') return;
    const wasOpen = this.state === 'open';
    this.state = 'closed';
    this.writable = false;
    this.#pending = this.#queue = undefined;
    this.#cancelExpiry?.();
    this.#completion?.end();
    this.rate.end();
    this.#budget?.end();
    const { heartbeat, directory, hooks, stats } = this.context;
    heartbeat.remove(this);
    directory.sessions.delete(this);
    for (const { source, tag } of this.subscriptions) this.#attempt(() => void this.unsubscribe(source.name, tag));
    this.#attempt(() => this.context.members.left(this));
    stats.connections--;
    if (!wasOpen) return;
    directory.leave(this);
    void guard(
      () => hooks.disconnect?.(this.view),
      (error) => this.context.logger.error('The disconnect hook failed.', error),
    );
  }

  get view(): ConnectionContext {
    return { user: this.identity.user, claims: this.identity.claims, info: this.info };
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
    if (this.subscriptions.length === 0) return undefined;
    return this.subscriptions.find((subscription) => subscription.source.name === name && subscription.tag === tag);
  }

  subscribe(subscription: Subscription): void {
    this.subscriptions = [...this.subscriptions, subscription];
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

  onRated(held: boolean): void {
    if (held) return this.#hold(rated);
    this.#release(rated);
    this.takeOn();
  }

  #hold(reason: number): void {
    if (this.#held === 0 && this.state !== 'closed') this.#sink.pause();
    this.#held |= reason;
  }

  #release(reason: number): void {
    if ((this.#held & reason) === 0) return;
    this.#held &= ~reason;
    if (this.#held === 0 && this.state !== 'closed') this.#sink.resume();
  }

  #watchExpiry(): void {
    this.#cancelExpiry?.();
    const { expiresAt } = this.identity;
    this.#cancelExpiry =
      expiresAt === undefined ? undefined : watchExpiry(this.context.clock, expiresAt, () => void this.endIfExpired());
  }
}
