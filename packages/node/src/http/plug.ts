import type { ServerResponse } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import type { WebSocketConnection } from '@longwave/websocket';

/** Milliseconds that a peer gets to answer a Close frame and to end the transport (RFC 6455 §7.1.1). */
const closeTimeoutMs = 5000;
/** As much as may be on its way when a Close frame is sent (LIM-14): a peer that sends more does not mean to answer it. */
const maxBytesAfterClose = 16 * 1024 * 1024;
/** Milliseconds that a client gets to read a response that is complete, over whatever line it has. */
export const responseTimeoutMs = 30_000;

/**
 * Bytes beyond which a peer takes no more for now. Node 20 says so by itself at as many; since Node 22 it is four times
 * that, and every peer that does not read would hold two chunks more.
 */
const fullBytes = 16 * 1024;

interface Backlog {
  readonly _writableState?: { highWaterMark: number };
}

/**
 * Has `stream` say that it is full as early on every release of Node. No option reaches those that somebody else made.
 */
export function limitBacklog(stream: Backlog | null): void {
  const state = stream?._writableState;
  if (state && state.highWaterMark > fullBytes) state.highWaterMark = fullBytes;
}

/** Returns the carrier of a response's bytes: a socket, or a stream of HTTP/2. */
export function carrierOf(response: ServerResponse): Backlog | null {
  const { stream } = response as { readonly stream?: Backlog };
  return stream ?? (response.socket as Backlog | null);
}

/** The owner of a socket on which nothing is agreed yet. It may own many. */
export interface FirstOwner {
  readonly connection: undefined;
  onFirst(socket: Duplex, chunk: Uint8Array): void;
  /** The socket ended or broke before it said anything. */
  onGone(socket: Duplex): void;
}

/** Bounds what incomplete messages hold together. */
export interface HalfMessageBounds {
  /** Called after each chunk of a connection: a message may have begun, grown or come to its end. */
  look(connection: WebSocketConnection): void;
  /** The connection is over. */
  end(connection: WebSocketConnection): void;
}

/** The owner of a socket that carries frames. */
export interface PlugOwner {
  readonly connection: WebSocketConnection;
  /** Milliseconds within which a message that began must be complete. */
  readonly messageTimeoutMs: number;
  /** Those of the server. Undefined: it is no server's. */
  readonly halfMessages?: HalfMessageBounds | undefined;
  /** Runs while a message is unfinished. Kept here for the plug alone. */
  watch: NodeJS.Timeout | undefined;
  /** The socket takes more. */
  onDrain(): void;
}

const plugged = Symbol('plugged');
const bytesAfterClose = Symbol('bytesAfterClose');

interface Plugged extends Duplex {
  [plugged]: PlugOwner | FirstOwner | undefined;
  [bytesAfterClose]?: number;
}

/**
 * Connects the events of a socket, or of what else carries frames, with a protocol connection. The listeners are shared
 * by all sockets and find the owner on the socket: an idle connection costs no closures, and no object.
 */
export function plug(socket: Duplex, owner: PlugOwner): void {
  limitBacklog(socket as Backlog);
  if (!(socket as Partial<Plugged>)[plugged]) listen(socket);
  (socket as Plugged)[plugged] = owner;
  socket.on('drain', onDrain);
  socket.on('close', onClose);
}

/**
 * Shows `owner` the first bytes of a socket. The listeners stay when a protocol is plugged in: taking them off and putting
 * others in their place would cost each connection.
 */
export function plugFirst(socket: Duplex, owner: FirstOwner): void {
  listen(socket);
  (socket as Plugged)[plugged] = owner;
}

/** Lets go of a socket on which nothing was agreed: it has no listeners of ours left. */
export function unplug(socket: Duplex): void {
  (socket as Plugged)[plugged] = undefined;
  socket.off('data', onData);
  socket.off('end', onEnd);
  socket.off('error', onError);
}

function listen(socket: Duplex): void {
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('error', onError);
}

/** Destroys the socket if it is still there in a while. */
export function endSoon(socket: Pick<Writable, 'destroy' | 'once'>, timeoutMs = closeTimeoutMs): void {
  const timer = setTimeout(() => socket.destroy(), timeoutMs).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** A peer that ends its side of the connection, and reads on, gets what was written of a response within `responseTimeoutMs`. */
export function endWithPeer(response: ServerResponse): void {
  const { socket, stream } = response as ServerResponse & { readonly stream?: unknown };
  // A stream of HTTP/2 ends by itself, and the socket is not its own.
  if (!socket || stream) return;
  const onPeerEnd = (): void => endSoon(response, responseTimeoutMs);
  socket.once('end', onPeerEnd);
  response.once('close', () => socket.off('end', onPeerEnd));
}

function onData(this: Plugged, chunk: Uint8Array): void {
  const owner = this[plugged]!;
  if (owner.connection === undefined) return owner.onFirst(this, chunk);
  receiveChunk(this, chunk);
}

/** Hands a chunk to the connection that is plugged into the socket. */
export function receiveChunk(socket: Duplex, chunk: Uint8Array): void {
  const owner = (socket as Plugged)[plugged] as PlugOwner;
  const { connection, halfMessages } = owner;
  if (connection.state !== 'open' && isTooMuch(socket as Plugged, chunk)) return void socket.destroy();
  connection.receive(chunk, performance.now());
  halfMessages?.look(connection);
  if (connection.unfinishedSince !== undefined && !owner.watch) watchUnfinished(owner);
}

function isTooMuch(socket: Plugged, { length }: Uint8Array): boolean {
  const bytes = (socket[bytesAfterClose] ?? 0) + length;
  socket[bytesAfterClose] = bytes;
  return bytes > maxBytesAfterClose;
}

/** A message that trickles in holds memory: it gets a time limit. The timer exists only while one is unfinished. */
function watchUnfinished(owner: PlugOwner, waitMs = owner.messageTimeoutMs): void {
  owner.watch = setTimeout(() => {
    owner.watch = undefined;
    const since = owner.connection.unfinishedSince;
    if (since === undefined) return;
    // It may have begun after the timer was set.
    const leftMs = owner.messageTimeoutMs - (performance.now() - since);
    if (leftMs > 1) watchUnfinished(owner, leftMs);
    else owner.connection.fail(1008, 'message timeout');
  }, waitMs).unref();
}

function onDrain(this: Plugged): void {
  const owner = this[plugged];
  if (owner?.connection === undefined) return;
  owner.connection.drained();
  owner.onDrain();
}

/** The peer will send no more. Bytes on their way to the peer may still arrive. */
function onEnd(this: Plugged): void {
  const owner = this[plugged]!;
  if (owner.connection === undefined) {
    owner.onGone(this);
    return void this.destroy();
  }
  owner.connection.transportEnded();
  // Nearly all were ended by a Close frame before. To be asked twice is an error to Node, made with its stack for nobody.
  if (!this.writableEnded) this.end();
  if (this.writableFinished) this.destroy();
  // A peer that does not read them must not hold the socket.
  else endSoon(this);
}

/** 'close' follows. */
function onError(this: Plugged): void {
  const owner = this[plugged];
  if (owner && owner.connection === undefined) owner.onGone(this);
}

function onClose(this: Plugged): void {
  const owner = this[plugged];
  if (owner?.connection === undefined) return;
  clearTimeout(owner.watch);
  owner.halfMessages?.end(owner.connection);
  owner.connection.transportEnded();
}
