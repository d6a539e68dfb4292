import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Has `handle` see each request of `server` first, and the server's own listeners those that it does not take, however late
 * they were added: a listener in front of theirs could not keep a request from them. Returns how to undo it.
 */
export function intercept(
  server: Server,
  handle: (request: IncomingMessage, response: ServerResponse) => boolean,
): () => void {
  const { emit } = server;
  const hadOwn = Object.hasOwn(server, 'emit');
  const patched = function emitRest(this: Server, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'request' && handle(args[0] as IncomingMessage, args[1] as ServerResponse)) return true;
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  };
  server.emit = patched as Server['emit'];
  return () => {
    // Whoever patched it after us keeps what they did.
    if (server.emit !== (patched as Server['emit'])) return;
    if (hadOwn) server.emit = emit;
    else Reflect.deleteProperty(server, 'emit');
  };
}
