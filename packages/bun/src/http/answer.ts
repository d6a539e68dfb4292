import type { IncomingMessage, ServerResponse } from 'node:http';
import { Incoming, type IncomingOptions } from './incoming.js';
import { Outgoing } from './outgoing.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export function asMessage(incoming: Incoming): IncomingMessage {
  return incoming as unknown as IncomingMessage;
}

/**
 * Has a handler for Node answer a request of Bun. Its objects stand in for Node's, as those of HTTP/2 do there: the handlers have no
 * second form, and each rule about requests has one implementation.
 */
export function answer(options: IncomingOptions, handle: Handler): Promise<Response> {
  const incoming = new Incoming(options);
  const outgoing = new Outgoing(incoming);
  options.request.signal.addEventListener(
    'abort',
    () => {
      incoming.socket.destroy();
      incoming.destroy();
      outgoing.destroy();
    },
    { once: true },
  );
  handle(asMessage(incoming), outgoing as unknown as ServerResponse);
  return outgoing.answer;
}
