import { clientOf } from '@longwave/client';
import type { DocumentChannel } from './document-channel.js';
import { DocumentFeed } from './document-feed.js';

/** Feeds of documents by their names, for each client. */
const feedsOfClients = new WeakMap<object, Map<string, DocumentFeed>>();

/** The feed that all who are bound to a document over one client share. */
export function feedOf(channel: DocumentChannel): DocumentFeed {
  const { name } = channel;
  const owner = clientOf(channel) ?? channel;
  const feeds = feedsOfClients.get(owner) ?? new Map<string, DocumentFeed>();
  feedsOfClients.set(owner, feeds);
  const known = feeds.get(name);
  if (known) return known;
  const feed: DocumentFeed = new DocumentFeed(channel, () => {
    if (feeds.get(name) === feed) feeds.delete(name);
  });
  feeds.set(name, feed);
  return feed;
}
