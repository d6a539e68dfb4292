import {
  type Client,
  type Environment,
  binaryCodec,
  connect,
  pollTransport,
  streamTransport,
  webSocketTransport,
} from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { countingRequest } from '../compare/counting-request.js';
import { countingWebSocket } from '../compare/counting-web-socket.js';
import { type Tally, createTally } from '../compare/tally.js';
import type { Faults } from './delay-line.js';
import { faultyTransport } from './faulty-transport.js';

/** A client of the game's own, so that the faults of the panel are felt by nothing else on the page, and counted by itself. */
export interface ArenaClient {
  readonly client: Client<GalleryChannels>;
  readonly traffic: Readonly<Tally>;
}

/** Without a memory: what is slow by the panel says nothing of this network. */
const environment: Environment = { onWake: () => () => undefined, isOnline: () => navigator.onLine };

export function connectArena(url: string, faults: () => Faults): ArenaClient {
  const traffic = createTally();
  const request = countingRequest(traffic);
  const client = connect<GalleryChannels>(url, {
    codec: binaryCodec(),
    environment,
    transport: [
      webSocketTransport({ WebSocket: countingWebSocket(traffic) }),
      streamTransport({ request }),
      pollTransport({ request }),
    ].map((transport) => faultyTransport(transport, faults)),
  });
  return { client, traffic };
}
