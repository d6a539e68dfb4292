import { type Fence, fences as allFences } from '../../shared/fleet/fences.js';
import type { FleetEvent } from '../../shared/fleet/fleet.js';
import { type LngLat, distanceKm } from './geo.js';
import type { Report } from './fleet.js';

/** More than a degree of latitude has. */
const kmPerDegree = 110;

/** Finds crossings of fences in what vehicles report. A vehicle that is first seen inside has not entered. */
export interface FenceWatch {
  crossings(report: Report): FleetEvent[];
}

/** Watches at most 31 fences. */
export function createFenceWatch(fences: readonly Fence[] = allFences): FenceWatch {
  /** By key of a vehicle, a bit for each fence that it was last seen in. */
  const seenIn = new Map<string, number>();
  return {
    crossings: ([key, vehicle]) => {
      let inside = 0;
      fences.forEach((fence, i) => {
        if (fence.kind === vehicle.kind && isInside(fence, vehicle)) inside |= 1 << i;
      });
      const before = seenIn.get(key) ?? inside;
      seenIn.set(key, inside);
      if (before === inside) return [];
      return fences.flatMap(({ id }, i): FleetEvent[] => {
        const bit = 1 << i;
        if ((before & bit) === (inside & bit)) return [];
        return [{ vehicle: key, fence: id, crossing: inside & bit ? 'enter' : 'leave' }];
      });
    },
  };
}

function isInside({ shape }: Fence, point: LngLat): boolean {
  if ('box' in shape) {
    const [minLng, minLat, maxLng, maxLat] = shape.box;
    return point.lng >= minLng && point.lng <= maxLng && point.lat >= minLat && point.lat <= maxLat;
  }
  const [lng, lat, km] = shape.circle;
  // Most are far away: that is cheaper to find out.
  if (Math.abs(point.lat - lat) * kmPerDegree > km) return false;
  return distanceKm({ lng, lat }, point) <= km;
}
