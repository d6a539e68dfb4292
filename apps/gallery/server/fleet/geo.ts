/** Degrees: east of Greenwich from -180 to 180, north of the equator from -90 to 90. */
export interface LngLat {
  readonly lng: number;
  readonly lat: number;
}

/** Radius of the earth as a ball. */
const earthRadiusKm = 6371;
const radians = Math.PI / 180;

/** Along the great circle. */
export function distanceKm(a: LngLat, b: LngLat): number {
  const sinLat = Math.sin(((b.lat - a.lat) * radians) / 2);
  const sinLng = Math.sin(((b.lng - a.lng) * radians) / 2);
  const h = sinLat * sinLat + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * sinLng * sinLng;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The direction in which `b` lies from `a`, in degrees from north, clockwise, 0 to 360. */
export function bearing(a: LngLat, b: LngLat): number {
  const dLng = (b.lng - a.lng) * radians;
  const y = Math.sin(dLng) * Math.cos(b.lat * radians);
  const x =
    Math.cos(a.lat * radians) * Math.sin(b.lat * radians) -
    Math.sin(a.lat * radians) * Math.cos(b.lat * radians) * Math.cos(dLng);
  return (Math.atan2(y, x) / radians + 360) % 360;
}

/** The point at `share` (0 to 1) of the great circle from `a` to `b`, which are neither the same nor opposite each other. */
export function between(a: LngLat, b: LngLat, share: number): LngLat {
  const angle = distanceKm(a, b) / earthRadiusKm;
  const fromA = Math.sin((1 - share) * angle) / Math.sin(angle);
  const fromB = Math.sin(share * angle) / Math.sin(angle);
  const [latA, latB, lngA, lngB] = [a.lat * radians, b.lat * radians, a.lng * radians, b.lng * radians];
  const x = fromA * Math.cos(latA) * Math.cos(lngA) + fromB * Math.cos(latB) * Math.cos(lngB);
  const y = fromA * Math.cos(latA) * Math.sin(lngA) + fromB * Math.cos(latB) * Math.sin(lngB);
  const z = fromA * Math.sin(latA) + fromB * Math.sin(latB);
  return { lng: Math.atan2(y, x) / radians, lat: Math.atan2(z, Math.hypot(x, y)) / radians };
}

/** `lng` as the number closest to `near` that means the same place: a path over 180° goes on without a jump. */
export function unwrapped(lng: number, near: number): number {
  return lng - 360 * Math.round((lng - near) / 360);
}

/** Back into -180 to 180. */
export function wrapped(lng: number): number {
  return lng - 360 * Math.round(lng / 360);
}
