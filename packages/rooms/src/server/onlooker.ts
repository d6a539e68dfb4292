import type { Subscription } from '@longwave/core';
import { preparedBytes } from '@longwave/protocol';

/** Somebody whom snapshots are written for: a subscription on this node, or one on another. */
export interface Onlooker {
  /** The member that it is, or would be. */
  readonly viewer: string;
  /** Its link takes one more now. */
  readonly isReady: boolean;
  /** A new snapshot for it alone. The bytes are written over after the call. */
  take(message: Uint8Array, tick: number): void;
  /** The room ends here: it is to ask anew. */
  end(epoch: string, tick: number): void;
  /** The next snapshot cannot be written for it. */
  fail(error: unknown): void;
}

/** A subscription on this node. */
export class LocalOnlooker implements Onlooker {
  readonly viewer: string;
  readonly #subscription: Subscription;

  constructor(subscription: Subscription) {
    this.#subscription = subscription;
    this.viewer = subscription.viewer ?? '';
  }

  get isReady(): boolean {
    const { state, session } = this.#subscription;
    if (state !== 'live') return false;
    if (session.writable) return true;
    // Never a queue: when it takes more it gets what is new then.
    this.#subscription.state = 'blocked';
    return false;
  }

  take(message: Uint8Array, tick: number): void {
    tellSnapshot(this.#subscription, message, tick);
  }

  end(epoch: string, tick: number): void {
    endSubscription(this.#subscription, epoch, tick);
  }

  fail(error: unknown): void {
    this.#subscription.session.break(error);
  }
}

/** The bytes are read within the call: a link keeps what the codec makes of them. */
export function tellSnapshot(subscription: Subscription, message: Uint8Array, tick: number): void {
  const { session, source } = subscription;
  session.tell({ type: 'snapshot', channel: source.name, data: preparedBytes(message) });
  subscription.cursor = tick;
}

/** The subscriber is told to ask anew, and keeps its connection. */
export function endSubscription(subscription: Subscription, epoch: string, offset: number): void {
  const { session, source } = subscription;
  subscription.state = 'ended';
  session.send({ type: 'reset', channel: source.name, reason: 'epoch-changed', epoch, offset });
}
