/** The box of a line. */
export const width = 120;
export const height = 36;

/** Points of a line for SVG: the oldest value is left, the least at the bottom. Empty for less than two values. */
export function pointsOf(values: readonly number[]): string {
  if (values.length < 2) return '';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const spread = most - least || 1;
  return values
    .map((value, i) => {
      const x = (i / (values.length - 1)) * width;
      const y = height - 2 - ((value - least) / spread) * (height - 4);
      return `${round(x)},${round(y)}`;
    })
    .join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
