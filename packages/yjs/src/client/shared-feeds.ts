import type { Clock } from '@longwave/client';
import { PresenceFeed } from './awareness/presence-feed.js';
import type { DocumentChannel } from './document-channel.js';
import { DocumentFeed } from './document-feed.js';
import { PerClient } from './per-client.js';

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
