import type { Calls, Channels, ClientCalls } from '@longwave/protocol';
import type { Client } from '../api/client-api.js';
import type { ClientOptions } from '../base/options.js';
import type { Transport } from '../base/ports.js';
import { type ClientParts, openClient } from '../client/open-client.js';
import type { States } from '../presence/states.js';
import type { Sending, SendingParts } from '../sending/sending.js';
import type { LinkExchange, LinkExchangeParts } from '../connection/link-exchange.js';
import type { Context } from '../context.js';
import type { FeedRegistry } from '../subscriptions/feed-registry.js';
import { lazyTransport } from '../transports/lazy-transport.js';
import { LatePart } from './late-part.js';
import { LateStates } from './late-states.js';

/** Load the parts that a page does not have at first. Each is called when its part is first used. */
export interface LateParts {
  states(): Promise<{ createStates(context: Context, registry: FeedRegistry): States }>;
  sending(): Promise<{ createSending(parts: SendingParts): Sending }>;
  links(): Promise<{
    createLinkExchange(parts: LinkExchangeParts): LinkExchange;
    streamTransport(): Transport;
    pollTransport(): Transport;
  }>;
}

/** The parts of a client, of which some are loaded when they are first used. */
export function lateParts({ states, sending, links }: LateParts): ClientParts {
  return {
    states: (context, registry) =>
      new LateStates(context, async () => (await states()).createStates(context, registry)),
    sending: (parts) => new LatePart(parts.ports, parts.backoff, async () => (await sending()).createSending(parts)),
    exchange: (parts) =>
      new LatePart(parts.ports, parts.backoff, async () => (await links()).createLinkExchange(parts)),
    stream: () => lazyTransport('stream', async () => (await links()).streamTransport),
    poll: () => lazyTransport('poll', async () => (await links()).pollTransport),
  };
}

/** `connect` with parts that are loaded later. */
export function openLazy<C extends Channels, K extends Calls, H extends ClientCalls>(
  parts: LateParts,
  url: string,
  options: ClientOptions,
): Client<C, K, H> {
  return openClient(lateParts(parts), url, options);
}
