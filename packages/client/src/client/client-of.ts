import type { Client } from '../api/client-api.js';
import { ClientChannel } from './client-channel.js';

/**
 * The client that made a channel, for packages whose parts share something among all channels of a client. Undefined for an
 * object that no client made, such as one of a test.
 */
export function clientOf(channel: object): Pick<Client, 'state' | 'onState'> | undefined {
  return channel instanceof ClientChannel ? (channel.client as Client) : undefined;
}
