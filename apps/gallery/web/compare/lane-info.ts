import type { LaneName } from '../../shared/compare-limits.js';

/** Texts about a lane, independent of its figures. */
export interface LaneInfo {
  readonly title: string;
  /** Where there is little room. */
  readonly short: string;
  readonly how: string;
  readonly when: string;
}

export const laneInfo: Readonly<Record<LaneName, LaneInfo>> = {
  polling: {
    title: 'Polling',
    short: 'Polling',
    how: 'Every few seconds the page asks what is new, and the server answers at once, often with nothing. On average a message has waited for half the interval, and asking costs the same when nothing happens.',
    when: 'For what changes seldom and may be late. Any server can do it, and caches can help.',
  },
  'long-polling': {
    title: 'Long polling',
    short: 'Long poll',
    how: 'The page asks, and the server answers when there is something to tell; then the page asks again. A message is there almost at once, but each answer pays for a request, and what comes in between waits for the next one.',
    when: 'Where proxies hold back a response until it is complete: it gets through wherever pages do. Longwave’s last resort.',
  },
  stream: {
    title: 'Stream (SSE)',
    short: 'Stream',
    how: 'One request whose response does not end: the server writes each message into it as an event. After one pair of heads a message costs little more than itself. It goes one way; what the page has to say needs requests of its own.',
    when: 'For pages that mostly listen, and where WebSockets are blocked. Over HTTP/1.1 a browser opens six connections to a server, and each stream takes one.',
  },
  websocket: {
    title: 'WebSocket',
    short: 'WebSocket',
    how: 'An HTTP request turns its connection into one for frames in both directions. From then on a message has 2 to 14 bytes around it, and the page can speak whenever it likes.',
    when: 'The first choice wherever it gets through, and the only one here that is as good at sending as at receiving.',
  },
};
