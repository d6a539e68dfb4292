import type { Code, Durability, ResetReason } from './codes.js';
import type { Operation, ReceivedOperation } from './operation.js';

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
  /** Rises with each connection and request of the client: one that comes late takes the place of no newer one (SES-4). */
  readonly turn?: number | undefined;
}

/** `epoch` + `offset`: resume after that position. `last`: the last n. Neither: from now on (SUB-1). */
export interface Subscribe {
  readonly type: 'subscribe';
  readonly id: number;
  readonly channel: string;
  readonly epoch?: string | undefined;
  readonly offset?: number | undefined;
  readonly last?: number | undefined;
  /** The subscription stands there already, on another request: its `subscribed` is no news (HTTP-5). */
  readonly again?: true | undefined;
}

export interface Unsubscribe {
  readonly type: 'unsubscribe';
  readonly id: number;
  readonly channel: string;
}

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
}

export interface Call {
  readonly type: 'call';
  readonly id: number;
  readonly method: string;
  readonly data: unknown;
}

/** A page of the log: up to `limit` operations after `after`, or before `before` (HIS-1). */
export interface History {
  readonly type: 'history';
  readonly id: number;
  readonly channel: string;
  readonly limit: number;
  readonly epoch?: string | undefined;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
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

export type ClientFrame = Connect | Subscribe | Unsubscribe | Publish | Call | History | Refresh | Ping | Pong;

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
}

/** A request without a result succeeded. */
export interface Done {
  readonly type: 'done';
  readonly id: number;
  /** After `refresh`: milliseconds until the new identity expires (SES-6). */
  readonly expiresInMs?: number | undefined;
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
export interface Message<Op = Operation> {
  readonly type: 'message';
  readonly channel: string;
  readonly epoch: string;
  readonly offset: number;
  readonly ops: readonly Op[];
}

/** The last offset of a channel's log, so that a lost last operation is noticed (HB-3). */
export interface Top {
  readonly type: 'top';
  readonly channel: string;
  readonly epoch: string;
  readonly offset: number;
}

/** Continuity ended; the subscription now stands after `epoch`/`offset` (SUB-4). */
export interface Reset {
  readonly type: 'reset';
  readonly channel: string;
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

export type ServerFrame<Op = Operation> =
  | Connected
  | Subscribed
  | Done
  | Ack
  | Message<Op>
  | Top
  | Reset
  | Reply
  | Page<Op>
  | Goaway
  | ErrorFrame
  | Ping
  | Pong;

/** What a client gets from its codec. */
export type ReceivedFrame = ServerFrame<ReceivedOperation>;

/** A frame that could not be read. `id` is that of the request, where it could be told. */
export interface BadFrame {
  readonly type: 'bad';
  readonly id?: number | undefined;
  readonly message: string;
}
