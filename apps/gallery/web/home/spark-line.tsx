import type { ReactElement } from 'react';
import { height, pointsOf, width } from './points.js';

/** The course of some numbers, as a line. It tells nothing that is not written beside it. */
export function SparkLine({ values }: { readonly values: readonly number[] }): ReactElement {
  return (
    <svg className="spark-line" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={pointsOf(values)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
