import type { Calls, Channels, ClientCalls } from '@longwave/protocol';
import type { Client } from '../api/client-api.js';
import type { ClientOptions } from '../base/options.js';
import type { Transport } from '../base/ports.js';
import { lazyTransport } from '../transports/lazy-transport.js';
import { LazyStates } from './lazy-states.js';
import { openClient } from './open-client.js';
import type { StatesFactory } from './realtime-client.js';

/** Load the parts that a page does not have at first. Each is called when its part is first used. */
export interface LateParts {
  readonly states: () => Promise<{ readonly createStates: StatesFactory }>;
  readonly http: () => Promise<{ readonly streamTransport: () => Transport; readonly pollTransport: () => Transport }>;
}

/** `connect` with parts that are loaded later. */
export function openLazy<C extends Channels, K extends Calls, H extends ClientCalls>(
  { states, http }: LateParts,
  url: string,
  options: ClientOptions,
): Client<C, K, H> {
  return openClient(
    {
      states: (context, registry) =>
        new LazyStates(context, async () => (await states()).createStates(context, registry)),
      stream: () => lazyTransport('stream', async () => (await http()).streamTransport),
      poll: () => lazyTransport('poll', async () => (await http()).pollTransport),
    },
    url,
    options,
  );
}
