import { type Client, type Transport, connect } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { FleetCalls } from '../../shared/fleet/fleet.js';
import { countingTransports } from '../compare/counting-transports.js';
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
    transport: countingTransports(tally).map(wire),
  });
  return { client, receivedBytes: () => tally.contentDown + tally.framingDown };
}
