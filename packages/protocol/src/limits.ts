/**
 * Bounds of everything a peer sends (SPEC.md, LIM-1). Bytes unless the name says otherwise.
 * These are the wire's own; an engine may set smaller ones and has more of its own.
 */
export const wireLimits = {
  /** One message of the transport, which may carry many frames; decompressed. */
  messageBytes: 64 * 1024,
  /** Bytes that `connect` may take in front of the message of an upstream request (HTTP-4). */
  connectBytes: 10 * 1024,
  /** Frames in one message. */
  framesPerMessage: 256,
  /** How many messages a downstream request may be as large as: it names every subscription (HTTP-3). */
  downstreamMessages: 4,
  channelLength: 200,
  /** EPOCH-1: eight parts take 302 units. */
  epochLength: 320,
  clientLength: 64,
  tokenLength: 8 * 1024,
  /** Parameters of one `connect`. */
  params: 16,
  /** All of them, as JSON. */
  paramsBytes: 1024,
  methodLength: 100,
  /** UTF-16 units of the code with which a client refuses a call. */
  refusalCodeLength: 32,
  /** UTF-16 units of the message beside it. */
  refusalLength: 1000,
  messageIdLength: 128,
  /** UTF-16 units of the reason of a redaction. */
  reasonLength: 200,
  /** UTF-16 units of an entry's key, in a channel with state. */
  keyLength: 256,
  /** UTF-16 units of a view, as JSON. */
  viewLength: 16 * 1024,
  tagLength: 16,
  /** Levels of arrays and objects in any JSON value of a peer. */
  jsonDepth: 64,
  /** Operations in one history page. */
  pageOperations: 1000,
} as const;

/** Publishes and calls that a client may have in flight on a connection. */
export const maxInflight = 128;
