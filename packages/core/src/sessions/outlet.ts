import { type Encoded, type Reply, type ServerFrame, encodePayload, utf8Length } from '@longwave/protocol';
import { Budget, type BudgetOptions } from './budget.js';
import type { Hub } from '../delivery/hub.js';
import type { Chunk, Sink, Wire } from '../base/ports.js';
import type { Subscriber, Subscription } from '../delivery/subscription.js';

/** Frames without news: a poll is not answered for them alone. */
const quietFrames: ReadonlySet<string> = new Set(['connected', 'ping', 'pong', 'top']);

/** Larger chunks are not copied to be written as one. */
const joinedBytes = 4096;
/** Units of the session's own frames that may wait for a delivery of the same flush. */
const waitingUnits = 1024;

/** The part of a session that its outlet uses. */
export interface OutletHost {
  readonly context: { readonly hub: Hub };
  readonly state: 'opening' | 'open' | 'closed';
  readonly subscriptions: readonly Subscription[];
  flush(): void;
  flushAhead(): void;
  takeOn(): void;
  onHandled(): void;
  onJoined(): void;
  uncork(): void;
  /** The link takes more, or no more. */
  onWritable(writable: boolean): void;
  break(error?: unknown): void;
}

/**
 * Sends to a peer: the session's own frames at each flush, and deliveries of its subscriptions, as far as its link
 * takes them.
 */
export class Outlet implements Subscriber {
  // The first three are read for each delivery, and lie beside one another.
  /** False while the link takes no more (MSG-2), or the budget is spent (VIEW-8). */
  writable = true;
  #budget: Budget | undefined;
  readonly #sink: Sink;
  readonly #host: OutletHost;
  #full = false;
  #corked = false;
  /** Counts how often the link took more again: each time another subscription goes first. */
  #resumes = 0;
  #pending: Encoded[] | undefined;
  /** Units of what is in it. */
  pendingUnits = 0;
  /** There is something in `#pending` that the peer waits for. */
  #loud = false;

  constructor(sink: Sink, host: OutletHost) {
    this.#sink = sink;
    this.#host = host;
  }

  get wire(): Wire {
    return this.#sink.wire;
  }

  /** Sends a frame of the session's own at the next flush. */
  send(frame: ServerFrame, quiet = quietFrames.has(frame.type)): void {
    if (this.#host.state === 'closed') return;
    if (this.#sink.tell) return this.#sink.tell(frame);
    this.push(this.wire.codec.encode(frame), quiet);
  }

  /**
   * Sends a reply at the next flush, unless its data have more than `maxUnits`. Returns what they have, or at most as
   * much where they were sent.
   */
  sendData(frame: Reply, maxUnits: number): number {
    if (this.#host.state === 'closed') return 0;
    const encoded = this.wire.codec.encode(frame);
    // The data are a part of it, and no smaller in it: nearly always there is no need to look at them by themselves.
    const units = encoded.length <= maxUnits ? encoded.length : encodePayload(frame.data).length;
    if (units <= maxUnits) this.push(encoded, false);
    return units;
  }

  private push(encoded: Encoded, quiet: boolean): void {
    if (!quiet) this.#loud = true;
    this.pendingUnits += encoded.length;
    if (this.#pending) {
      this.#pending.push(encoded);
    } else {
      this.#pending = [encoded];
      this.#host.context.hub.markSession(this.#host);
    }
  }

  flush(): void {
    if (!this.#pending || !this.writable || this.#host.state === 'closed') return;
    const quiet = !this.#loud;
    this.writeChunk(this.takePending(this.#pending), quiet);
  }

  /** As `flush`, unless what there is can go with a delivery of this flush. */
  flushAhead(): void {
    if (!this.wire.join || this.pendingUnits > waitingUnits) this.flush();
  }

  /** The session's own frames as a chunk. */
  private takePending(pending: readonly Encoded[]): Chunk {
    this.#pending = undefined;
    this.pendingUnits = 0;
    this.#loud = false;
    const { codec } = this.wire;
    return this.wire.pack(pending.length === 1 ? pending[0]! : codec.join(pending));
  }

  /** Part of the fan-out path. The session's own frames go in front. False: the link takes no more, and `drained` will tell. */
  write(chunk: Chunk, quiet = false): boolean {
    if (!this.#pending || !this.writable) return this.writeChunk(chunk, quiet);
    const quietPending = !this.#loud;
    const pending = this.takePending(this.#pending);
    // One write to the socket in the place of two: each costs as much as all the rest of a small delivery.
    if (this.wire.join && pending.length + chunk.length <= joinedBytes)
      return this.writeChunk(this.wire.join(pending, chunk), quiet && quietPending);
    this.writeChunk(pending, quietPending);
    return this.writeChunk(chunk, quiet);
  }

  private writeChunk(chunk: Chunk, quiet: boolean): boolean {
    this.#budget?.spend(typeof chunk === 'string' ? utf8Length(chunk) : chunk.length);
    if (!this.#sink.write(chunk, quiet)) {
      this.#full = true;
      this.#host.onWritable(false);
    } else if (!this.#budget?.spent) return true;
    this.writable = false;
    return false;
  }

  /** Writes a frame at once, directly before what is written next. */
  tell(frame: ServerFrame, quiet = false): void {
    if (this.#sink.tell) this.#sink.tell(frame);
    else this.write(this.wire.packFrame?.(frame) ?? this.wire.pack(this.wire.codec.encode(frame)), quiet);
  }

  /** The link takes more. Never throws. */
  drained(): void {
    if (!this.#full || this.#host.state === 'closed') return;
    this.#full = false;
    try {
      this.#host.onWritable(true);
      this.writeOn();
    } catch (error) {
      this.break(error);
    }
  }

  /** Lets the writes of one flush travel together, where there can be more than one. */
  cork(): void {
    if (this.#corked || this.#host.subscriptions.length < 2) return;
    this.#corked = true;
    this.#sink.cork();
    this.#host.context.hub.holdBack(this.#host);
  }

  uncork(): void {
    this.#corked = false;
    this.#sink.uncork();
  }

  onJoined(): void {
    this.#host.onJoined();
  }

  break(error?: unknown): void {
    this.#host.break(error);
  }

  /** VIEW-8. */
  bound(options: BudgetOptions): void {
    this.#budget = new Budget(options, () => this.writeOn());
    this.writable &&= !this.#budget.spent;
  }

  /** Nothing is sent any more. */
  end(): void {
    this.writable = false;
    this.#pending = undefined;
    this.#budget?.end();
  }

  private writeOn(): void {
    const host = this.#host;
    if (this.writable || this.#full || this.#budget?.spent || host.state === 'closed') return;
    this.writable = true;
    if (this.#pending) host.context.hub.markSession(host);
    host.takeOn();
    host.onHandled();
    // Each time another one is first, for the link may be full again after it.
    const { subscriptions } = host;
    const first = subscriptions.length > 0 ? this.#resumes++ % subscriptions.length : 0;
    for (let i = 0; i < subscriptions.length; i++) {
      const subscription = subscriptions[(first + i) % subscriptions.length]!;
      if (subscription.state === 'blocked') subscription.source.resume(subscription);
    }
  }
}
