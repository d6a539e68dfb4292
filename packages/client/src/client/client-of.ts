import type { Client } from '../api/client-api.js';
import type { MakeFeed } from '../subscriptions/feeds.js';
import type { WireSubscription } from '../subscriptions/wire-subscription.js';
import { ClientChannel } from './client-channel.js';

/**
 * The client that made a channel, for packages whose parts share something among all channels of a client. Undefined for an
 * object that no client made, such as one of a test.
 */
export function clientOf(channel: object): Pick<Client, 'state' | 'onState'> | undefined {
  return channel instanceof ClientChannel ? (channel.client as Client) : undefined;
}

/**
 * Subscribes to the channel by a kind of subscription that another package brings. Throws `wrong-mode` where this client is subscribed to
 * it, `closed` when the client is closed, and `TypeError` for an object that no client made.
 */
export function attachFeed<F extends WireSubscription>(channel: object, make: MakeFeed<F>): F {
  if (channel instanceof ClientChannel) return channel.attach(make);
  throw new TypeError('It must be a channel, as client.channel(name) returns it.');
}
