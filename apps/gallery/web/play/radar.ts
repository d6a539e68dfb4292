import type { ArenaEntities, Ship } from '../../shared/arena/arena.js';
import { size } from '../../shared/arena/limits.js';

const directions = ['east', 'south-east', 'south', 'south-west', 'west', 'north-west', 'north', 'north-east'] as const;
const shownShips = 6;

type Place = Pick<Ship, 'x' | 'y'>;

/** The arena in words, for those who do not see the stage. */
export interface Radar {
  /** Where the own ship is. */
  readonly place: string | undefined;
  /** The nearest first. */
  readonly ships: readonly { readonly id: number; readonly text: string }[];
  readonly spark: string | undefined;
}

/** Without an own ship one looks from the middle of the arena. */
export function radarOf(
  { ship, score, spark }: Pick<ArenaEntities, 'ship' | 'score' | 'spark'>,
  own: Place | undefined,
  player: number | undefined,
): Radar {
  const from = own ?? { x: size / 2, y: size / 2 };
  const far = ({ x, y }: Place): number => Math.hypot(x - from.x, y - from.y);
  const ships = [...ship]
    .filter(([id, { shield }]) => id !== player && shield > 0)
    .toSorted(([, a], [, b]) => far(a) - far(b))
    .slice(0, shownShips)
    .map(([id, at]) => ({ id, text: `${score.get(id)?.name ?? 'Somebody'}, ${way(from, at)}` }));
  const [nearest] = [...spark.values()].toSorted((a, b) => far(a) - far(b));
  return { place: own && placeOf(own), ships, spark: nearest && own && way(own, nearest) };
}

/** "250 to the north-east". */
function way(from: Place, { x, y }: Place): string {
  const far = Math.hypot(x - from.x, y - from.y);
  if (far < 10) return 'here';
  const turn = Math.round((Math.atan2(y - from.y, x - from.x) / (2 * Math.PI)) * directions.length);
  return `${round(far)} to the ${directions[(turn + directions.length) % directions.length]}`;
}

function placeOf({ x, y }: Place): string {
  const [aside, ahead] = [x < size / 2, y < size / 2];
  return `${round(aside ? x : size - x)} from the ${aside ? 'west' : 'east'} wall, ${round(ahead ? y : size - y)} from the ${ahead ? 'north' : 'south'} wall`;
}

function round(units: number): number {
  return Math.round(units / 10) * 10;
}
