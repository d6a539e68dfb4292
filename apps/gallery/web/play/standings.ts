import type { ArenaEntities } from '../../shared/arena/arena.js';

export interface Row {
  readonly id: number;
  readonly place: number;
  readonly name: string;
  readonly points: number;
  readonly isBot: boolean;
}

/** Best first; who has as many points has the same place. */
export function standingsOf(scores: ArenaEntities['score']): readonly Row[] {
  const sorted = [...scores].toSorted(([a, { points: mine }], [b, { points: theirs }]) => theirs - mine || a - b);
  let place = 0;
  let before: number | undefined;
  return sorted.map(([id, { name, points, isBot }], i) => {
    if (points !== before) place = i + 1;
    before = points;
    return { id, place, name, points, isBot };
  });
}

/** The first rows, and the own one if it is not among them. */
export function shownRows(rows: readonly Row[], player: number | undefined, count: number): readonly Row[] {
  const first = rows.slice(0, count);
  const own = rows.find(({ id }) => id === player);
  return !own || first.includes(own) ? first : [...first.slice(0, count - 1), own];
}

export function ordinal(place: number): string {
  const tens = place % 100;
  const ending = tens > 10 && tens < 20 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${ending}`;
}
