import type { Operation, Payload } from '@longwave/protocol';
import type { Bounds, Chunk, StoredPage, Wire } from '../base/ports.js';
import { LogFeed } from './log-feed.js';
import type { Subscription } from './subscription.js';

/**
 * Milliseconds between two deliveries. Nobody sees that a letter of somebody else comes a third of a frame later, and where many type at
 * once a write carries several letters. One that comes alone is delivered at once.
 */
const paceMs = 5;

/** All of a document up to an offset, encoded for links that did not take it at once. */
interface Opening {
  readonly wire: Wire;
  readonly epoch: string;
  readonly before: number;
  readonly after: number;
  readonly chunk: Chunk;
  /** It is kept as long as the link of one of them holds it. */
  readonly holders: Set<Subscription>;
}

/**
 * A watched document. The first operation that its log retains may say all that the earlier ones said, in the place of another with
 * the same offset (DOC-1): it is always read from the store, never from the tail.
 */
export class DocumentFeed extends LogFeed {
  /** Letters that came one by one: an operation costs more than its bytes. */
  protected override readonly pageSize = 200;
  #learned: Pick<Bounds, 'epoch' | 'floor'> | undefined;
  /** Payloads that were the first of their log when they were read: each says all that was said before it. */
  readonly #firsts = new WeakSet<object>();
  #openings: Opening[] = [];
  #deliveredAt = -Infinity;
  /** A delivery waits for its time. */
  #isHeld = false;

  protected override flushLanes(corked: boolean): void {
    const now = this.hub.now();
    const waitMs = this.#deliveredAt + paceMs - now;
    // Longer than the pace: the clock was set back.
    if (this.hub.paces && waitMs > 0 && waitMs <= paceMs) {
      if (!this.#isHeld) {
        this.hub.later(() => {
          this.#isHeld = false;
          this.hub.mark(this);
        }, waitMs);
      }
      this.#isHeld = true;
      return;
    }
    if (this.lanesAreBehind) this.#deliveredAt = now;
    super.flushLanes(corked);
  }

  /** A reader that joins a lane stands where it stands. */
  protected override join(reader: Subscription): void {
    if (this.lanesAreBehind) super.flushLanes(false);
    super.join(reader);
  }

  /** Everybody who opens it while a slow link still takes it is given the same bytes: what it lacks of the newest comes after. */
  protected override readOn(reader: Subscription): void {
    this.#letGo(reader);
    const { cursor, epoch, session, loaded } = reader;
    const shared = loaded
      ? undefined
      : this.#openings.find((one) => one.before === cursor && one.epoch === epoch && one.wire === session.wire);
    if (!shared) return super.readOn(reader);
    this.give(reader, shared.chunk, shared.after);
    if (reader.state === 'blocked') shared.holders.add(reader);
  }

  override remove(subscription: Subscription): void {
    this.#letGo(subscription);
    super.remove(subscription);
  }

  protected override onPage({ ops: [first], floor }: StoredPage): void {
    if (first?.offset === floor + 1 && typeof first.payload === 'object') this.#firsts.add(first.payload);
  }

  protected override give(reader: Subscription, chunk: Chunk, after: number, first?: Operation): void {
    const { cursor: before, epoch } = reader;
    super.give(reader, chunk, after, first);
    if (reader.state !== 'blocked' || typeof first?.payload !== 'object' || !this.#firsts.has(first.payload)) return;
    const { wire } = reader.session;
    const known = this.#openings.find((one) => one.chunk === chunk);
    if (known) known.holders.add(reader);
    else this.#openings.push({ wire, epoch, before, after, chunk, holders: new Set([reader]) });
  }

  #letGo(reader: Subscription): void {
    for (const { holders } of this.#openings) holders.delete(reader);
    if (this.#openings.some(({ holders }) => holders.size === 0))
      this.#openings = this.#openings.filter(({ holders }) => holders.size > 0);
  }

  protected override tellingApart(ops: readonly Operation[]): Payload {
    return ops[0]!.payload;
  }

  override learn(bounds: Bounds): void {
    super.learn(bounds);
    if (this.#learned?.floor !== bounds.floor || this.#learned.epoch !== bounds.epoch) this.readAnew();
    // Not what was given, which may be a page with all of the document.
    this.#learned = { epoch: bounds.epoch, floor: bounds.floor };
    if (bounds.epoch === this.epoch) this.tail.dropTo(bounds.floor + 1);
  }
}
