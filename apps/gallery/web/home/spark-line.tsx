import type { ReactElement } from 'react';

const width = 120;
const height = 36;

/** The course of some numbers, as a line. It tells nothing that is not written beside it. */
export function SparkLine({ values }: { readonly values: readonly number[] }): ReactElement {
  return (
    <svg className="spark-line" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={pointsOf(values)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

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
