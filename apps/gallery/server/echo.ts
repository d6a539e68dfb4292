import type { IncomingMessage } from 'node:http';
import type { Server, WebSocketEndpointOptions, WebSocketHandler, WireEvent } from 'longwave';
import type { GalleryChannels } from '../shared/channels.js';
import { traceIdPattern } from '../shared/trace-limits.js';
import { createFrameSplitter } from './frame-splitter.js';
import { createTrace } from './trace.js';

const pingMs = 10_000;
const maxMessageBytes = 64 * 1024;
const maxBufferedBytes = 1024 * 1024;

/**
 * A plain WebSocket: it greets, and returns what it gets. It is at `/` too, where the simplest of pages look for it, and it lets in
 * pages of every origin, such as a file. That is right for this endpoint alone: it knows nobody, tells nothing but what it was
 * told, and changes nothing. With `?trace=<id>`, from pages of its own origin, it reports what passes on the wire to
 * the channel `echo/<id>`, since a browser shows a page neither its handshake nor its frames.
 */
export function serveEcho(server: Server<GalleryChannels>): void {
  const options: WebSocketEndpointOptions = { maxMessageBytes, maxBufferedBytes, allowedOrigins: '*' };
  // #region teach:echo-server
  const echo: WebSocketHandler = (socket) => {
    socket.send('Hello! Whatever you send comes back.');
    socket.onMessage = (data) => void socket.send(data);
    const timer = setInterval(() => socket.ping(), pingMs);
    socket.ping();
    socket.onClose = () => clearInterval(timer);
  };
  // #endregion
  // #region teach:echo-server
  server.websocket('/', echo, options);
  server.websocket('/echo', echo, { ...options, trace: (request) => traceTo(server, request) });
  // #endregion
}

/** A page elsewhere must not write into a channel of ours, as a trace does. */
function isOwnPage({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

function traceTo(server: Server<GalleryChannels>, request: IncomingMessage): ((event: WireEvent) => void) | undefined {
  const id = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('trace') ?? '';
  if (!traceIdPattern.test(id) || !isOwnPage(request)) return undefined;
  const channel = server.channel(`echo/${id}`);
  const trace = createTrace(
    // A report that cannot be stored is missing from the page and harms nobody.
    (event) => void channel.publish(event).catch(() => undefined),
    () => performance.now(),
  );
  const split = {
    in: createFrameSplitter((start, byteLength) => trace.frame('in', start, byteLength)),
    out: createFrameSplitter((start, byteLength) => trace.frame('out', start, byteLength)),
  };
  trace.head('request', requestHead(request));
  let hasResponse = false;
  return ({ direction, bytes }) => {
    if (hasResponse) {
      split[direction](bytes);
      return;
    }
    hasResponse = true;
    trace.head('response', Buffer.from(bytes).toString('latin1'));
  };
}

/** As the browser wrote it: `rawHeaders` keeps the order and the case. */
function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return lines.join('\r\n');
}
