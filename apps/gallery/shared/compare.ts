import type { CallDefinition } from 'longwave';
import { defineChannels, log } from 'longwave/contract';
import { z } from 'zod';
import { type LaneName, bandwidthLimits, labIdPattern, laneNames, maxDelayMs, rateLimits } from './compare-limits.js';

// #region teach:compare-contract
/** A message that the server sends on all four lanes. */
const FeedMessage = z.object({
  /** Counts from 1, without a gap: by it each lane knows what it lost. */
  seq: z.number().int().positive(),
  /** Milliseconds since 1970 on the server's clock, with fractions. */
  sentAt: z.number(),
});
// #endregion
export type FeedMessage = z.infer<typeof FeedMessage>;

/** The contract of one page's own small server: see `server/compare/lab.ts`. */
// #region teach:compare-contract
export const labChannels = defineChannels({
  feed: log({ message: FeedMessage, retain: { maxCount: 5000, age: '10m' } }),
});
// #endregion
export type LabChannels = typeof labChannels;

/** Bytes that passed on the line of one lane: heads, framing and contents. */
const LineTotals = z.object({
  up: z.number().int().nonnegative(),
  down: z.number().int().nonnegative(),
  /** TCP connections opened so far. */
  connections: z.number().int().nonnegative(),
});
export type LineTotals = z.infer<typeof LineTotals>;

const Lines = z.record(z.enum(laneNames), LineTotals);
export type Lines = z.infer<typeof Lines>;

/** The server's report to the page on its lab, on `compare/:lab`. */
export const LabReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lines'), lines: Lines }),
  z.object({ kind: z.literal('ended'), because: z.string() }),
]);
export type LabReport = z.infer<typeof LabReport>;

const LabId = z.string().regex(labIdPattern);

export const LabRef = z.object({ lab: LabId });

export const LabSettings = z.object({
  lab: LabId,
  rate: z.union([z.literal(0), z.number().min(rateLimits.min).max(rateLimits.max)]),
  delayMs: z.number().min(0).max(maxDelayMs),
  /** Bytes a second of each lane's line, in each direction. Null: as fast as it goes. */
  bytesPerSecond: z.number().min(bandwidthLimits.min).max(bandwidthLimits.max).nullable(),
});
export type LabSettings = z.infer<typeof LabSettings>;

export const Nothing = z.object({});

export interface LabAddress {
  readonly lab: string;
  /** Where each lane connects, on the host that the page came from. */
  readonly ports: Readonly<Record<LaneName, number>>;
}

/** Requests that a page may make to the server. */
export type CompareCalls = {
  readonly 'compare/open': CallDefinition<typeof Nothing, LabAddress>;
  /** Replies with what had passed on the lines until then. */
  readonly 'compare/set': CallDefinition<typeof LabSettings, Lines>;
  readonly 'compare/close': CallDefinition<typeof LabRef, null>;
  /** Replies with the server's clock, as in `sentAt`. */
  readonly 'compare/clock': CallDefinition<typeof Nothing, number>;
};
