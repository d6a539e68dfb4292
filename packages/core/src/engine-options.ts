import type { Calls, Channels, ClientCalls } from '@longwave/protocol';
import type { Authority } from './base/authority.js';
import type { Hooks } from './base/hooks.js';
import type { Limits } from './base/limits.js';
import type { Clock, Logger, MakeId, Store } from './base/ports.js';
import type { DocumentFormat } from './channels/documents.js';
import type { RoomHost } from './playing/room-host.js';
import type { Modes } from './channels/state/mode.js';

export interface EngineOptions {
  readonly channels: Channels;
  readonly calls?: Calls;
  /** Calls of the server to its clients. */
  readonly clientCalls?: ClientCalls;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly authority?: Authority;
  /** In their order: the first that throws refuses. */
  readonly hooks?: Hooks | readonly Hooks[];
  readonly limits?: Partial<Limits>;
  /** Milliseconds between pings (HB-2). Default 10,000. */
  readonly heartbeatMs?: number;
  /** A one-way function: at least 64 bits of its result as text of at most 64 units. Names members (PRES-1). */
  readonly digest: (text: string) => string;
  /**
   * The node acts as one with all others that share the store; `label` tells people where it runs. Default: it is
   * alone.
   */
  readonly cluster?: { readonly label: string };
  /** Knows the meaning of the updates of documents: required where the contract has some. */
  readonly documents?: DocumentFormat;
  /** Steps the rooms of this node: required where the contract has some. */
  readonly rooms?: RoomHost;
  /** Modes besides `map` and `value`, by the name in a channel's definition. */
  readonly modes?: Modes;
}
