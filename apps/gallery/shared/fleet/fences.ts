import type { VehicleKind } from './kinds.js';

/** A region whose border is watched. Longitudes and latitudes in degrees. */
export interface Fence {
  readonly id: string;
  readonly name: string;
  /** Whose crossings count. */
  readonly kind: VehicleKind;
  readonly shape:
    | { readonly circle: readonly [lng: number, lat: number, km: number] }
    | { readonly box: readonly [minLng: number, minLat: number, maxLng: number, maxLat: number] };
}

export const fences: readonly Fence[] = [
  { id: 'panama', name: 'Panama Canal', kind: 'ship', shape: { box: [-80.2, 8.6, -79.2, 9.7] } },
  { id: 'good-hope', name: 'Cape of Good Hope', kind: 'ship', shape: { circle: [18.47, -34.36, 350] } },
  { id: 'bosporus', name: 'Bosporus', kind: 'ship', shape: { box: [28.7, 40.7, 29.5, 41.5] } },
  { id: 'rotterdam', name: 'Rotterdam approaches', kind: 'ship', shape: { circle: [4, 52, 40] } },
  { id: 'heathrow', name: 'London Heathrow', kind: 'aircraft', shape: { circle: [-0.4619, 51.4706, 80] } },
  { id: 'kennedy', name: 'New York Kennedy', kind: 'aircraft', shape: { circle: [-73.7789, 40.6398, 80] } },
  { id: 'haneda', name: 'Tokyo Haneda', kind: 'aircraft', shape: { circle: [139.7811, 35.5533, 80] } },
  { id: 'iceland', name: 'Iceland', kind: 'aircraft', shape: { box: [-25, 63.2, -13, 66.8] } },
];

export function fenceById(id: string): Fence | undefined {
  return fences.find((fence) => fence.id === id);
}
