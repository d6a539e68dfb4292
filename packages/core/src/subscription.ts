import type { Operation, ServerFrame, Top } from '@longwave/protocol';
import type { Wire } from './ports.js';

/** What delivery needs of a session. */
export interface Subscriber {
  readonly wire: Wire;
  readonly writable: boolean;
  write(chunk: Uint8Array): boolean;
  cork(): void;
  send(frame: ServerFrame): void;
}

/** What a session needs of a channel it is subscribed to. */
export interface Source {
  /** The channel's name on the wire. */
  readonly name: string;
  readonly epoch: string;
  readonly top: number;
  topFrame(): Top;
  /** Goes on delivering to a subscription that is behind. */
  resume(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

/**
 * A cursor over a channel's log, for one session. Where it stands decides who moves it:
 *
 * - `live`: at the head, in a lane; the lane's position is its own.
 * - `reading`: behind; each flush reads a chunk for it until it stands at the head.
 * - `loading`: behind, and what it needs is on its way from the store.
 * - `blocked`: its link takes no more; it reads on when that drains (MSG-2).
 * - `ended`: gone.
 */
export class Subscription {
  readonly session: Subscriber;
  readonly source: Source;
  /** The asked number of last operations, for a start after a reset (SUB-4). */
  readonly last: number | undefined;
  epoch: string;
  /** The last offset sent. Not kept up while `live`. */
  cursor: number;
  state: 'live' | 'reading' | 'loading' | 'blocked' | 'ended' = 'reading';
  /** Its index in the lane, while `live`. */
  laneIndex = -1;
  /** Operations that came from the store for this cursor. */
  loaded: readonly Operation[] | undefined;

  constructor(session: Subscriber, source: Source, last: number | undefined, epoch: string, cursor: number) {
    this.session = session;
    this.source = source;
    this.last = last;
    this.epoch = epoch;
    this.cursor = cursor;
  }
}
