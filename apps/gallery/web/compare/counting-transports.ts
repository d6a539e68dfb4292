import { type Transport, pollTransport, streamTransport, webSocketTransport } from 'longwave/client';
import { countingRequest } from './counting-request.js';
import { countingWebSocket } from './counting-web-socket.js';
import type { Tally } from './tally.js';

/** The transports that a client tries by itself, the best first. Each adds its traffic to `tally`. */
export function countingTransports(tally: Tally): readonly [websocket: Transport, stream: Transport, poll: Transport] {
  const request = countingRequest(tally);
  return [
    webSocketTransport({ WebSocket: countingWebSocket(tally) }),
    streamTransport({ request }),
    pollTransport({ request }),
  ];
}
