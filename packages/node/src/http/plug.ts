import type { ServerResponse } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import type { WebSocketConnection } from '@longwave/websocket';

/** Milliseconds that a peer gets to answer a Close frame and to end the transport (RFC 6455 §7.1.1). */
const closeTimeoutMs = 5000;
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

interface Owner {
  /** Milliseconds within which a message that began must be complete. */
  readonly messageTimeoutMs: number;
  /** The socket takes more. */
  onDrain(): void;
}

const plugged = Symbol('plugged');

interface Plug {
  readonly connection: WebSocketConnection;
  readonly owner: Owner;
  /** Runs while a message is unfinished. */
  watch: NodeJS.Timeout | undefined;
}

interface Plugged extends Duplex {
  [plugged]: Plug;
}

/**
 * Connects the events of a socket, or of what else carries frames, with a protocol connection. The listeners are shared
 * by all sockets and find their connection on the socket: an idle connection costs no closures.
 */
export function plug(socket: Duplex, connection: WebSocketConnection, owner: Owner): void {
  limitBacklog(socket as Backlog);
  (socket as Plugged)[plugged] = { connection, owner, watch: undefined };
  socket.on('data', onData);
  socket.on('drain', onDrain);
  socket.on('end', onEnd);
  socket.on('error', onError);
  socket.on('close', onClose);
}

/** Destroys the socket if it is still there in a while. */
export function endSoon(socket: Pick<Writable, 'destroy' | 'once'>, timeoutMs = closeTimeoutMs): void {
  const timer = setTimeout(() => socket.destroy(), timeoutMs).unref();
  socket.once('close', () => clearTimeout(timer));
}

function onData(this: Plugged, chunk: Uint8Array): void {
  const { connection, watch } = this[plugged];
  connection.receive(chunk, performance.now());
  if (connection.unfinishedSince !== undefined && !watch) watchUnfinished(this[plugged]);
}

/** A message that trickles in holds memory: it gets a time limit. The timer exists only while one is unfinished. */
function watchUnfinished(plug: Plug, waitMs = plug.owner.messageTimeoutMs): void {
  plug.watch = setTimeout(() => {
    plug.watch = undefined;
    const since = plug.connection.unfinishedSince;
    if (since === undefined) return;
    // It may have begun after the timer was set.
    const leftMs = plug.owner.messageTimeoutMs - (performance.now() - since);
    if (leftMs > 1) watchUnfinished(plug, leftMs);
    else plug.connection.fail(1008, 'message timeout');
  }, waitMs).unref();
}

function onDrain(this: Plugged): void {
  const { connection, owner } = this[plugged];
  connection.drained();
  owner.onDrain();
}

/** The peer will send no more. Bytes on their way to the peer may still arrive. */
function onEnd(this: Plugged): void {
  this[plugged].connection.transportEnded();
  this.end();
}

/** 'close' follows. */
function onError(): void {}

function onClose(this: Plugged): void {
  const { connection, watch } = this[plugged];
  clearTimeout(watch);
  connection.transportEnded();
}
