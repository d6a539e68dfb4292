import { type LngLat, bearing, between, distanceKm, unwrapped, wrapped } from './geo.js';

/** No longer than this is a straight piece on the map: between its ends a position is interpolated in degrees. */
const pieceKm = 100;

/** Where somebody is on a route. */
interface Spot extends LngLat {
  /** Degrees from north, clockwise. */
  readonly heading: number;
}

/** A way from one place to another, in pieces that are short enough to be straight. */
export interface Route {
  /** The codes of both places: `NLRTM-SGSIN`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly lengthKm: number;
  /** Longitude and latitude in turn. Longitudes go on over ±180, so that neighbors are close. */
  readonly points: Float64Array;
  /** `km` from the start; beyond its ends it is at them. */
  at(km: number): Spot;
}

/** Follows the great circle between each two of the `corners`, of which there are at least two. */
export function createRoute(from: string, to: string, corners: readonly LngLat[]): Route {
  const path = withPieces(corners);
  const points = new Float64Array(path.length * 2);
  const distances = new Float64Array(path.length);
  path.forEach((point, i) => {
    const before = path[i - 1];
    points[2 * i] = before ? unwrapped(point.lng, points[2 * i - 2]!) : point.lng;
    points[2 * i + 1] = point.lat;
    distances[i] = before ? distances[i - 1]! + distanceKm(before, point) : 0;
  });
  const lengthKm = distances.at(-1)!;
  return {
    id: `${from}-${to}`,
    from,
    to,
    lengthKm,
    points,
    at: (km) => {
      const i = pieceAt(distances, km);
      const [start, end] = [distances[i]!, distances[i + 1]!];
      const share = Math.min(1, Math.max(0, (km - start) / (end - start)));
      const along = (axis: 0 | 1): number => {
        const first = points[2 * i + axis]!;
        return first + (points[2 * i + 2 + axis]! - first) * share;
      };
      return { lng: wrapped(along(0)), lat: along(1), heading: bearing(path[i]!, path[i + 1]!) };
    },
  };
}

function withPieces(corners: readonly LngLat[]): LngLat[] {
  const path = corners.slice(0, 1);
  for (const corner of corners.slice(1)) {
    const last = path.at(-1)!;
    const km = distanceKm(last, corner);
    if (km === 0) continue;
    const pieces = Math.ceil(km / pieceKm);
    for (let piece = 1; piece < pieces; piece++) path.push(between(last, corner, piece / pieces));
    path.push(corner);
  }
  return path;
}

/** The piece that has `km` in it: `distances` grow. */
function pieceAt(distances: Float64Array, km: number): number {
  let low = 0;
  let high = distances.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (distances[middle]! <= km) low = middle;
    else high = middle - 1;
  }
  return low;
}
