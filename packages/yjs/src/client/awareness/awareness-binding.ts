import type { Clock, Timer } from '@longwave/client';
import { equalityDeep } from 'lib0/function';
import type { Awareness } from 'y-protocols/awareness';
import type { PresenceFeed } from './presence-feed.js';

/** An `Awareness` forgets whoever was not renewed for 30 s. */
const renewMs = 10_000;

/** An `Awareness` and the members of a document: its own state is said there, and theirs are shown in it. */
export class AwarenessBinding {
  readonly #awareness: Awareness;
  readonly #feed: PresenceFeed;
  readonly #clock: Pick<Clock, 'setTimer'>;
  readonly #isConnected: () => boolean;
  /** Yjs clients that are shown because of us. */
  readonly #shown = new Set<number>();
  #renewing: Timer | undefined;

  constructor(
    awareness: Awareness,
    feed: PresenceFeed,
    { clock, isConnected }: { readonly clock: Pick<Clock, 'setTimer'>; readonly isConnected: () => boolean },
  ) {
    this.#awareness = awareness;
    this.#feed = feed;
    this.#clock = clock;
    this.#isConnected = isConnected;
    feed.join(this.#show);
    awareness.on('update', this.#onUpdate);
    this.#say();
    this.#show(feed.clients());
    this.#renewLater();
  }

  /** There is a connection again. */
  onConnected(): void {
    this.#feed.retry();
    this.#show(this.#feed.clients());
  }

  end(): void {
    this.#renewing?.cancel();
    this.#awareness.off('update', this.#onUpdate);
    this.#feed.say(this.#awareness.clientID, undefined);
    this.#feed.leave(this.#show);
    this.#hideAll();
  }

  readonly #onUpdate = (_: unknown, origin: unknown): void => {
    if (origin !== this) this.#say();
  };

  #say(): void {
    this.#feed.say(this.#awareness.clientID, this.#awareness.getLocalState() ?? undefined);
  }

  readonly #show = (clients: Iterable<number>): void => {
    this.#apply(clients, (client) => this.#feed.stateOf(client));
  };

  #hideAll(): void {
    this.#apply([...this.#shown], () => undefined);
  }

  /** Nobody renews the states of members: they are there as long as the member is, and we have a connection to hear of it. */
  #renewLater(): void {
    this.#renewing = this.#clock.setTimer(() => {
      const { meta } = this.#awareness;
      if (!this.#isConnected()) this.#hideAll();
      for (const client of this.#shown) {
        const { clock = 0 } = meta.get(client) ?? {};
        meta.set(client, { clock, lastUpdated: Date.now() });
      }
      this.#renewLater();
    }, renewMs);
  }

  #apply(clients: Iterable<number>, stateOf: (client: number) => object | undefined): void {
    const { states, meta, clientID } = this.#awareness;
    const [added, updated, changed, removed]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (const client of clients) {
      if (client === clientID) continue;
      const [before, now] = [states.get(client), stateOf(client)];
      if (now) {
        if (!before) added.push(client);
        else updated.push(client);
        if (before && !equalityDeep(before, now)) changed.push(client);
        states.set(client, now);
        meta.set(client, { clock: (meta.get(client)?.clock ?? 0) + 1, lastUpdated: Date.now() });
        this.#shown.add(client);
      } else if (this.#shown.delete(client) && states.delete(client)) removed.push(client);
    }
    if (added.length + changed.length + removed.length > 0) {
      this.#awareness.emit('change', [{ added, updated: changed, removed }, this]);
    }
    if (added.length + updated.length + removed.length > 0) {
      this.#awareness.emit('update', [{ added, updated, removed }, this]);
    }
    // After whoever was told: an `Awareness` would keep them for ever.
    for (const client of removed) meta.delete(client);
  }
}
