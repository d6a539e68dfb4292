import type { Code } from './codes.js';

/** What each code means, for people. Apart from the codes, so that the browser's client does not carry it. */
export const codeMessages: Readonly<Record<Code, string>> = {
  'bad-frame': 'The frame is malformed or of an unknown type.',
  unauthenticated: 'The token is missing, invalid or expired.',
  forbidden: 'The identity has no right to do this.',
  'unknown-channel': 'No channel definition matches this name.',
  'unknown-method': 'No handler is registered for this method.',
  'unsupported-version': 'The protocol version is not supported.',
  timeout: 'The time limit passed.',
  superseded: 'A newer connection of the same client took over.',
  'too-old': 'The retried publish is too old to tell whether it was stored.',
  'out-of-order': 'The publish before it has not come yet.',
  'epoch-changed': 'The log was replaced: positions of the old epoch have no meaning.',
  'too-large': 'The message exceeds the size limit.',
  'invalid-data': 'The data does not match the schema.',
  'rate-limited': 'Too many requests.',
  'too-many': 'A count limit of the connection is reached.',
  disconnected: 'The server ended the connection on purpose.',
  internal: 'The server failed to handle the request.',
  unavailable: 'The service cannot handle the request now.',
  'going-away': 'The node is draining: connect again.',
  'outbox-full': 'Too much is waiting to be sent.',
  closed: 'The client was closed.',
  'connection-lost': 'The connection ended before the reply came.',
  trimmed: 'What was asked for is no longer retained.',
};
