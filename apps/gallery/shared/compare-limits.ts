/**
 * Limits that both ends of the comparison share, free of dependencies: the page offers the values that the server
 * takes.
 */

/** The four ways in which a message reaches the page. */
export const laneNames = ['polling', 'long-polling', 'stream', 'websocket'] as const;
export type LaneName = (typeof laneNames)[number];

/** Messages a second. 0 is none, too. */
export const rateLimits = { min: 0.2, max: 50 } as const;
/** Added on the way, in each direction. */
export const maxDelayMs = 1000;
export const bandwidthLimits = { min: 1000, max: 1_000_000_000 } as const;

/** 128 random bits in hex: who does not know it can neither watch nor change it. */
export const labIdPattern: RegExp = /^[0-9a-f]{32}$/;

/** Messages in one answer to a poll. */
export const pollPage = 1000;
