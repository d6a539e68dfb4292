import process from 'node:process';
import type { Bounds } from '@longwave/core';
import type { Durability, Position } from '@longwave/protocol';
import type { ChannelDump } from '../checker/channel-book.js';
import type { Violation, ViolationKind } from '../checker/violations.js';
import type { BugName } from '../plants/bugs.js';
import type { StoreChoice } from '../stores/open-store.js';
import type { Size } from '../workload/layout.js';

export interface NodeConfig {
  readonly name: string;
  readonly port: number;
  readonly store: StoreChoice;
  readonly bug: BugName | undefined;
  readonly heartbeatMs: number;
  /** Over so long its clients are sent elsewhere when it is told to end. */
  readonly drainMs: number;
  /** Users whose right to their guarded channel was withdrawn. */
  readonly revoked: readonly string[];
}

/** A message to a node. Each is answered by `done` with the same `id`. */
export type NodeCommand = { readonly id: number } & (
  | { readonly type: 'revoke'; readonly user: string }
  | { readonly type: 'jump'; readonly offsetMs: number }
  /** Publish to each of the channels so often, for as long as the process lives. */
  | { readonly type: 'tick'; readonly channels: readonly string[]; readonly everyMs: number }
  | { readonly type: 'bounds'; readonly channels: readonly string[] }
);

export type NodeReport =
  | { readonly type: 'ready' }
  /** Its timers were late. */
  | { readonly type: 'lag'; readonly lagMs: number }
  | { readonly type: 'done'; readonly id: number; readonly result?: unknown; readonly error?: string };

/** Configuration of a process of clients that only watch. */
export interface WatchersConfig {
  readonly url: string;
  readonly index: number;
  readonly clients: number;
  /** Each client subscribes to one of them. */
  readonly channels: readonly string[];
}

export type WatchersCommand =
  /** The moment from which events count. */
  { readonly type: 'arm'; readonly at: number } | { readonly type: 'measure' };

/** Counts of one client since that moment. */
export interface Watched {
  /** The longest time between two messages of its channel, in milliseconds. */
  readonly gapMs: number;
  /** Its connection was lost, and so long after the moment that counts it stood again and had everything. -1: it does not yet. */
  readonly resumedMs: number | undefined;
  readonly missing: number;
  readonly repeated: number;
  readonly resets: number;
}

export type WatchersReport =
  | { readonly type: 'ready' }
  | { readonly type: 'measured'; readonly watched: readonly Watched[] };

/** Configuration of a process of people who write documents. */
export interface WritersConfig {
  readonly url: string;
  readonly seed: string;
  readonly index: number;
  /** Writers of each document in this process. */
  readonly writers: number;
  readonly documents: readonly string[];
  /** Milliseconds between two words of one writer. */
  readonly everyMs: number;
}

export type WritersCommand =
  /** Write no more, and wait until everything is stored. */
  { readonly type: 'stop' };

/** One writer's copy of a document at the end. */
export interface Replica {
  readonly writer: string;
  readonly document: string;
  readonly text: string;
  /** Words up to this number were acknowledged: each says `writer.number`. */
  readonly acked: number;
  readonly written: number;
  /** Why it is not up to date, if it is not. */
  readonly problem: string | undefined;
}

export type WritersReport =
  | { readonly type: 'ready' }
  | { readonly type: 'stopped'; readonly replicas: readonly Replica[] };

export type TransportMix = readonly ('websocket' | 'stream' | 'poll' | 'auto')[];

export interface ClientsConfig {
  readonly url: string;
  readonly seed: string;
  /** Which of how many processes of clients. */
  readonly index: number;
  readonly processes: number;
  /** Clients of this process, publishers not counted. */
  readonly clients: number;
  readonly publishers: number;
  /** Messages a second that the publishers of this process try to publish. */
  readonly rate: number;
  readonly size: Size;
  readonly transports: TransportMix;
  /** Clients of this process that reconnect, reload or subscribe anew in a second. */
  readonly unrestPerSecond: number;
  /** With all faults over, a publish is answered within this, and everybody is up to date. */
  readonly patienceMs: number;
  readonly bug: BugName | undefined;
  /** Levels of durability that an ack may name. */
  readonly levels: readonly Durability[];
}

export type ClientsCommand =
  | { readonly type: 'start' }
  /** The user has lost the right at all nodes. */
  | { readonly type: 'revoked'; readonly user: string; readonly at: number }
  /** Publish no more, wait for what is under way. */
  | { readonly type: 'stop' }
  /** How everything stands now: wait until all have it. */
  | { readonly type: 'settle'; readonly end: EndState }
  | { readonly type: 'dump' };

/** Writes to an entry of a channel with state: a number that rises with each write. */
export interface Written {
  readonly channel: string;
  readonly key: string;
  /** The last that was acknowledged, and where. */
  readonly acked: number;
  readonly ackedAt: Position | undefined;
  /** The last that was tried. */
  readonly tried: number;
}

export interface EndState {
  readonly logs: ReadonlyMap<string, Bounds>;
  readonly written: readonly Written[];
  /** Users who should be members of each lobby, in alphabetical order. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Events in the clients of one process since the last report. */
export interface Interval {
  readonly at: number;
  until: number;
  published: number;
  acked: number;
  delivered: number;
  /** Publishes that were rejected for good, by code. */
  readonly rejected: Record<string, number>;
  readonly resets: Record<string, number>;
  reconnects: number;
  readonly diagnostics: Record<string, number>;
  /** Latencies of messages that carry their time of publishing: counts by class of latency. */
  readonly latencies: Record<number, number>;
  /** The same, until the publisher had its ack. */
  readonly ackLatencies: Record<number, number>;
  /** How late the timers of the process were at most. */
  lagMs: number;
  inflight: number;
}

/** A message of a quiet channel, and when a subscriber noticed it. */
export interface QuietSighting {
  readonly publishedAt: number;
  readonly seenAt: number;
  readonly where: string;
}

export type ClientsReport =
  | { readonly type: 'ready'; readonly subscriptions: number }
  | { readonly type: 'interval'; readonly interval: Interval; readonly violations: ViolationsDump }
  | { readonly type: 'quiet'; readonly sightings: readonly QuietSighting[] }
  | {
      readonly type: 'stopped';
      readonly written: readonly Written[];
      readonly entered: readonly (readonly [lobby: string, who: string])[];
    }
  | { readonly type: 'settled' }
  | { readonly type: 'channel'; readonly dump: ChannelDump }
  | { readonly type: 'dumped' };

export interface ViolationsDump {
  readonly counts: ReadonlyMap<ViolationKind, number>;
  readonly kept: readonly Violation[];
}

/** Milliseconds of a clock that all processes of this machine share and nobody sets. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
