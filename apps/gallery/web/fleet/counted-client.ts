import {
  type Client,
  type Transport,
  connect,
  pollTransport,
  streamTransport,
  webSocketTransport,
} from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { FleetCalls } from '../../shared/fleet/fleet.js';
import { countingRequest } from '../compare/counting-request.js';
import { countingWebSocket } from '../compare/counting-web-socket.js';
import { createTally } from '../compare/tally.js';

/** A client whose traffic is counted, whatever transport gets through. */
export interface CountedClient {
  readonly client: Client<GalleryChannels, FleetCalls>;
  /** Messages, and the framing around them. */
  readonly receivedBytes: () => number;
}

/** `wire` is the page's network. */
export function connectCounted(url: string, wire: (transport: Transport) => Transport): CountedClient {
  const tally = createTally();
  const client = connect<GalleryChannels, FleetCalls>(url, {
    transport: [
      webSocketTransport({ WebSocket: countingWebSocket(tally) }),
      streamTransport({ request: countingRequest(tally) }),
      pollTransport({ request: countingRequest(tally) }),
    ].map(wire),
  });
  return { client, receivedBytes: () => tally.contentDown + tally.framingDown };
}
