// The part for links other than the first WebSocket, as the lazy entry loads it. See `states.ts` for `openLazy`.
export { createLinkExchange } from '../connection/link-exchange.js';
export { pollTransport, streamTransport } from '../transports/http.js';
export { openLazy } from './open-lazy.js';
