import type { Demand, LongwaveError, Prepared, View } from '@longwave/protocol';
import type { EnterOptions, MapWatch, ValueHandler, ValueWatch, WatchOptions } from '../api/state-api.js';
import type { Listener } from '../subscriptions/local-watch.js';

/** Make watches. They throw `wrong-mode` where the channel is subscribed to. */
export interface Watches {
  watch(channel: string, view: View, options: WatchOptions, listener: Listener | undefined): MapWatch<unknown>;
  watchValue(
    channel: string,
    view: View,
    options: WatchOptions,
    handler: ValueHandler<unknown> | undefined,
  ): ValueWatch<unknown>;
  demand(channel: string, handler: (demand: Demand) => void): MapWatch<unknown>;
}

/** The memberships of a client. */
export interface Members {
  enter(channel: string, data: Prepared, options: EnterOptions): Promise<string>;
  leave(channel: string): Promise<void>;
  /** They are to be said: on another link, or in another request. */
  onOpen(): void;
  onDown(): void;
  onExited(channel: string, error: LongwaveError): void;
  close(): void;
  end(error: LongwaveError): void;
}

/** The part of a client for channels with state and for presence. */
export interface States {
  readonly watches: Watches;
  readonly members: Members;
}
