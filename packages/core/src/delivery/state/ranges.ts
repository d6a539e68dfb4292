import type { Area, View } from '@longwave/protocol';

/** A number that a view asks of each of its entries: from `min` to `max`, or more narrowly. */
export interface Range {
  readonly field: string;
  readonly min: number;
  readonly max: number;
}

/** A value outside of one of them is not in the view. Conditions on texts and lists are not among them. */
export function rangesOf({ where = {}, area }: View): Range[] {
  const ranges = Object.entries(where).flatMap(([field, condition]) => {
    const tests = typeof condition === 'object' && condition !== null ? condition : { eq: condition };
    return Object.entries(tests).flatMap(([operator, operand]) => {
      const bounds = typeof operand === 'number' ? boundsOf(operator, operand) : undefined;
      return bounds ? [{ field, ...bounds }] : [];
    });
  });
  return area ? [...ranges, ...rangesOfArea(area)] : ranges;
}

function boundsOf(operator: string, operand: number) {
  switch (operator) {
    case 'eq':
      return { min: operand, max: operand };
    case 'gt':
    case 'gte':
      return { min: operand, max: Infinity };
    case 'lt':
    case 'lte':
      return { min: -Infinity, max: operand };
    default:
      return undefined;
  }
}

/** The default of a view's `margin`. */
export const defaultMargin = 0.05;

type Box = NonNullable<Area['box']>;

/** The box with its margin, a share of its size. */
export function widened([minX, minY, maxX, maxY]: Box, margin: number): Box {
  const [besideX, besideY] = [margin * (maxX - minX), margin * (maxY - minY)];
  return [minX - besideX, minY - besideY, maxX + besideX, maxY + besideY];
}

/** Around the area and its margin. */
function rangesOfArea({ at: [x, y], box, circle, margin = defaultMargin }: Area): Range[] {
  if (box) {
    const [minX, minY, maxX, maxY] = widened(box, margin);
    return [
      { field: x, min: minX, max: maxX },
      { field: y, min: minY, max: maxY },
    ];
  }
  const [centerX, centerY, radius] = circle!;
  // Where a square is no ordinary number any more, a circle is larger than its radius says.
  const square = (radius * (1 + margin)) ** 2;
  if (square < 1e-290 || square === Infinity) return [];
  // A circle compares squares: by what they round off an entry on its line may lie outside of a range as narrow as itself.
  const reach = radius * (1 + margin) * (1 + 1e-9) + 1e-9 * (Math.abs(centerX) + Math.abs(centerY));
  return [
    { field: x, min: centerX - reach, max: centerX + reach },
    { field: y, min: centerY - reach, max: centerY + reach },
  ];
}
