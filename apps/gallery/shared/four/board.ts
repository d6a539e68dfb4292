export const columns = 7;
export const rows = 6;

/** Red begins the first game. */
export const sides = ['red', 'yellow'] as const;
export type Side = (typeof sides)[number];

/** Rows are counted from below. */
interface Placed {
  readonly column: number;
  readonly row: number;
  readonly side: Side;
}

const directions = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/** The discs of a line of four or more that goes through `last`, or undefined. */
export function findLine<Disc extends Placed>(discs: readonly Disc[], last: Disc): readonly Disc[] | undefined {
  const at = (column: number, row: number): Disc | undefined =>
    discs.find((disc) => disc.column === column && disc.row === row && disc.side === last.side);
  for (const [dx, dy] of directions) {
    const line = [last];
    for (const way of [1, -1]) {
      for (let far = way; ; far += way) {
        const disc = at(last.column + dx * far, last.row + dy * far);
        if (!disc) break;
        line.push(disc);
      }
    }
    if (line.length >= 4) return line;
  }
  return undefined;
}
