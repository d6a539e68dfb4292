import type { Authority, DocumentFormat, Sink, Store } from '@longwave/core';
import type { Clock as ClientClock, Handler, SubscribeOptions } from '@longwave/client';
import type { FrameTamper } from '../network/fake-network.js';
import type { Random } from '../random.js';

/** Where a bug can be planted: at the ports, in the simulation only. The product knows nothing of it. */
export interface Sabotage {
  /** Frames at the server's codec. Made for each run, so that it may keep state. */
  readonly frames?: (random: Random) => FrameTamper;
  readonly store?: (store: Store, random: Random) => Store;
  readonly documents?: (format: DocumentFormat, random: Random) => DocumentFormat;
  readonly authority?: (authority: Authority) => Authority;
  readonly sink?: (sink: Sink, random: Random) => Sink;
  readonly clientClock?: (clock: ClientClock, random: Random) => ClientClock;
  /** Between the client and the application: what a client with a bug would tell. */
  readonly subscribe?: (
    options: SubscribeOptions,
    handler: Handler<unknown> | undefined,
    random: Random,
  ) => { readonly options: SubscribeOptions; readonly handler: Handler<unknown> | undefined };
  /** The epoch of each new store. */
  readonly makeEpoch?: () => string;
}
