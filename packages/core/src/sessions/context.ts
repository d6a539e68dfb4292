import type { BadFrame, Calls, ClientFrame } from '@longwave/protocol';
import type { Authority } from '../base/authority.js';
import type { Admissions } from './rights/admissions.js';
import type { PendingAppends } from '../channels/pending-appends.js';
import { connectionId } from './connection-id.js';
import type { Asking } from './asking.js';
import type { Complaints } from '../guards/complaints.js';
import type { Clock, Logger, Store } from '../base/ports.js';
import type { Hooks } from '../base/hooks.js';
import type { Limits } from '../base/limits.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import type { Directory, Member } from './directory.js';
import type { Beating, Heartbeat } from './heartbeat.js';
import type { PollEnds } from './poll-ends.js';
import type { Hub } from '../delivery/hub.js';
import type { Members } from '../presence/members.js';
import type { StateLoaders } from '../channels/state/state-loaders.js';
import type { RoomHost } from '../playing/room-host.js';
import type { Documents } from '../channels/documents.js';
import type { Redactions } from '../channels/redactions.js';
import type { Publisher } from '../channels/publisher.js';
import type { Rates } from '../rates/rates.js';
import type { Registry } from '../channels/registry.js';
import type { Stats } from '../base/stats.js';

/** Objects that every session of an engine works with. */
export interface EngineContext<Session extends Member> {
  readonly node: string;
  /** Connections and requests that this node has counted, since when it counts. */
  readonly arrivals: { count: number; readonly since: number };
  readonly heartbeatMs: number;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Limits;
  readonly stats: Stats;
  readonly authority: Authority;
  readonly admissions: Admissions;
  readonly appends: PendingAppends;
  readonly complaints: Complaints;
  readonly hooks: Hooks;
  readonly calls: Calls;
  /** Calls of the server to its clients. */
  readonly asking: Asking;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly documents: Documents;
  readonly redactions: Redactions;
  /** Undefined: the contract has no rooms. */
  readonly rooms: RoomHost | undefined;
  readonly hub: Hub;
  readonly directory: Directory<Session>;
  readonly heartbeat: Heartbeat<Session & Beating>;
  readonly pollEnds: PollEnds;
  readonly rates: Rates;
  readonly loaders: StateLoaders;
  readonly members: Members;
  /** As in `EngineOptions`. */
  readonly digest: (text: string) => string;
  /** Does what a frame asks for. */
  readonly handle: (session: Session, frame: ClientFrame | BadFrame) => MaybePromise<void>;
}

export function nextConnectionId({ node, arrivals }: Pick<EngineContext<Member>, 'node' | 'arrivals'>): string {
  return connectionId(node, ++arrivals.count);
}
