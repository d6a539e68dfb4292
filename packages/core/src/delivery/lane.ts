import type { Subscription } from './subscription.js';
import type { Chunk, Wire } from '../base/ports.js';

/** The subscribers of a feed that stand at its head and share a wire: one encode serves them all. */
export class Lane {
  readonly wire: Wire;
  readonly subscriptions: Subscription[] = [];
  /** The last offset sent to everybody in the lane. */
  position: number;

  constructor(wire: Wire, position: number) {
    this.wire = wire;
    this.position = position;
  }

  add(subscription: Subscription): void {
    subscription.state = 'live';
    subscription.lane = this;
    subscription.laneIndex = this.subscriptions.push(subscription) - 1;
    subscription.session.onJoined?.();
  }

  /** The last one takes the place that falls free. */
  remove(subscription: Subscription): void {
    const last = this.subscriptions.pop()!;
    if (last !== subscription) {
      this.subscriptions[subscription.laneIndex] = last;
      last.laneIndex = subscription.laneIndex;
    }
    subscription.laneIndex = -1;
    subscription.lane = undefined;
  }

  /**
   * Writes one chunk to everybody. Hot path: no await, no closure, no allocation for a subscriber.
   * Backwards, because one that leaves is replaced by the last, which was served already. A link that fails ends its
   * own session alone: the fence stands around the loop, which then continues with the next link.
   */
  write(chunk: Chunk, before: number, after: number, corked: boolean): void {
    const { subscriptions } = this;
    for (let i = subscriptions.length - 1; i >= 0; i--) {
      try {
        for (; i >= 0; i--) {
          const subscription = subscriptions[i]!;
          const { session } = subscription;
          if (session.writable) {
            if (corked) session.cork();
            if (session.write(chunk)) continue;
            this.#block(subscription, after);
          } else {
            this.#block(subscription, before);
          }
        }
      } catch (error) {
        subscriptions[i]!.session.break(error);
      }
    }
  }

  #block(subscription: Subscription, cursor: number): void {
    this.remove(subscription);
    subscription.cursor = cursor;
    subscription.state = 'blocked';
  }
}
