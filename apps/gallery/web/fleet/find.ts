import { type Fence, fences } from '../../shared/fleet/fences.js';
import { type Place, allPlaces } from '../../shared/fleet/places.js';
import type { Vehicle } from '../../shared/fleet/fleet.js';

/** Something that can be gone to. */
export type Found =
  /** `vehicle` is undefined when it is not on the map: it is looked up by its key. */
  | { readonly kind: 'vehicle'; readonly id: string; readonly vehicle: Vehicle | undefined }
  | { readonly kind: 'place'; readonly id: string; readonly place: Place }
  | { readonly kind: 'fence'; readonly id: string; readonly fence: Fence };

export interface Seen {
  readonly key: string;
  readonly vehicle: Vehicle;
}

const most = 8;

/** Finds a vehicle by its key, a place by its code or name, or a fence. Nothing typed: what is seen. */
export function find(typed: string, seen: readonly Seen[]): readonly Found[] {
  const text = fold(typed.trim());
  if (text === '') return seen.slice(0, most).map(asFound);
  const key = keyOf(text);
  const known = key === undefined ? undefined : seen.find((each) => each.key === key);
  const exact: Found[] = key === undefined ? [] : [{ kind: 'vehicle', id: key, vehicle: known?.vehicle }];
  const vehicles = seen.filter((each) => each.key !== key && describesVehicle(each, text)).map(asFound);
  const crossed = fences
    .filter(({ name }) => fold(name).includes(text))
    .map((fence): Found => ({ kind: 'fence', id: fence.id, fence }));
  const places = allPlaces
    .filter((place) => rank(place, text) > 0)
    .toSorted((a, b) => rank(b, text) - rank(a, text))
    .map((place): Found => ({ kind: 'place', id: place.code, place }));
  return [...exact, ...crossed, ...places.slice(0, 5), ...vehicles].slice(0, most);
}

/** `s42` and `S00042` are the same ship. */
function keyOf(text: string): string | undefined {
  const digits = /^([sa])0*(\d{1,5})$/.exec(text);
  return digits ? `${digits[1]!.toUpperCase()}${digits[2]!.padStart(5, '0')}` : undefined;
}

function asFound({ key, vehicle }: Seen): Found {
  return { kind: 'vehicle', id: key, vehicle };
}

function describesVehicle({ key, vehicle }: Seen, text: string): boolean {
  return fold(key).includes(text) || fold(vehicle.route).split('-').includes(text);
}

/** Higher is better, 0 is not at all. */
function rank({ code, name, country }: Place, text: string): number {
  if (fold(code) === text) return 4;
  if (fold(name).startsWith(text)) return 3;
  if (fold(name).includes(text)) return 2;
  return fold(country).startsWith(text) ? 1 : 0;
}

/** Without case and accents. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
