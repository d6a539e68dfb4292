import { type Client, type Environment, type Transport, binaryCodec, connect } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { countingTransports } from '../compare/counting-transports.js';
import { type Tally, createTally } from '../compare/tally.js';
import type { Faults } from './delay-line.js';
import { faultyTransport } from './faulty-transport.js';

/** A client of the game's own, so that the faults of the panel are felt by nothing else on the page, and counted by itself. */
export interface ArenaClient {
  readonly client: Client<GalleryChannels>;
  readonly traffic: Readonly<Tally>;
}

/** The page's own, but for its memory: a way that is slow by the panel says nothing of this network. */
const environment: Environment = {
  onWake: (listener) => {
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener('online', () => listener('online'), { signal });
    addEventListener('offline', () => listener('offline'), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || listener('visible'), { signal });
    return () => stop.abort();
  },
  isOnline: () => (navigator.onLine ? undefined : false),
};

interface ArenaClientOptions {
  readonly url: string;
  readonly faults: () => Faults;
  /** The page's network. */
  readonly wire: (transport: Transport) => Transport;
}

export function connectArena({ url, faults, wire }: ArenaClientOptions): ArenaClient {
  const traffic = createTally();
  const client = connect<GalleryChannels>(url, {
    codec: binaryCodec(),
    environment,
    transport: countingTransports(traffic).map((transport) => faultyTransport(wire(transport), faults)),
  });
  return { client, traffic };
}
