import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VehicleKind } from '../../shared/fleet/kinds.js';
import type { Place } from '../../shared/fleet/places.js';
import { type LngLat, distanceKm } from './geo.js';
import { type Route, createRoute } from './route.js';
import type { SeaNetwork } from './sea-network.js';

/** From each place there are ways to so many others, besides the ways back of those who come. */
const waysOut = 6;
/** Nobody flies less far. */
const shortestFlightKm = 300;
/** A map in Mercator's projection ends not far beyond. */
const highestLat = 78;

/** Every route that is taken. */
export interface Journeys {
  readonly routes: ReadonlyMap<string, Route>;
  /** Those that are for a kind of vehicle. */
  readonly of: Readonly<Record<VehicleKind, readonly Route[]>>;
  /** Those that leave a place, which are at least one for every place that a route goes to. */
  from(code: string): readonly Route[];
}

/**
 * Chooses who goes where: ships along the lanes, aircraft along great circles. The same `random` gives the same routes.
 * It takes a second of work, in pieces of a few milliseconds.
 */
export async function planJourneys(places: readonly Place[], sea: SeaNetwork, random: () => number): Promise<Journeys> {
  const routes = new Map<string, Route>();
  const of: Record<VehicleKind, Route[]> = { ship: [], aircraft: [] };
  const leaving = new Map<string, Route[]>();
  const add = (kind: VehicleKind, route: Route): void => {
    routes.set(route.id, route);
    of[kind].push(route);
    const known = leaving.get(route.from);
    if (known) known.push(route);
    else leaving.set(route.from, [route]);
  };
  const addBothWays = (from: Place, to: Place, corners: readonly LngLat[]): void => {
    if (routes.has(`${from.code}-${to.code}`)) return;
    const route = createRoute(from.code, to.code, corners);
    if (route.points.some((degrees, i) => i % 2 === 1 && Math.abs(degrees) > highestLat)) return;
    const kind = from.kind === 'port' ? 'ship' : 'aircraft';
    add(kind, route);
    add(kind, createRoute(to.code, from.code, corners.toReversed()));
  };

  const ports = places.filter(({ kind }) => kind === 'port');
  for (const port of ports) {
    const wayTo = sea.waysFrom(port);
    for (let i = 0; i < waysOut; i++) {
      const to = pick(ports, random());
      if (to !== port) addBothWays(port, to, wayTo(to));
    }
    await nextTurn();
  }

  const airports = places.filter(({ kind }) => kind === 'airport');
  for (const airport of airports) {
    const others = airports
      .map((to) => ({ to, km: distanceKm(airport, to) }))
      .filter(({ km }) => km >= shortestFlightKm)
      .toSorted((a, b) => a.km - b.km);
    for (let i = 0; i < waysOut; i++) {
      // Squared: more of them are near than far, as it is with flights.
      const { to } = pick(others, random() ** 2);
      addBothWays(airport, to, [airport, to]);
    }
    await nextTurn();
  }
  return { routes, of, from: (code) => leaving.get(code) ?? [] };
}

/** `share` is from 0 to below 1. */
export function pick<T>(list: readonly T[], share: number): T {
  return list[Math.floor(share * list.length)]!;
}
