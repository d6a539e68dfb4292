import { createLinkExchange } from '../connection/link-exchange.js';
import { pollTransport, streamTransport } from '../transports/http.js';
import { openLazy } from './open-lazy.js';

/** The part for links other than the first WebSocket, as the lazy entry loads it. See `states.ts` for `openLazy`. */
export const late = { createLinkExchange, streamTransport, pollTransport, openLazy };
