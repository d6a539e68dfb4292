import { type LaneName, laneNames } from '../../shared/compare-limits.js';

export type PerLane<T> = Readonly<Record<LaneName, T>>;

export function perLane<T>(make: (name: LaneName) => T): Record<LaneName, T> {
  return Object.fromEntries(laneNames.map((name) => [name, make(name)])) as Record<LaneName, T>;
}
