import type { Operation, Payload } from '@longwave/protocol';
import type { Bounds } from '../base/ports.js';
import { LogFeed } from './log-feed.js';
import type { Subscription } from './subscription.js';

/**
 * Milliseconds between two deliveries. Nobody sees that a letter of somebody else comes half a frame later, and where many type at once a
 * write carries several letters. One that comes alone is delivered at once.
 */
const paceMs = 8;

/**
 * A watched document. The first operation that its log retains may say all that the earlier ones said, in the place of another with
 * the same offset (DOC-1): it is always read from the store, never from the tail.
 */
export class DocumentFeed extends LogFeed {
  #learned: Pick<Bounds, 'epoch' | 'floor'> | undefined;
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

  /** Whoever joins a lane stands where it stands. */
  protected override join(reader: Subscription): void {
    if (this.lanesAreBehind) super.flushLanes(false);
    super.join(reader);
  }

  protected override tellingApart(ops: readonly Operation[]): Payload {
    return ops[0]!.payload;
  }

  override learn(bounds: Bounds): void {
    super.learn(bounds);
    if (this.#learned?.floor !== bounds.floor || this.#learned.epoch !== bounds.epoch) this.readAnew();
    this.#learned = bounds;
    if (bounds.epoch === this.epoch) this.tail.dropTo(bounds.floor + 1);
  }
}
