import type { Context } from '../context.js';
import { Memberships } from '../presence/memberships.js';
import type { States } from '../presence/states.js';
import type { FeedRegistry } from '../subscriptions/feed-registry.js';
import { StateFeeds } from '../subscriptions/state-feeds.js';

export function createStates(context: Context, registry: FeedRegistry): States {
  return { watches: new StateFeeds(context, registry), members: new Memberships(context) };
}
