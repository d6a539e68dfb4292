import type { Vehicle } from '../../shared/fleet/fleet.js';
import { type VehicleKind, timeScale } from '../../shared/fleet/kinds.js';
import { type Journeys, pick } from './journeys.js';
import type { Route } from './route.js';

export const tickMs = 100;

export type Report = readonly [key: string, vehicle: Vehicle];

/** Moves by ticks: the same seed and as many ticks give the same fleet. */
export interface Fleet {
  readonly size: number;
  readonly underway: () => number;
  /** Where everybody is. */
  reports(): Report[];
  /** One tick later: the reports that are due. A vehicle that stands still has nothing to report. */
  advance(): Report[];
}

interface Traits {
  readonly prefix: string;
  /** Ticks from one report to the next, as AIS and ADS-B have it: the faster, the more often. */
  readonly period: number;
  /** Kilometers an hour, the slowest and the fastest. */
  readonly speed: readonly [number, number];
  /** Hours at a place, the least and the most. */
  readonly rest: readonly [number, number];
}

const traitsOf: Readonly<Record<VehicleKind, Traits>> = {
  ship: { prefix: 'S', period: 80, speed: [22, 44], rest: [2, 8] },
  aircraft: { prefix: 'A', period: 40, speed: [690, 930], rest: [0.75, 2] },
};

interface State {
  readonly key: string;
  readonly kind: VehicleKind;
  readonly speed: number;
  route: Route;
  km: number;
  /** Hours that are left until it goes on; 0: it is on its way. */
  restHours: number;
}

interface FleetOptions {
  readonly journeys: Journeys;
  readonly random: () => number;
  readonly counts: Readonly<Record<VehicleKind, number>>;
}

export function createFleet({ journeys, random, counts }: FleetOptions): Fleet {
  const within = ([least, most]: readonly [number, number]): number => least + random() * (most - least);
  const crew = (kind: VehicleKind): State[] => {
    const { prefix, speed } = traitsOf[kind];
    return Array.from({ length: counts[kind] }, (_, i) => {
      const route = pick(journeys.of[kind], random());
      const key = `${prefix}${String(i + 1).padStart(5, '0')}`;
      return { key, kind, speed: within(speed), route, km: random() * route.lengthKm, restHours: 0 };
    });
  };
  const vehicles = { ship: crew('ship'), aircraft: crew('aircraft') };
  let tick = 0;
  let underway = counts.ship + counts.aircraft;

  /** Whether there is something to report of it. */
  const move = (vehicle: State): boolean => {
    const { period, rest } = traitsOf[vehicle.kind];
    const hours = (period * tickMs * timeScale) / 3_600_000;
    if (vehicle.restHours > 0) {
      vehicle.restHours = Math.max(0, vehicle.restHours - hours);
      if (vehicle.restHours > 0) return false;
      vehicle.route = pick(journeys.from(vehicle.route.to), random());
      vehicle.km = 0;
      underway++;
      return true;
    }
    vehicle.km += vehicle.speed * hours;
    if (vehicle.km >= vehicle.route.lengthKm) {
      vehicle.km = vehicle.route.lengthKm;
      vehicle.restHours = within(rest);
      underway--;
    }
    return true;
  };

  /** Those of a kind that move in this tick: the fleet is spread evenly over the ticks of a period. */
  const due = (kind: VehicleKind): Report[] => {
    const { period } = traitsOf[kind];
    const moved: Report[] = [];
    for (let i = tick % period; i < counts[kind]; i += period) {
      const vehicle = vehicles[kind][i]!;
      if (move(vehicle)) moved.push(reportOf(vehicle));
    }
    return moved;
  };

  return {
    size: counts.ship + counts.aircraft,
    underway: () => underway,
    reports: () => [...vehicles.ship, ...vehicles.aircraft].map(reportOf),
    advance: () => {
      tick++;
      return [...due('ship'), ...due('aircraft')];
    },
  };
}

function reportOf({ key, kind, speed, route, km, restHours }: State): Report {
  const { lng, lat, heading } = route.at(km);
  const isStopped = restHours > 0;
  return [
    key,
    {
      lng: round(lng),
      lat: round(lat),
      heading: Math.round(heading) % 360,
      speed: isStopped ? 0 : Math.round(speed),
      kind,
      status: isStopped ? 'stopped' : 'underway',
      route: route.id,
    },
  ];
}

/** Four digits are eleven meters. */
function round(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
