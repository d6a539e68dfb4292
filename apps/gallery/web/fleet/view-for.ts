import type { ViewOf } from 'longwave/client';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import type { VehicleKind } from '../../shared/fleet/kinds.js';

/** Longitudes and latitudes in degrees. */
export type Box = readonly [minLng: number, minLat: number, maxLng: number, maxLat: number];

/** The visible part of the fleet. */
export interface Look {
  readonly box: Box;
  readonly kind: VehicleKind | 'all';
}

/** A box that is wider is as good as the whole world. */
const wholeWorldDegrees = 300;
/** Beyond the box, as a share of its size, before an entry is taken away. */
const margin = 0.1;

/** The closer one looks, the more often: updates a second by the width that is seen, in degrees. From far away nothing moves fast. */
const rates: readonly (readonly [widerThan: number, rate: number])[] = [
  [120, 0.1],
  [60, 0.25],
  [20, 0.5],
  [5, 1],
  [0, 4],
];

/**
 * Returns the view to ask the server for. The box grows to a grid of an eighth of its width: a small move of the map
 * asks for nothing new, and whoever looks at nearly the same asks for the same (VIEW-3).
 */
export function viewFor({ box, kind }: Look): ViewOf<Vehicle> {
  const width = box[2] - box[0];
  // #region teach:fleet-client
  const rate = rates.find(([widerThan]) => width > widerThan)?.[1] ?? 4;
  const where = kind === 'all' ? {} : { where: { kind } };
  if (width >= wholeWorldDegrees) return { rate, ...where };
  return { rate, ...where, area: { at: ['lng', 'lat'], box: onGrid(box), margin } };
  // #endregion
}

function onGrid([minLng, minLat, maxLng, maxLat]: Box): Box {
  const step = 2 ** Math.round(Math.log2(Math.max(0.01, maxLng - minLng) / 8));
  const down = (degrees: number, least: number): number => Math.max(least, Math.floor(degrees / step) * step);
  const up = (degrees: number, most: number): number => Math.min(most, Math.ceil(degrees / step) * step);
  return [down(minLng, -180), down(minLat, -90), up(maxLng, 180), up(maxLat, 90)];
}
