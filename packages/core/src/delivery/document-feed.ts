import type { Operation, Payload } from '@longwave/protocol';
import type { Bounds } from '../base/ports.js';
import { LogFeed } from './log-feed.js';

/**
 * A watched document. The first operation that its log retains may say all that the earlier ones said, in the place of another with
 * the same offset (DOC-1): it is always read from the store, never from the tail.
 */
export class DocumentFeed extends LogFeed {
  #learned: Pick<Bounds, 'epoch' | 'floor'> | undefined;

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
