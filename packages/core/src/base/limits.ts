import { type RulesOf, option, wireLimits } from '@longwave/protocol';
import type { LinkKind } from './ports.js';

/** Bounds of one node (LIM-1 to LIM-4). */
export interface Limits {
  /** Bytes of one inbound message, and of one payload. Default 64 KiB. */
  readonly messageBytes: number;
  /**
   * Most that a call of a client is answered with: UTF-16 units of JSON, or bytes (CALL-9). Instead of a larger answer
   * the client gets `too-large`. Default 256 KiB.
   */
  readonly answerBytes: number;
  /**
   * Frames a second that a connection may send, on average; above it the server reads from it more slowly. A message
   * counts as one frame more for each 4 KiB of it (LIM-11). Default 1,000.
   */
  readonly framesPerSecond: number;
  /**
   * Frames a second that all connections of one user to this node may send, on average; above it the server reads from
   * all of them more slowly (LIM-2). Default 10,000: ten connections at full rate. Infinity turns it off. Only the rate
   * of the connection limits a client without a user.
   */
  readonly userFramesPerSecond: number;
  /**
   * Frames a second, on average, in requests from one remote address whose clients have no user and have been known for
   * less than 10 s (HTTP-8). Above it they wait for their turn, or are refused with `rate-limited`. Five seconds' worth
   * may come at once. Default 1,000. Infinity turns it off. Behind a proxy, set `trustProxy`: otherwise all clients
   * share the proxy's address.
   */
  readonly addressFramesPerSecond: number;
  /**
   * Connects a second from one remote address, on average; above it `connect` is refused (LIM-3). Default Infinity:
   * off. The address is that of the socket, or the one that `trustProxy` selects: without it, all clients behind a
   * proxy share one limit. Many clients may share the address of a company or a mobile network: begin with 50.
   */
  readonly addressConnectsPerSecond: number;
  /** Connects from one address that may come at once, as after an outage, if the rate is set. Default 1,000. */
  readonly addressConnectBurst: number;
  /**
   * Users, and addresses, remembered for these rates; above it the oldest is forgotten (LIM-4). Default 100,000 each.
   */
  readonly rememberedPeers: number;
  /**
   * Channels that the clients of one user may make in an hour on this node, and those without a user from one remote
   * address; as many may come at once. A publish that would make one more is refused with `too-many`; channels that
   * exist go on (LIM-12). Default 10,000. Infinity turns it off. Behind a proxy, set `trustProxy`: otherwise all clients
   * without a user share the proxy's address.
   */
  readonly channelsPerHour: number;
  /** Subscriptions of one connection. Default 256. */
  readonly subscriptions: number;
  /**
   * Most that the views of one connection may cost together (VIEW-14): each costs 4, and 1 more for each condition and
   * for each eight keys or listed values. Beyond it a view is refused with `too-many`. Default 2,048: 255 views of some
   * conditions each, or 15 of 1,000 keys.
   */
  readonly viewCost: number;
  /** As `viewCost`, for all connections of one user to this node together. Default 20,480. */
  readonly userViewCost: number;
  /**
   * Milliseconds until the first frame must have come (SES-1), and for each step before it: the TLS handshake, the head
   * of a request, and its body if it carries frames (LIM-6). Default 10,000.
   */
  readonly connectTimeoutMs: number;
  /** Milliseconds within which a WebSocket message that has begun must be complete (LIM-6). Default 20,000. */
  readonly messageTimeoutMs: number;
  /** Most bytes of operations in one write: one slow socket can hold as much in this process. Default 32 KiB. */
  readonly chunkBytes: number;
  /** Bytes of recent operations kept in memory for each watched channel. Default 256 KiB. */
  readonly tailBytes: number;
  /** Unreadable frames after which a connection is closed (WIRE-6). Default 10. */
  readonly badFrames: number;
}

/** The values that each limit may have. */
export const limitRules: RulesOf<Limits> = {
  messageBytes: option.wholeNumber(1),
  answerBytes: option.wholeNumber(1),
  framesPerSecond: option.rate,
  userFramesPerSecond: option.rate,
  addressFramesPerSecond: option.rate,
  addressConnectsPerSecond: option.rate,
  addressConnectBurst: option.wholeNumber(1),
  rememberedPeers: option.wholeNumber(1),
  channelsPerHour: option.rate,
  subscriptions: option.wholeNumber(1),
  viewCost: option.wholeNumber(1),
  userViewCost: option.wholeNumber(1),
  connectTimeoutMs: option.milliseconds(),
  messageTimeoutMs: option.milliseconds(),
  chunkBytes: option.wholeNumber(1),
  tailBytes: option.wholeNumber(0),
  badFrames: option.wholeNumber(1),
};

export const defaultLimits: Limits = {
  messageBytes: wireLimits.messageBytes,
  answerBytes: 4 * wireLimits.messageBytes,
  framesPerSecond: 1000,
  userFramesPerSecond: 10_000,
  addressFramesPerSecond: 1000,
  addressConnectsPerSecond: Infinity,
  addressConnectBurst: 1000,
  rememberedPeers: 100_000,
  channelsPerHour: 10_000,
  subscriptions: 256,
  viewCost: 2048,
  userViewCost: 20_480,
  connectTimeoutMs: 10_000,
  messageTimeoutMs: 20_000,
  chunkBytes: 32 * 1024,
  tailBytes: 256 * 1024,
  badFrames: 10,
};

/** Units or bytes of one message over a link of this kind. */
export function maxUnits(kind: LinkKind, { messageBytes }: Pick<Limits, 'messageBytes'>): number {
  if (kind === 'duplex') return messageBytes;
  return kind === 'upstream' ? messageBytes + wireLimits.connectBytes : messageBytes * wireLimits.downstreamMessages;
}

/** Frames of one message. A downstream request asks for all its subscriptions at once (HTTP-3). */
export function maxFrames(kind: LinkKind): number {
  const { framesPerMessage, downstreamMessages } = wireLimits;
  return kind === 'downstream' ? framesPerMessage * downstreamMessages : framesPerMessage;
}
