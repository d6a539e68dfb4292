import type { Calls, Channels, ClientCalls } from '@longwave/protocol';
import type { Client } from './api/client-api.js';
import type { ClientOptions } from './base/options.js';
import { openLazy } from './late/open-lazy.js';

/**
 * Connects to a server and stays connected until `close()`, or until the server refuses the client for good (CLI-2).
 * `C` and `K` are the types of the server's channels and calls, `H` that of its calls to clients.
 *
 * `url` has the scheme `http`, `https`, `ws` or `wss`, and in a page it may be relative. Its path is put in front of
 * `/longwave`, and its query goes with each request.
 *
 * Throws `TypeError` on an unknown or invalid option (CLI-10), on an invalid URL, and for `transport: 'websocket'`
 * where the host has no WebSocket.
 *
 * Three parts are loaded when they are first used: channels with state and presence; publishes, calls and history; and the transports
 * over HTTP, with the change from one connection to another.
 * @example
 * ```ts
 * const client = connect<typeof channels, typeof calls>('https://example.com', { token: () => fetchToken() });
 * client.channel('chat/lobby').subscribe((message) => console.log(message.text));
 * ```
 */
export function connect<C extends Channels = Channels, K extends Calls = Calls, H extends ClientCalls = ClientCalls>(
  url: string,
  options: ClientOptions = {},
): Client<C, K, H> {
  return openLazy<C, K, H>(
    {
      states: () => import('./late/states.js'),
      sending: () => import('./late/sending.js'),
      links: () => import('./late/links.js'),
    },
    url,
    options,
  );
}
