import type { RoomSource, Subscription } from '@longwave/core';
import type { Top } from '@longwave/protocol';
import { endSubscription, tellSnapshot } from '../server/onlooker.js';
import type { Mail } from './mail.js';

/** A room of another node, as it is subscribed to on this one. */
export class RemoteFeed implements RoomSource {
  readonly name: string;
  /** The node that has the room. */
  readonly node: string;
  readonly epoch: string;
  top: number;
  readonly #mail: Mail;
  readonly #numbers = new Map<Subscription, number>();
  readonly #nextNumber: () => number;
  readonly #known: Map<number, RemoteFeed>;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #onEmpty: () => void;
  /** Those whose links take no more, which their node has been told of. */
  readonly #held = new Set<Subscription>();
  /** Nothing comes of it any more: a subscription that would begin is to ask anew. */
  #isOver = false;

  constructor(
    mail: Mail,
    { name, node, epoch, top }: Pick<RemoteFeed, 'name' | 'node' | 'epoch' | 'top'>,
    /** Numbers of all guests of this node, and the rooms that they watch. */
    guests: { readonly next: () => number; readonly known: Map<number, RemoteFeed> },
    onEmpty: () => void,
  ) {
    this.#mail = mail;
    this.name = name;
    this.node = node;
    this.epoch = epoch;
    this.top = top;
    this.#nextNumber = guests.next;
    this.#known = guests.known;
    this.#onEmpty = onEmpty;
    mail.use(node);
  }

  get key(): string {
    return this.name;
  }

  topFrame(_subscription: Subscription): Top {
    return { type: 'top', channel: this.name, epoch: this.epoch, offset: this.top };
  }

  begin(subscription: Subscription): void {
    // It ended, or the last of those who watched left, after it was found for this one.
    if (this.#isOver) return endSubscription(subscription, this.epoch, this.top);
    const guest = this.#nextNumber();
    this.#numbers.set(subscription, guest);
    this.#subscriptions.set(guest, subscription);
    this.#known.set(guest, this);
    subscription.state = 'live';
    subscription.session.onJoined?.();
    const { viewer = '', epoch, cursor: held } = subscription;
    this.#mail.post(this.node, { kind: 'watch', room: this.name, guest, viewer, epoch, held });
  }

  /** Its link takes more again. */
  resume(subscription: Subscription): void {
    subscription.state = 'live';
    const guest = this.#numbers.get(subscription);
    if (guest === undefined || !this.#held.delete(subscription)) return;
    this.#mail.post(this.node, { kind: 'flow', room: this.name, guest, isReady: true });
  }

  remove(subscription: Subscription): void {
    subscription.state = 'ended';
    const guest = this.#numbers.get(subscription);
    if (guest === undefined) return;
    this.#forget(subscription, guest);
    this.#mail.post(this.node, { kind: 'leave', room: this.name, guest });
    this.letGo();
  }

  /** Its node is used no more where nobody here watches. */
  letGo(): void {
    if (this.#numbers.size > 0) return;
    this.#isOver = true;
    this.#onEmpty();
  }

  input(viewer: string, data: Uint8Array): void {
    this.#mail.post(this.node, { kind: 'input', room: this.name, viewer, data });
  }

  snapshot(guest: number, tick: number, data: Uint8Array): void {
    const subscription = this.#subscriptions.get(guest);
    if (!subscription) return;
    this.top = Math.max(this.top, tick);
    const { session } = subscription;
    if (!session.writable && subscription.state === 'live') {
      // This one still goes: the next builds on it. Those that are on their way already are few.
      subscription.state = 'blocked';
      this.#held.add(subscription);
      this.#mail.post(this.node, { kind: 'flow', room: this.name, guest, isReady: false });
    }
    try {
      tellSnapshot(subscription, data, tick);
    } catch (error) {
      session.break(error);
    }
  }

  /** The room is no longer there: who watches asks anew. */
  end(): void {
    for (const [subscription, guest] of this.#numbers) {
      this.#forget(subscription, guest);
      endSubscription(subscription, this.epoch, this.top);
    }
    this.letGo();
  }

  #forget(subscription: Subscription, guest: number): void {
    this.#numbers.delete(subscription);
    this.#subscriptions.delete(guest);
    this.#known.delete(guest);
    this.#held.delete(subscription);
  }
}
