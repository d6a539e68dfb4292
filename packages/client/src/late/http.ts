import { openLazy } from '../client/open-lazy.js';
import { pollTransport, streamTransport } from '../transports/http.js';

/** The transports over HTTP, as the lazy entry loads them. See `states.ts` for `openLazy`. */
export const late = { streamTransport, pollTransport, openLazy };
