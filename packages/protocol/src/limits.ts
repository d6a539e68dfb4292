// Each by itself: a page takes those that the client needs.

/** One message of the transport, which may carry many frames; decompressed. */
export const messageBytes = 64 * 1024;
/** Frames in one message. */
export const framesPerMessage = 256;
export const channelLength = 200;
/** EPOCH-1: eight parts take 302 units. */
export const epochLength = 320;
export const clientLength = 64;
export const tokenLength = 8 * 1024;
/** Parameters of one `connect`. */
export const maxParams = 16;
/** All of them, as JSON. */
export const paramsBytes = 1024;
export const methodLength = 100;
/** UTF-16 units of the message with which a client refuses a call. */
export const refusalLength = 1000;
export const messageIdLength = 128;
/** UTF-16 units of the reason of a redaction. */
export const reasonLength = 200;
/** UTF-16 units of an entry's key, in a channel with state. */
export const keyLength = 256;
/** UTF-16 units of a view, as JSON. */
export const viewLength = 16 * 1024;
export const tagLength = 16;
/** Levels of arrays and objects in any JSON value of a peer. */
export const jsonDepth = 64;
/** Operations in one history page. */
export const pageOperations = 1000;

/**
 * Bounds of everything a peer sends (SPEC.md, LIM-1). Bytes unless the name says otherwise.
 * These are the wire's own; an engine may set smaller ones and has more of its own.
 */
export const wireLimits = {
  messageBytes,
  /** Bytes that `connect` may take in front of the message of an upstream request (HTTP-4). */
  connectBytes: 10 * 1024,
  framesPerMessage,
  /** How many messages a downstream request may be as large as: it names every subscription (HTTP-3). */
  downstreamMessages: 4,
  channelLength,
  epochLength,
  clientLength,
  tokenLength,
  params: maxParams,
  paramsBytes,
  methodLength,
  /** UTF-16 units of the code with which a client refuses a call. */
  refusalCodeLength: 32,
  refusalLength,
  messageIdLength,
  reasonLength,
  keyLength,
  viewLength,
  tagLength,
  jsonDepth,
  pageOperations,
} as const;

/** Publishes and calls that a client may have in flight on a connection. */
export const maxInflight = 128;
