import type { BadFrame, ClientFrame, Code, Encoded, ErrorFrame, ServerFrame } from '@longwave/protocol';
import type { Identity } from '../base/authority.js';
import { type Limits, maxFrames, maxUnits } from '../base/limits.js';
import { type MaybePromise, isPromise } from '../base/maybe-promise.js';
import type { CancelTimer, Clock, LinkKind, Wire } from '../base/ports.js';
import type { Allowance, Rates } from '../rates/rates.js';
import { costOf, openRequest, sizeCost, viewCost } from './request-frames.js';
import type { Stats } from '../base/stats.js';
import { type Task, WaitingFrames, historyCost, isHistory } from './waiting-frames.js';

/** Reasons to hold back reading from the peer: bits of `#held`. */
const queued = 1;
const rated = 2;
const blocked = 4;
const busy = 8;

/**
 * Work for one peer between two flushes, in bytes: those it sends, and a share for each frame. Then others have their
 * turn.
 */
const turnUnits = 32 * 1024;
/**
 * 32 frames a turn: about a quarter of a millisecond, or a whole one where each makes a channel. A publisher of
 * thousands a second sends fewer.
 */
const frameUnits = turnUnits / 32;
/** 2 filtering views a turn: about half a millisecond. */
const viewUnits = turnUnits / 2;

export const noCost = (): number => 0;

/** The part of a session that its intake uses. */
export interface IntakeHost {
  readonly context: {
    readonly limits: Limits;
    readonly stats: Stats;
    readonly rates: Rates;
    readonly clock: Clock;
  };
  readonly identity: Identity;
  readonly kind: LinkKind;
  readonly state: 'opening' | 'open' | 'closed';
  readonly wire: Wire;
  /** False while the link takes no more. */
  readonly writable: boolean;
  /** Units of answers that wait to be sent. */
  readonly pendingUnits: number;
  handle(frame: ClientFrame | BadFrame): MaybePromise<void>;
  /** True: the identity was over, and the session has ended. */
  endIfExpired(): boolean;
  /** Calls `takeOn` after the next flush, which comes as soon as it can. */
  askForTurn(): void;
  /** The frames of one message have been handled, or wait. */
  onHandled(): void;
  /** Nothing waits any more. */
  onLookedAt(): void;
  pauseReading(): void;
  resumeReading(): void;
  send(frame: ServerFrame): void;
  fail(id: number | undefined, error: unknown): void;
  end(code: Code, message?: string): void;
  break(error: unknown): void;
}

/**
 * Takes a peer's frames from the link to their handlers: one after the other (SES-5), within its rate (LIM-1), and not
 * before the answers to earlier requests can be sent (LIM-9).
 */
export class Intake implements Allowance {
  fullAt = 0;
  /** Heartbeats since something came. */
  silentBeats = 0;
  /** Returns the cost of the request's frames, for a link made of requests that is not let in yet (HTTP-6). */
  cost: () => number = noCost;
  readonly #host: IntakeHost;
  /** Undefined: what comes in is handled at once. */
  #queue: WaitingFrames | undefined;
  #receiving = false;
  #badFrames = 0;
  #held = 0;
  /** Work spent in this turn. */
  #spent = 0;
  /** Ends the wait until what was sent beyond the rate is paid for. */
  #cancelPaid: CancelTimer | undefined;

  constructor(host: IntakeHost) {
    this.#host = host;
  }

  /** The peer has sent more than its rate allows: it is not read from. */
  get isBeyondRate(): boolean {
    return (this.#held & rated) !== 0;
  }

  /** Frames wait. */
  get waits(): boolean {
    return this.#queue !== undefined;
  }

  /** All that came has been handled. */
  get idle(): boolean {
    return !this.#receiving && !this.#queue;
  }

  /** A message of the peer. Never throws: what fails on it ends the session. */
  receive(message: Encoded): void {
    if (this.#host.state === 'closed') return;
    try {
      this.silentBeats = 0;
      if (this.#queue?.full || this.#spent >= turnUnits) (this.#queue ?? this.wait()).keep(message);
      else this.read(message);
    } catch (error) {
      this.#host.break(error);
    }
  }

  /** The frames of a request whose host made them. Never throws. */
  take(frames: readonly (ClientFrame | BadFrame)[]): void {
    this.cost = () => costOf(frames);
    try {
      this.takeFrames(frames, 0);
    } catch (error) {
      this.#host.break(error);
    }
  }

  /** WIRE-6. */
  countBadFrame(): void {
    if (++this.#badFrames >= this.#host.context.limits.badFrames) this.#host.end('bad-frame', 'Too many bad frames.');
  }

  /** A view was opened, or took the place of another (LIM-13). */
  countView(): void {
    if (this.#host.kind === 'duplex') this.pay(viewCost - 1);
    this.spend(viewUnits);
  }

  /** Another turn: goes on with what waited for it, or for something to be sent. */
  takeOn(): void {
    this.#spent = 0;
    this.release(busy);
    if (this.#queue && this.#host.writable) this.#queue.goOn();
  }

  /** Nothing is read while what was asked for cannot be sent. */
  block(): void {
    this.hold(blocked);
  }

  unblock(): void {
    this.release(blocked);
  }

  /**
   * HTTP-6: a request beyond its rate waits until those before it are paid for. Resolves at once when its link is gone
   * before.
   */
  waitUntilPaid(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#host.context.clock.setTimer(resolve, waitMs);
      this.#cancelPaid = () => {
        cancel();
        resolve();
      };
    });
  }

  end(): void {
    this.#queue = undefined;
    this.#cancelPaid?.();
  }

  private read(message: Encoded): void {
    const { kind, state, context } = this.#host;
    if (state === 'closed') return;
    if (message.length > maxUnits(kind, context.limits)) return this.#host.end('too-large');
    if (kind === 'duplex' || state === 'open') {
      this.takeFrames(this.decode(message), message.length);
      return this.spend(message.length);
    }
    const { first, rest, cost } = openRequest(kind, message, (part, before) => this.decode(part, before));
    this.cost = cost;
    this.takeFrames(first, 0, () => this.takeFrames(rest(), 0));
  }

  private decode(message: Encoded, before = 0): (ClientFrame | BadFrame)[] {
    const { wire, kind } = this.#host;
    const frames = wire.codec.decode(message);
    if (before + frames.length <= maxFrames(kind)) return frames;
    this.#host.end('too-many', 'Too many frames in one message.');
    return [];
  }

  private takeFrames(frames: readonly (ClientFrame | BadFrame)[], units: number, then?: () => void): void {
    this.#host.context.stats.framesReceived += frames.length;
    if (this.#host.kind === 'duplex') this.pay(frames.length + sizeCost(units));
    this.#receiving = true;
    for (const frame of frames) this.enqueue(frame);
    if (then) this.enqueue(then);
    this.#receiving = false;
    this.#host.onHandled();
  }

  private enqueue(task: Task): void {
    if (this.#queue) return this.#queue.push(task);
    if (this.mustWait(task)) return this.wait().push(task);
    const result = this.run(task);
    if (isPromise(result)) this.wait().follow(result);
  }

  /** From now on what comes in waits, until all of it is handled. */
  private wait(): WaitingFrames {
    const host = this.#host;
    return (this.#queue = new WaitingFrames({
      mustWait: (task) => this.mustWait(task),
      isBeyondRate: () => this.isBeyondRate,
      run: (task) => this.run(task),
      read: (message) => this.read(message),
      refuse: (frame) => this.refuse(frame),
      onFull: () => this.hold(queued),
      onEmpty: () => this.endWait(),
      onError: (error) => host.break(error),
    }));
  }

  /** To refuse a frame is work as well: whoever sends thousands of them in one go has them refused turn by turn. */
  private refuse(frame: ErrorFrame): void {
    this.#host.send(frame);
    this.spend(frameUnits);
  }

  private endWait(): void {
    if (this.#host.state === 'closed') return;
    this.#queue = undefined;
    this.release(queued);
    this.#host.onLookedAt();
  }

  /**
   * As much is waiting to be sent as one write carries: what would be answered waits too (LIM-9). Only history does in
   * a downstream request: it has all its subscriptions answered at once (HTTP-3).
   */
  private mustWait(task: Task | undefined): boolean {
    const history = isHistory(task);
    if (this.#spent >= turnUnits || (history && this.isBeyondRate)) return true;
    const { pendingUnits, kind, context } = this.#host;
    return pendingUnits >= context.limits.chunkBytes && (history || kind !== 'downstream');
  }

  private run(task: Task): MaybePromise<void> {
    const host = this.#host;
    if (host.state === 'closed') return;
    // Its timer may come late: a node was suspended, or its clock was set (SES-6).
    if (host.endIfExpired()) return;
    if (isHistory(task) && host.kind === 'duplex') this.pay(historyCost(task) - 1);
    this.spend(frameUnits);
    // Each frame comes by here: what is answered at once costs no closure.
    try {
      const result = typeof task === 'function' ? task() : host.handle(task);
      return isPromise(result) ? result.catch((error: unknown) => this.failed(task, error)) : undefined;
    } catch (error) {
      this.failed(task, error);
    }
  }

  private failed(task: Task, error: unknown): void {
    this.#host.fail(typeof task === 'object' && 'id' in task ? task.id : undefined, error);
  }

  /** LIM-1, LIM-2, LIM-5. */
  private pay(frames: number): void {
    const { context, identity } = this.#host;
    const waitMs = context.rates.spend(this, identity.user, frames);
    if (waitMs > 0 && !this.isBeyondRate) this.holdUntilPaid(waitMs);
  }

  private holdUntilPaid(waitMs: number): void {
    this.hold(rated);
    this.#cancelPaid = this.#host.context.clock.setTimer(() => {
      const { context, identity } = this.#host;
      // Frames that had come in already were handled meanwhile, and other connections of the user have sent more.
      const owedMs = context.rates.owed(this, identity.user);
      if (owedMs >= 1) return this.holdUntilPaid(owedMs);
      this.release(rated);
      this.takeOn();
    }, waitMs);
  }

  /** Without it the server would read and work for one that floods it until that is done, and for nobody else. */
  private spend(units: number): void {
    if (this.#host.kind !== 'duplex') return;
    const before = this.#spent;
    this.#spent += units;
    if (before >= turnUnits || this.#spent < turnUnits) return;
    this.hold(busy);
    this.#host.askForTurn();
  }

  private hold(reason: number): void {
    if (this.#held === 0 && this.#host.state !== 'closed') this.#host.pauseReading();
    this.#held |= reason;
  }

  private release(reason: number): void {
    if ((this.#held & reason) === 0) return;
    this.#held &= ~reason;
    if (this.#held === 0 && this.#host.state !== 'closed') this.#host.resumeReading();
  }
}
