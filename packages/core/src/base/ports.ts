import type {
  Durability,
  Encoded,
  Operation,
  Payload,
  Position,
  ResolvedRetention,
  ServerCodec,
  ServerFrame,
  StateBounds,
} from '@longwave/protocol';
import type { ConnectionInfo } from './authority.js';
import type { MaybePromise } from './maybe-promise.js';

/**
 * The client that published. `seq` rises with each publish of the client `id` (PUB-2). Ids are counted within the
 * operation's `user` (PUB-11).
 */
export interface Producer {
  readonly id: string;
  readonly seq: number;
  /**
   * Sequence of a publish that MUST be stored before this one: otherwise the append fails with `out-of-order` (PUB-7).
   * A publish too old to be remembered counts as stored (PUB-8).
   */
  readonly after?: number | undefined;
}

/** An operation that a publish asks a store to append. */
export interface NewOperation {
  readonly payload: Payload;
  readonly id?: string | undefined;
  /**
   * The user who publishes, undefined for an anonymous client. Repeated publishes are recognized within a user
   * (PUB-11).
   */
  readonly user?: string | undefined;
  readonly producer?: Producer | undefined;
  /** The publish may have been stored before (PUB-4). */
  readonly retry?: boolean | undefined;
  /**
   * Version that the entry MUST have, 0 for no entry; of a log, the offset of its newest operation, 0 for none. Otherwise the append
   * fails with `conflict` (MAP-3, LOG-4). It is looked at after a repeated publish was looked for.
   */
  readonly expect?: number | undefined;
  /**
   * Makes the operation a redaction (RED-1): of kind `redact`, it takes the data of the message there. Only for a log that is not
   * `whole`.
   */
  readonly redacts?: Position | undefined;

  // For channels with state:

  /** Key of the entry that it changes. Default `''`. */
  readonly key?: string | undefined;
  /**
   * Default `put`. `load`: the payload is the whole state as JSON, a list of pairs of key and value; it is stored if
   * there is no state yet (STATE-6). `touch`: puts off the expiry of the entry if `holder` holds it, and stores
   * nothing.
   */
  readonly kind?: 'put' | 'delete' | 'expire' | 'load' | 'touch' | undefined;
  /** Patch that turns the previous value into the payload, to be announced with it. */
  readonly delta?: Payload | undefined;
  /** Milliseconds after this operation until the entry expires (MAP-4). */
  readonly ttlMs?: number | undefined;
  /** Holder that may `touch` the entry from now on. */
  readonly holder?: string | undefined;
  /** Rank of the holder. An operation that comes late, with a lower rank than the entry's, does nothing. */
  readonly rank?: number | undefined;
  /** Stores nothing when the entry has the same payload and user; only its expiry is moved. */
  readonly ifChanged?: true | undefined;
  /**
   * Number of the application's state with this change. A change whose `at` is not above the loaded one is a duplicate
   * (STATE-6).
   */
  readonly at?: number | undefined;
}

/**
 * Bounds of a channel: a log keeps its last operations, a state the last of each entry. A log that is `whole` keeps all, and
 * an append that would take it above its bytes fails with `too-large` (DOC-2).
 */
export type Keep = ResolvedRetention | StateBounds;

/** The operations of a document up to `offset`, as one. */
export interface Compaction {
  /** The log that they were read from. */
  readonly epoch: string;
  /** Offset of the last of them. */
  readonly offset: number;
  /** It says all that they say. */
  readonly payload: Uint8Array;
}

/** The result of an append. */
export interface Appended {
  readonly epoch: string;
  readonly offset: number;
  /** True when the operation had been stored before; `offset` is that of the first time. */
  readonly duplicate: boolean;
}

/**
 * The retained part of the log named `epoch`: offsets from `floor + 1` to `top`. For a state it is the last operation
 * of each entry, and removals up to `floor` are forgotten. A store whose log may lose its end, as by a failover, MUST
 * go on in another epoch, that names the epoch that it continues and the last operation that both have
 * (`continueEpoch`).
 */
export interface Bounds {
  readonly epoch: string;
  readonly floor: number;
  readonly top: number;
}

/** Operations that a store read, with the bounds of the log at that time. */
export interface StoredPage extends Bounds {
  /** Operations in order, contiguous unless the channel has state. Empty when no retained operation fits the query. */
  readonly ops: readonly Operation[];
}

/**
 * Up to `limit` operations after `after`, or before `before`; with neither, the newest. For a state: the last operation
 * of each entry that changed after `after`, with the removals that are not forgotten; without `after`, of each entry
 * that exists.
 */
export interface ReadQuery {
  readonly after?: number;
  readonly before?: number;
  /** For a state: this entry alone. */
  readonly key?: string;
  readonly limit: number;
}

/** Receives the operations of a channel. */
export interface Watcher {
  /** An operation was stored: the next one after the last announced, unless a store documents otherwise. */
  announce(epoch: string, op: Operation): void;
  /** Tells the bounds of the channel: the watcher finds operations that were not announced, and a new epoch. */
  learn(bounds: Bounds): void;
}

/**
 * Passes messages from node to node that are of no use later. Nothing is stored: a node that does not listen now, or a message
 * that cannot be passed on at once, is left out, and nobody is told.
 */
export interface Relay {
  /**
   * Tells everybody who listens to `topic`, on each node and at most once; what one node sends arrives in its order. Never throws for a failure of the store, and MUST NOT call a listener within the call. Throws
   * `RangeError` above `maxRelayBytes`. `data` MUST NOT be changed afterwards.
   */
  send(topic: string, data: Uint8Array): void;
  /**
   * Calls `hear` with what is sent to `topic` once the promise is settled. Returns a function that ends it. Where the store is away
   * for a while it is listened to again, with what was sent meanwhile left out. `hear` MUST NOT throw.
   */
  listen(topic: string, hear: (data: Uint8Array) => void): MaybePromise<() => void>;
}

/** Most bytes of a message to a relay: servers of messages often take no more than a mebibyte. */
export const maxRelayBytes = 512 * 1024;

/**
 * Keeps the logs and states of channels. A method that fails throws or rejects, and MUST leave the operation either not
 * stored or stored whole. The engine takes a failure for transient and retries, unless it is a `LongwaveError` with the
 * code `too-old`, `out-of-order`, `conflict`, `too-many`, `too-large`, `epoch-changed` or `trimmed`.
 */
export interface Store {
  /** The failure that an append survives once it has returned (G4). */
  readonly durability: Durability;
  /**
   * `reliable`: an operation that is not announced at once, because a connection broke or a message was lost, is
   * announced or told by `learn` within 2 s. `best-effort`: it may stay unannounced, and the engine asks `bounds` of
   * each watched channel every second.
   */
  readonly announcements: 'reliable' | 'best-effort';
  /**
   * Appends an operation. Atomically, it finds a repeated publish (PUB-2, PUB-3, PUB-4), refuses one that overtook
   * another (PUB-7), assigns the next offset, writes and announces. Appends to one channel MUST be stored in the order
   * of the calls.
   *
   * One that `redacts` also puts the message's `redactedOperation` in its place, in the same step: nobody reads its data from then on,
   * and nobody finds one without the other after a crash. It fails with `epoch-changed` where the log has another epoch,
   * with `trimmed` where the message is not retained. Where it has no data any more, or is a redaction itself, the append stores nothing
   * and is a duplicate at the top. The store MUST let go of the data elsewhere too, as in a journal.
   */
  append(channel: string, operation: NewOperation, keep: Keep): MaybePromise<Appended>;
  /**
   * Replaces all retained operations of a log up to `offset` by one at `offset`, with the time of the one that was there, no id and no
   * user, and so moves the floor to `offset - 1` (DOC-1). Atomic for readers and after a crash; nothing is announced, and publishes
   * that are known stay known. Returns false, and changes nothing, where the log has another epoch now, or `offset` is not retained: it
   * was done before, or further. A store without it keeps no documents.
   */
  compact?(channel: string, compaction: Compaction): MaybePromise<boolean>;
  /** Reads retained operations in order. It may give fewer than `limit`, but one at least: whoever wants more asks on. */
  read(channel: string, query: ReadQuery): MaybePromise<StoredPage>;
  /**
   * Returns the bounds of a channel. MUST answer for a channel that was never written to: an empty log in its epoch.
   */
  bounds(channel: string): MaybePromise<Bounds>;
  /**
   * Watches a channel. Unless `best-effort`, MUST announce every operation that is appended after the watch began, in
   * order. Returns a function that ends the watch.
   */
  watch(channel: string, watcher: Watcher): MaybePromise<() => void>;
  /**
   * Ends entries whose time is over, each once, by an operation of kind `expire` that is announced like any other.
   * Every node calls it about once a second.
   */
  expire(): MaybePromise<void>;
  /** Rejects unless every part of the store can be used, such as each of several servers. A node is ready only then. */
  check?(): MaybePromise<void>;
  /** Between the nodes that share the store. Without it each node has rooms of its own. */
  readonly relay?: Relay;
  /** Releases connections, files and timers. */
  close(): MaybePromise<void>;
}

/** Encoded frames as a sink takes them: bytes with their framing, or messages whose framing is done by the host below. */
export type Chunk = Encoded;

/** A way to turn encoded frames into the chunks of a link: a codec and a framing. All links of a kind share one. */
export interface Wire {
  readonly codec: ServerCodec;
  /**
   * Returns the chunk that carries `message`. It goes to many links of this wire, and to no other; bytes MUST NOT be changed
   * afterwards.
   */
  pack(message: Encoded): Chunk;
  /** As `pack` of what the codec makes of the frame, with a copy less. */
  packFrame?(frame: ServerFrame): Chunk;
  /** Makes one chunk of two, for one write: the receiver finds their ends by itself. Default: each is written by itself. */
  join?(first: Chunk, second: Chunk): Chunk;
}

/**
 * The kind of traffic on a link. `duplex`: both ways, as long as it lasts. The two others are one HTTP request each,
 * with all that the client says in its body: `downstream` carries what is delivered to the subscriptions it asks for
 * (HTTP-3), `upstream` the answers to the requests it makes, and ends with the last of them (HTTP-4).
 */
export type LinkKind = 'duplex' | 'downstream' | 'upstream';

/** The outbound half of a link. MUST NOT call back into the session from within a method. */
export interface Sink {
  readonly wire: Wire;
  /** Default `duplex`. */
  readonly kind?: LinkKind;
  /**
   * Facts that the link can tell at any time, made each time they are asked for: an open session then keeps none itself,
   * unless the client gave parameters. Default: it keeps those that it was accepted with.
   */
  readonly info?: ConnectionInfo | undefined;
  /**
   * For a link whose peer speaks no frames: takes the session's own frames in place of their bytes.
   * Messages for subscriptions are written as to any other link (READ-6).
   */
  tell?(frame: ServerFrame): void;
  /** For a link that ends with one answer: milliseconds that it may take. It replaces the heartbeat (HTTP-5). */
  readonly holdMs?: number;
  /**
   * Takes the chunk, always. Returns false to be given no more until `session.drained()`. `quiet`: the client waits for
   * nothing in the chunk, and a long poll may hold it back.
   */
  write(chunk: Chunk, quiet?: boolean): boolean;
  /** Sends the chunks that were written, then ends the link. MUST lead to `session.closed()` unless that came first. */
  close(code: number, reason: string): void;
  /** Stops reading from the peer until `resume`. */
  pause(): void;
  resume(): void;
  /** Writes between `cork` and `uncork` may be held back to travel as one. */
  cork(): void;
  uncork(): void;
}

/** Cancels when called. Calling it after the timer fired does nothing. */
export type CancelTimer = () => void;

/** Time, timers and the moment of a flush. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  setTimer(callback: () => void, delayMs: number): CancelTimer;
  /**
   * Runs `callback` once, after the work at hand in this turn of the event loop, for a flush. After a long flush a host
   * MAY put the next one off by some milliseconds, so that more gathers for it. It MUST NOT run the callback within the
   * call.
   */
  defer(callback: () => void): void;
  /**
   * For a host that puts flushes off: runs the deferred callbacks in the next turn, since to wait longer gains nothing.
   */
  hurry?(): void;
  /**
   * The host puts flushes off to gather more for them. A document then delivers at most every 8 ms. Default false: everything is
   * delivered in the turn in which it came, as tests want it.
   */
  readonly paces?: boolean;
}

/** Returns an unguessable text of 22 characters (128 bits), for epochs and node ids. */
export type MakeId = () => string;

/** The host's log. */
export interface Logger {
  /** Something failed. */
  error(message: string, cause?: unknown): void;
  /** Something is wrong that may pass, or that somebody should look at. Default: `error`. */
  warn?(message: string, cause?: unknown): void;
  info(message: string): void;
  /** Each connection that is let in and that ends. Default: not told. */
  debug?(message: string): void;
}

/** Warns by a logger that may tell no warnings from errors. */
export function warn(logger: Logger, message: string, cause?: unknown): void {
  if (logger.warn) logger.warn(message, cause);
  else logger.error(message, cause);
}
