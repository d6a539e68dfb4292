// `longwave/client` on Node: its types are those of client.ts, its values the same but for the default transport.
import {
  type Client,
  type ClientOptions,
  connect as connectWith,
  pollTransport,
  streamTransport,
} from '@longwave/client';
import { nodeTransport } from '@longwave/node/client';
import type { Calls, Channels, ClientCalls } from '@longwave/protocol';

export {
  binaryCodec,
  callChecks,
  fetchRequest,
  messageStore,
  pollTransport,
  streamTransport,
  webSocketTransport,
} from '@longwave/client';
export { LongwaveError } from '@longwave/protocol';

/** As everywhere, over Longwave's own WebSocket: Node 20 has none, and that of Node 22 sends no headers. */
export function connect<C extends Channels = Channels, K extends Calls = Calls, H extends ClientCalls = ClientCalls>(
  url: string,
  options: ClientOptions = {},
): Client<C, K, H> {
  return connectWith<C, K, H>(url, { ...options, transport: onNode(options.transport) });
}

function onNode(transport: ClientOptions['transport'] = 'auto'): NonNullable<ClientOptions['transport']> {
  if (transport === 'websocket') return nodeTransport();
  return transport === 'auto' ? [nodeTransport(), streamTransport(), pollTransport()] : transport;
}
