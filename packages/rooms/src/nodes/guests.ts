import type { Onlooker } from '../server/onlooker.js';
import type { Mail } from './mail.js';
import type { AnyFeed } from './rooms-here.js';

/** Somebody on another node who watches a room of this one. */
class Guest implements Onlooker {
  readonly viewer: string;
  readonly feed: AnyFeed;
  isReady = true;
  readonly #mail: Mail;
  readonly #node: string;
  readonly #number: number;
  readonly #onFailed: (error: unknown) => void;

  constructor(
    mail: Mail,
    feed: AnyFeed,
    guest: { readonly node: string; readonly number: number; readonly viewer: string },
    onFailed: (error: unknown) => void,
  ) {
    this.#mail = mail;
    this.feed = feed;
    this.viewer = guest.viewer;
    this.#node = guest.node;
    this.#number = guest.number;
    this.#onFailed = onFailed;
  }

  take(data: Uint8Array, tick: number): void {
    this.#mail.post(this.#node, { kind: 'snapshot', guest: this.#number, tick, data });
  }

  end(): void {
    // Their node is told once, for all of them.
  }

  fail(error: unknown): void {
    this.#onFailed(error);
    this.feed.leave(this);
  }
}

/** Those who watch the rooms of this node from others. */
export class Guests {
  readonly #mail: Mail;
  readonly #onFailed: (error: unknown) => void;
  readonly #byNode = new Map<string, Map<number, Guest>>();

  /** `onFailed` is told what could not be written for somebody. */
  constructor(mail: Mail, onFailed: (error: unknown) => void) {
    this.#mail = mail;
    this.#onFailed = onFailed;
  }

  watch(node: string, feed: AnyFeed, { guest: number, viewer, held }: Watching): void {
    this.leave(node, number);
    let guests = this.#byNode.get(node);
    if (!guests) {
      this.#byNode.set(node, (guests = new Map()));
      this.#mail.use(node);
    }
    const guest = new Guest(this.#mail, feed, { node, number, viewer }, this.#onFailed);
    guests.set(number, guest);
    feed.join(guest, held);
  }

  leave(node: string, number: number): void {
    const guest = this.#byNode.get(node)?.get(number);
    if (!guest) return;
    guest.feed.leave(guest);
    this.#remove(node, number);
  }

  flow(node: string, number: number, isReady: boolean): void {
    const guest = this.#byNode.get(node)?.get(number);
    if (!guest) return;
    guest.isReady = isReady;
    if (isReady) guest.feed.send(guest);
  }

  /** The room ends here. */
  end(feed: AnyFeed): void {
    for (const [node, guests] of this.#byNode) {
      const ended = [...guests].filter(([, guest]) => guest.feed === feed);
      if (ended.length > 0) this.#tellEnded(node, feed);
      for (const [number] of ended) this.#remove(node, number);
    }
  }

  /** The node says nothing any more. If it only stood still, those who watch there ask anew. */
  forget(node: string): void {
    const guests = [...(this.#byNode.get(node) ?? [])];
    for (const feed of new Set(guests.map(([, guest]) => guest.feed))) this.#tellEnded(node, feed);
    for (const [number] of guests) this.leave(node, number);
  }

  #tellEnded(node: string, { name: room, epoch }: AnyFeed): void {
    this.#mail.post(node, { kind: 'ended', room, epoch });
  }

  #remove(node: string, number: number): void {
    const guests = this.#byNode.get(node)!;
    guests.delete(number);
    if (guests.size > 0) return;
    this.#byNode.delete(node);
    this.#mail.letGo(node);
  }
}

interface Watching {
  readonly guest: number;
  readonly viewer: string;
  readonly held: number;
}
