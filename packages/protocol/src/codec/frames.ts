import type { Code, Durability, ResetReason } from '../codes.js';
import type { Operation, ReceivedOperation } from './operation.js';
import type { View } from '../views/view.js';

/** The version of the frames below, named in `connect` and in the subprotocols (WIRE-2). */
export const protocolVersion = 1;

// Client to server. `id` pairs a request with its reply on one connection.

/** First frame of a connection (SES-1). Requests may follow at once, without waiting for `connected`. */
export interface Connect {
  readonly type: 'connect';
  readonly version: number;
  /** Random and secret: names the client over its connections, and its publishes (PUB-2). */
  readonly client: string;
  readonly token?: string | undefined;
  /**
   * Rises with each connection and request of the client: one that comes late takes the place of no newer one (SES-4).
   */
  readonly turn?: number | undefined;
  /** Most bytes a second that the client asks to be sent, on average (VIEW-8). */
  readonly bytesPerSecond?: number | undefined;
  /** Texts that the application's `authenticate` and its hook `connect` get beside the token (SES-17). */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** The user that the server knew the client as before: what is subscribed to and waits to be sent is theirs (SES-19). */
  readonly user?: string | undefined;
}

/**
 * `epoch` + `offset`: resume after that position. `last`: the last n. Neither: from now on (SUB-1), or, where the
 * channel has state, with the state as it is (STATE-1).
 */
export interface Subscribe {
  readonly type: 'subscribe';
  readonly id: number;
  readonly channel: string;
  readonly epoch?: string | undefined;
  readonly offset?: number | undefined;
  readonly last?: number | undefined;
  /** The subscription stands there already, on another request: its `subscribed` is no news (HTTP-5). */
  readonly again?: true | undefined;
  /**
   * The part of a channel with state that is asked for (VIEW-1). A connection holds one subscription for each view of a
   * channel.
   */
  readonly view?: View | undefined;
  /** Beside a position: the state up to there is known to another view, and nothing of this one is there (STATE-1). */
  readonly fresh?: true | undefined;
  /**
   * Beside a position: the `scope` under which what the receiver has was sent. Another one now is as `fresh` (VIEW-9).
   */
  readonly scope?: string | undefined;
}

export interface Unsubscribe {
  readonly type: 'unsubscribe';
  readonly id: number;
  readonly channel: string;
  /** Tag of the view, if the subscription has one ({@link viewTag}). */
  readonly tag?: string | undefined;
}

/** Changes the view of a subscription that stands (VIEW-6). From then on its tag is that of the new view. */
export interface Track {
  readonly type: 'track';
  readonly id: number;
  readonly channel: string;
  readonly tag?: string | undefined;
  readonly view: View;
}

/**
 * Makes the client a member of the channel, or changes what it says of itself (PRES-1). Answered with `done`, which
 * names the member's key.
 */
export interface Enter {
  readonly type: 'enter';
  readonly id: number;
  readonly channel: string;
  readonly data: unknown;
  readonly away?: true | undefined;
  /** Said before, on another request: its answer is no news (HTTP-5). */
  readonly again?: true | undefined;
}

/** The client is no longer a member (PRES-3). */
export interface Exit {
  readonly type: 'exit';
  readonly id: number;
  readonly channel: string;
}

/** The ways in which a publish changes an entry. */
export type ChangeKind = 'put' | 'patch' | 'delete';

/** A publish to a log may be a redaction (RED-1). */
export type PublishKind = ChangeKind | 'redact';

export const publishKinds: readonly PublishKind[] = ['put', 'patch', 'delete', 'redact'];

export interface Publish {
  readonly type: 'publish';
  readonly id: number;
  readonly channel: string;
  /** Rises with each new publish of this client, from 1 (PUB-2). */
  readonly seq: number;
  /** Set when the same publish was sent before and its fate is unknown (PUB-4). */
  readonly retry?: true | undefined;
  readonly messageId?: string | undefined;
  readonly data: unknown;
  /** The `seq` of the publish that must be stored before this one: they may come in over different requests (PUB-7). */
  readonly after?: number | undefined;
  /** In a `map`: the entry that it changes (MAP-1). */
  readonly key?: string | undefined;
  /** Where the channel has state, default `put`. In a log, `redact`: the data is a {@link RedactionRequest}. */
  readonly kind?: PublishKind | undefined;
  /** The version the entry must have, 0 for none; otherwise `conflict` (MAP-3). */
  readonly expect?: number | undefined;
  /** The entry expires after so many milliseconds without a change (MAP-4). */
  readonly ttlMs?: number | undefined;
}

export interface Call {
  readonly type: 'call';
  readonly id: number;
  readonly method: string;
  readonly data: unknown;
}

/** A page of the log: up to `limit` operations after `after`, or before `before` (HIS-1), or by time (HIS-3). */
export interface History {
  readonly type: 'history';
  readonly id: number;
  readonly channel: string;
  readonly limit: number;
  readonly epoch?: string | undefined;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** Only operations stored at this time or later, in milliseconds since the Unix epoch: the oldest of them (HIS-3). */
  readonly since?: number | undefined;
  /** Only operations stored before this time. */
  readonly until?: number | undefined;
}

export interface Refresh {
  readonly type: 'refresh';
  readonly id: number;
  readonly token: string;
}

/** Sent by either side; the other answers with `pong` (HB-1). */
export interface Ping {
  readonly type: 'ping';
}

export interface Pong {
  readonly type: 'pong';
}

/** The result of a call of the server (CALL-3). `id` is that of `ask`. */
export interface Answer {
  readonly type: 'answer';
  readonly id: number;
  readonly data: unknown;
}

/** A call of the server failed at the client (CALL-6). */
export interface Refuse {
  readonly type: 'refuse';
  readonly id: number;
  /** A code of `codes.ts`; any other counts as `internal`. */
  readonly code: string;
  readonly message: string;
}

/** The acts of a player in a room, and the last snapshot that it has (ROOM-3). It is not answered. */
export interface Input {
  readonly type: 'input';
  readonly channel: string;
  /** Bytes, in the format of `longwave/rooms`. */
  readonly data: unknown;
}

export type ClientFrame =
  | Connect
  | Subscribe
  | Unsubscribe
  | Track
  | Publish
  | Call
  | History
  | Refresh
  | Enter
  | Exit
  | Answer
  | Refuse
  | Input
  | Ping
  | Pong;

// Server to client. `Op` is the stored form when encoding and the received form after decoding.

export interface Connected {
  readonly type: 'connected';
  readonly node: string;
  readonly user?: string | undefined;
  /** The server sends something at least this often (HB-2). */
  readonly heartbeatMs: number;
  readonly messageBytes: number;
  /** Milliseconds until the identity expires, unless refreshed. */
  readonly expiresInMs?: number | undefined;
}

/** The subscription stands after `epoch`/`offset`: the next operation has `offset + 1` (SUB-2). */
export interface Subscribed {
  readonly type: 'subscribed';
  readonly id: number;
  readonly channel: string;
  readonly epoch: string;
  readonly offset: number;
  /** The last offset of the log when the subscription was made: what lies between is the recovery. */
  readonly top: number;
  /** Set when the asked position could not be continued (SUB-4). */
  readonly reset?: ResetReason | undefined;
  /** Mode of the channel, unless it is `log`. */
  readonly mode?: string | undefined;
}

/** A request without a result succeeded. */
export interface Done {
  readonly type: 'done';
  readonly id: number;
  /** After `refresh`: milliseconds until the new identity expires (SES-6). */
  readonly expiresInMs?: number | undefined;
  /** After `enter`: the key of the member. */
  readonly key?: string | undefined;
}

/** The publish is stored at this position. */
export interface Ack {
  readonly type: 'ack';
  readonly id: number;
  readonly epoch: string;
  readonly offset: number;
  readonly durability: Durability;
  readonly duplicate?: true | undefined;
}

/** Contiguous operations; the first has `offset`, the others follow by one (MSG-1). */
export interface MessageFrame<Op = Operation> {
  readonly type: 'message';
  readonly channel: string;
  readonly epoch: string;
  readonly offset: number;
  readonly ops: readonly Op[];
}

/**
 * The changes of a channel's entries between `after` and `offset`, merged (MSG-3): at most one operation for an entry,
 * each with its `version`. `more`: further frames of the same act follow, and only together do they make a state.
 */
export interface Changes<Op = Operation> {
  readonly type: 'changes';
  readonly channel: string;
  readonly tag?: string | undefined;
  readonly epoch: string;
  readonly after: number;
  readonly offset: number;
  readonly ops: readonly Op[];
  /** The state is only what `ops` and `keep` of this act name (STATE-3). */
  readonly replace?: true | undefined;
  readonly more?: true | undefined;
  /** Keys of entries that the receiver has and that have not changed. */
  readonly keep?: readonly string[] | undefined;
  /** With `replace`: names what the identity may see, where that is not all. A resume repeats it (VIEW-9). */
  readonly scope?: string | undefined;
}

/** The last offset of a channel's log, so that a lost last operation is noticed (HB-3). */
export interface Top {
  readonly type: 'top';
  readonly channel: string;
  readonly tag?: string | undefined;
  readonly epoch: string;
  readonly offset: number;
}

/** Continuity ended; the subscription now stands after `epoch`/`offset` (SUB-4). */
export interface Reset {
  readonly type: 'reset';
  readonly channel: string;
  readonly tag?: string | undefined;
  readonly reason: ResetReason;
  readonly epoch: string;
  readonly offset: number;
}

export interface Reply {
  readonly type: 'reply';
  readonly id: number;
  readonly data: unknown;
}

/** `floor` and `top` bound what is retained: offsets from `floor + 1` to `top`. */
export interface Page<Op = Operation> {
  readonly type: 'page';
  readonly id: number;
  readonly channel: string;
  readonly epoch: string;
  /** The offset of the first operation in `ops`. */
  readonly offset: number;
  readonly ops: readonly Op[];
  readonly floor: number;
  readonly top: number;
}

/** The node is draining: connect again after `retryAfterMs` (SES-7). */
export interface Goaway {
  readonly type: 'goaway';
  readonly retryAfterMs: number;
}

/** With `id`: that request failed. Without: the connection is about to end. */
export interface ErrorFrame {
  readonly type: 'error';
  readonly id?: number | undefined;
  readonly code: Code;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

/** The client is no longer a member of the channel, and did not ask for that (PRES-3). */
export interface Exited {
  readonly type: 'exited';
  readonly channel: string;
  readonly code: Code;
}

/** The server calls the client, which answers with `answer` or `refuse` (CALL-3). */
export interface Ask {
  readonly type: 'ask';
  readonly id: number;
  readonly method: string;
  readonly data: unknown;
}

/** A room as it was after a step, as far as the subscriber is shown it (ROOM-2). */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly channel: string;
  /** Bytes, in the format of `longwave/rooms`. They say the step, and are of the room that the subscription was answered with. */
  readonly data: unknown;
}

export type ServerFrame<Op = Operation> =
  | Connected
  | Subscribed
  | Done
  | Ack
  | MessageFrame<Op>
  | Changes<Op>
  | Top
  | Reset
  | Reply
  | Page<Op>
  | Exited
  | Ask
  | Snapshot
  | Goaway
  | ErrorFrame
  | Ping
  | Pong;

/** A frame as a client gets it from its codec. */
export type ReceivedFrame = ServerFrame<ReceivedOperation>;

/** A frame that could not be read, and the code to answer with. `id` is that of the request, where it could be told. */
export interface BadFrame {
  readonly type: 'bad';
  readonly id?: number | undefined;
  readonly code: Code;
  readonly message: string;
}
