import { atHand } from '../base/late.js';
import { createSending } from '../sending/sending.js';
import { createStates } from './states.js';
import { pollTransport, streamTransport } from '../transports/http.js';
import { createLinkExchange } from '../connection/link-exchange.js';
import type { ClientParts } from './open-client.js';

/** All parts of a client, at hand from the start. */
export const allParts: ClientParts = {
  states: createStates,
  sending: (parts) => atHand(createSending(parts)),
  exchange: (parts) => atHand(createLinkExchange(parts)),
  stream: streamTransport,
  poll: pollTransport,
};
