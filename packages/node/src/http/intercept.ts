import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Interceptors {
  request(request: IncomingMessage, response: ServerResponse): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/**
 * Shows each request and upgrade of `server` here first, and the server's own listeners those that are not taken,
 * however late they were added: a listener in front of theirs could not keep a request from them. Returns how to undo
 * it.
 */
export function intercept(server: Server, { request: onRequest, upgrade: onUpgrade }: Interceptors): () => void {
  const { emit } = server;
  const hadOwn = Object.hasOwn(server, 'emit');
  // Each connection comes by here: one array, as it goes on.
  const patched = function emitRest(this: Server, ...args: unknown[]): boolean {
    const [event] = args;
    if (event === 'request' && onRequest(args[1] as IncomingMessage, args[2] as ServerResponse)) return true;
    if (event === 'upgrade' && onUpgrade(args[1] as IncomingMessage, args[2] as Duplex, args[3] as Buffer)) return true;
    return Reflect.apply(emit, this, args) as boolean;
  };
  server.emit = patched as Server['emit'];
  return () => {
    // A later patch of `emit` by somebody else stays.
    if (server.emit !== (patched as Server['emit'])) return;
    if (hadOwn) server.emit = emit;
    else Reflect.deleteProperty(server, 'emit');
  };
}
