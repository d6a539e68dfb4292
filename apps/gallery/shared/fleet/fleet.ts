import type { CallDefinition } from 'longwave';
import { z } from 'zod';
import { vehicleKinds } from './kinds.js';

// #region teach:fleet-contract
/** The report on a vehicle, under its key (`S00042`, `A00042`): short, as thousands of them are sent. */
export const Vehicle = z.object({
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  /** Degrees from north, clockwise. */
  heading: z.number().int().min(0).max(359),
  /** Kilometers an hour, on the fleet's own clock. */
  speed: z.number().int().nonnegative(),
  kind: z.enum(vehicleKinds),
  /** Whether it is on its way, or where it was going. */
  status: z.enum(['underway', 'stopped']),
  /** The codes of the places that it goes from and to: `NLRTM-SGSIN`. */
  route: z.string().max(20),
});
// #endregion
export type Vehicle = z.infer<typeof Vehicle>;

/** A vehicle crossed the border of a fence. */
export const FleetEvent = z.object({
  vehicle: z.string().max(16),
  fence: z.string().max(20),
  crossing: z.enum(['enter', 'leave']),
});
export type FleetEvent = z.infer<typeof FleetEvent>;

/** Figures of the whole fleet within the last seconds, whoever watches it. */
export const FleetStats = z.object({
  vehicles: z.number().int().nonnegative(),
  underway: z.number().int().nonnegative(),
  updatesPerSecond: z.number().nonnegative(),
  /**
   * Bytes a second of the keys and values of those updates, as JSON: the least that a watcher of everything would get.
   */
  bytesPerSecond: z.number().nonnegative(),
});
export type FleetStats = z.infer<typeof FleetStats>;

export const RouteRef = z.object({ route: z.string().max(20) });

/** Longitude and latitude in turn; longitudes may go on over ±180. */
export interface RouteLine {
  readonly points: readonly number[];
  readonly lengthKm: number;
}

/** Requests that a page may make to the fleet. */
export type FleetCalls = {
  /** Null for a route that nobody takes. */
  readonly 'fleet/route': CallDefinition<typeof RouteRef, RouteLine | null>;
};
