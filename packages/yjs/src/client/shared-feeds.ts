import { type Clock, clientOf } from '@longwave/client';
import { PresenceFeed } from './awareness/presence-feed.js';
import type { DocumentChannel } from './document-channel.js';
import { DocumentFeed } from './document-feed.js';

/** Things of documents, by the names of the documents, for each client. */
class PerClient<Thing> {
  readonly #clients = new WeakMap<object, Map<string, Thing>>();

  /** `make` gets a function that takes it out again. */
  get(channel: DocumentChannel, make: (drop: () => void) => Thing): Thing {
    const { name } = channel;
    const owner = clientOf(channel) ?? channel;
    const things = this.#clients.get(owner) ?? new Map<string, Thing>();
    this.#clients.set(owner, things);
    const known = things.get(name);
    if (known !== undefined) return known;
    const thing: Thing = make(() => {
      if (things.get(name) === thing) things.delete(name);
    });
    things.set(name, thing);
    return thing;
  }
}

const documents = new PerClient<DocumentFeed>();
const presences = new PerClient<PresenceFeed>();

/** The feed that all who are bound to a document over one client share. */
export function documentFeedOf(channel: DocumentChannel): DocumentFeed {
  return documents.get(channel, (drop) => new DocumentFeed(channel, drop));
}

/** And that of its members. */
export function presenceFeedOf(channel: DocumentChannel, clock: Pick<Clock, 'setTimer'>): PresenceFeed {
  return presences.get(channel, (drop) => new PresenceFeed(channel, clock, drop));
}
