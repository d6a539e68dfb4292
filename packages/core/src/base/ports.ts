import type {
  Durability,
  Encoded,
  Operation,
  Payload,
  ResolvedRetention,
  ServerCodec,
  ServerFrame,
  StateBounds,
} from '@longwave/protocol';
import type { MaybePromise } from './maybe-promise.js';

/** Which client published: `seq` rises with each publish of `id` (PUB-2). It is one of those of the operation's `user` (PUB-11). */
export interface Producer {
  readonly id: string;
  readonly seq: number;
  /** This very one MUST be stored before: otherwise `out-of-order` (PUB-7). One too old to be remembered counts as stored (PUB-8). */
  readonly after?: number | undefined;
}

/** What a publish asks a store to append. */
export interface NewOperation {
  readonly payload: Payload;
  readonly id?: string | undefined;
  /** Whose it is. With a producer it is the user of that client, none for an anonymous one: each has a memory of its own (PUB-11). */
  readonly user?: string | undefined;
  readonly producer?: Producer | undefined;
  /** The publish may have been stored before (PUB-4). */
  readonly retry?: boolean | undefined;

  // Of a channel with state:

  /** The entry it changes; default `''`. */
  readonly key?: string | undefined;
  /**
   * Default `put`. `load`: the payload is the whole state as JSON, a list of pairs of key and value; it is stored when there is none
   * (STATE-6). `touch`: moves the end of the entry's time, if `holder` holds it, and stores nothing.
   */
  readonly kind?: 'put' | 'delete' | 'expire' | 'load' | 'touch' | undefined;
  /** What makes the payload of the value before, to be announced with it. */
  readonly delta?: Payload | undefined;
  /** The version the entry MUST have, 0 for none: otherwise `conflict` (MAP-3). */
  readonly expect?: number | undefined;
  /** The entry expires so long after this (MAP-4). */
  readonly ttlMs?: number | undefined;
  /** Who may `touch` it from now on. */
  readonly holder?: string | undefined;
  /** Nothing is done where the entry is held with a higher one: what comes late takes the place of nothing newer. */
  readonly rank?: number | undefined;
  /** Nothing is stored when payload and user are those that the entry has, only its time is moved. */
  readonly ifChanged?: true | undefined;
  /** Where the application's state stood with this change: no later than what was loaded, it is a duplicate (STATE-6). */
  readonly at?: number | undefined;
}

/** What a channel keeps: a log its last operations, anything else the last of each entry. */
export type Keep = ResolvedRetention | StateBounds;

export interface Appended {
  readonly epoch: string;
  readonly offset: number;
  /** The operation was stored before; `offset` is the first one's. */
  readonly duplicate: boolean;
}

/**
 * What is retained: offsets from `floor + 1` to `top`, of the log named `epoch`. Of state it is the last operation of each entry;
 * removals up to `floor` are forgotten. A store whose log may lose its end, as by a failover, MUST go on in another epoch, that
 * names what it continues and up to where (`continueEpoch`).
 */
export interface Bounds {
  readonly epoch: string;
  readonly floor: number;
  readonly top: number;
}

export interface StoredPage extends Bounds {
  /** Contiguous, unless it is state. Empty when nothing retained fits the query. */
  readonly ops: readonly Operation[];
}

/**
 * Up to `limit` operations after `after`, or before `before`; with neither, the newest. Of state: the last of each entry that
 * changed after `after`, removals that are not forgotten among them; without it, of each that there is.
 */
export interface ReadQuery {
  readonly after?: number;
  readonly before?: number;
  /** Of state: this entry alone. */
  readonly key?: string;
  readonly limit: number;
}

/** Follows a channel. */
export interface Watcher {
  /** The operation was stored, next behind the one announced before unless a store says otherwise. */
  announce(epoch: string, op: Operation): void;
  /** So the channel stands now: of what was not announced the watcher learns by it, and of another epoch. */
  learn(bounds: Bounds): void;
}

/**
 * Keeps the logs. A failure is thrown or rejected, MUST leave the log as it was or the operation
 * stored whole, and is taken as transient, unless it is a `LongwaveError`: `too-old`, `out-of-order`, `conflict`, `too-many`, `too-large`.
 */
export interface Store {
  /** What an append that returned has survived (G4). */
  readonly durability: Durability;
  /**
   * `reliable`: what is not announced at once, because a connection broke or a message was lost, is announced or told by
   * `learn` within 2 s. `best-effort`: it may not be, and the engine asks `bounds` of each watched channel every second.
   */
  readonly announcements: 'reliable' | 'best-effort';
  /**
   * Atomically: find a repeated publish (PUB-2, PUB-3, PUB-4), refuse one that overtook another (PUB-7),
   * assign the next offset, write, announce. Appends to one channel MUST be stored in the order of the calls.
   */
  append(channel: string, operation: NewOperation, keep: Keep): MaybePromise<Appended>;
  read(channel: string, query: ReadQuery): MaybePromise<StoredPage>;
  /** MUST answer for a channel that was never written: an empty log in its epoch. */
  bounds(channel: string): MaybePromise<Bounds>;
  /** MUST announce every operation that is appended after the watch began, in order, unless `best-effort`. Returns the end of the watch. */
  watch(channel: string, watcher: Watcher): MaybePromise<() => void>;
  /**
   * Called about every second by every node: MUST end the entries whose time is over, each once, with an operation of kind `expire`
   * that is announced like any other.
   */
  expire(): MaybePromise<void>;
  /** Rejects unless every part of it can be used that channels may lie in, such as each server of several: a node is ready only then. */
  check?(): MaybePromise<void>;
  close(): MaybePromise<void>;
}

/** One way of turning encoded frames into the bytes of a link; shared by all links of its kind. */
export interface Wire {
  readonly codec: ServerCodec;
  /** The bytes that carry `message`, framing included. They go to many links and MUST NOT be changed afterwards. */
  pack(message: Encoded): Uint8Array;
}

/**
 * What a link carries. `duplex`: both ways, as long as it lasts. The two others are one HTTP request each, with
 * all that the client says in its body: `downstream` carries what is delivered to the subscriptions it asks for
 * (HTTP-3), `upstream` the answers to the requests it makes, and ends with the last of them (HTTP-4).
 */
export type LinkKind = 'duplex' | 'downstream' | 'upstream';

/** The outbound half of a link. MUST NOT call back into the session from within a method. */
export interface Sink {
  readonly wire: Wire;
  /** Default `duplex`. */
  readonly kind?: LinkKind;
  /**
   * For a link whose peer speaks no frames: is handed what the session itself has to say, in place of its bytes. What
   * is delivered to subscriptions is written as to any other (READ-6).
   */
  tell?(frame: ServerFrame): void;
  /** For a link that lives for one answer: how long that may take. It takes the place of the heartbeat (HTTP-5). */
  readonly holdMs?: number;
  /**
   * Takes the chunk, always. False: take no more until `session.drained()`. `quiet`: there is nothing in it that the
   * client waits for, and a long poll may hold it back.
   */
  write(chunk: Uint8Array, quiet?: boolean): boolean;
  /** Sends what was written, then ends the link. MUST lead to `session.closed()` unless that came first. */
  close(code: number, reason: string): void;
  /** Stop and go on reading from the peer. */
  pause(): void;
  resume(): void;
  /** Between the two, writes may be held back to travel as one. */
  cork(): void;
  uncork(): void;
}

/** Cancels when called. Calling it after the timer fired does nothing. */
export type CancelTimer = () => void;

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  setTimer(callback: () => void, delayMs: number): CancelTimer;
  /**
   * Runs `callback` once, after what is at hand in this turn of the event loop: the moment of a flush. Where a flush took
   * long a host MAY put the next one off by some milliseconds, so that more gathers for it; it MUST NOT run it within the call.
   */
  defer(callback: () => void): void;
  /** For a host that puts flushes off: nothing is gained by waiting longer, run in the next turn what was deferred. */
  hurry?(): void;
}

/** Unguessable text of 22 characters (128 bits), for epochs and node ids. */
export type MakeId = () => string;

export interface Logger {
  error(message: string, cause?: unknown): void;
  info(message: string): void;
}
