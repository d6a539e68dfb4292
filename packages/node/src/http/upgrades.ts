import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Milliseconds that other listeners have for an upgrade before it is ended: some ask a database first. */
const patienceMs = 1000;

/**
 * On our own listeners for `upgrade`: what only they are shown, nobody wants. And on a request that one of them has
 * seen to.
 */
const ours = Symbol('longwave upgrade');

interface Marked {
  [ours]?: true;
}

/** Since Node 22.23 and 24.9 a server asks before it takes a request for an upgrade. */
interface AskingServer extends Server {
  shouldUpgradeCallback?: (request: IncomingMessage) => boolean;
}

/**
 * Has `server` show upgrades, for which it needs a listener. An upgrade that is nobody's goes on as an ordinary
 * request: a server may ignore the header (RFC 9110 §7.8), and clients that would like HTTP/2 send it with each first
 * request. `knows` says which are taken before they come to a listener. Returns how to undo it.
 */
export function showUpgrades(server: Server, knows: (request: IncomingMessage) => boolean): () => void {
  const onUpgrade = (request: IncomingMessage & Marked, socket: Duplex, head: Buffer): void => {
    // Two Longwave servers may share one HTTP server: one of them sees to it.
    if (request[ours]) return;
    request[ours] = true;
    if (isForOthers(server, request)) endUnlessTaken(socket);
    else handBack(server, request, socket, head);
  };
  server.on('upgrade', Object.assign(onUpgrade, { [ours]: true }));
  const restore = askBefore(server, knows);
  return () => {
    server.off('upgrade', onUpgrade);
    restore();
  };
}

function askBefore(server: AskingServer, knows: (request: IncomingMessage) => boolean): () => void {
  const before = server.shouldUpgradeCallback;
  if (!before) return () => undefined;
  const ask = (request: IncomingMessage): boolean =>
    knows(request) || (before.call(server, request) && isForOthers(server, request));
  server.shouldUpgradeCallback = ask;
  return () => {
    if (server.shouldUpgradeCallback === ask) server.shouldUpgradeCallback = before;
  };
}

/** HTTP/2 in the clear is no protocol that listeners of a Node server take over. */
function isForOthers(server: Server, request: IncomingMessage): boolean {
  if (/^\s*h2c\s*$/i.test(request.headers.upgrade ?? '')) return false;
  return server.listeners('upgrade').some((listener) => !(ours in listener));
}

/** A listener that takes an upgrade answers it, or reads the socket. */
function endUnlessTaken(socket: Duplex & { readonly bytesWritten?: number }): void {
  const written = socket.bytesWritten;
  const timer = setTimeout(() => {
    if (socket.destroyed || socket.writableEnded || socket.bytesWritten !== written) return;
    if (socket.listenerCount('data') > 0 || socket.listenerCount('readable') > 0) return;
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    socket.resume();
  }, patienceMs);
  socket.once('close', () => clearTimeout(timer));
}

/** Puts the request back in front of the server as one without the header, which is then read like any other. */
function handBack(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
  // A flowing socket hands over at once what is put back.
  socket.unshift(Buffer.concat([Buffer.from(headWithout(request), 'latin1'), head]));
}

function headWithout({ method, url, httpVersion, rawHeaders, headers }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (/^(?:upgrade|http2-settings|connection)$/i.test(rawHeaders[i]!)) continue;
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  }
  const options = headers.connection?.split(',').map((option) => option.trim()) ?? [];
  const kept = options.filter((option) => !/^(?:upgrade|http2-settings|)$/i.test(option));
  if (kept.length > 0) lines.push(`Connection: ${kept.join(', ')}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
