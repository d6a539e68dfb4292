import type { ReactElement } from 'react';
import type { LaneName } from '../../shared/compare-limits.js';

/** How the lane's line looks in the charts. */
export const laneDash: Readonly<Record<LaneName, number[]>> = {
  polling: [2, 4],
  'long-polling': [8, 4],
  stream: [12, 4, 2, 4],
  websocket: [],
};

export function LaneMark({ name }: { readonly name: LaneName }): ReactElement {
  return (
    <svg className={`lane-mark lane-${name}`} viewBox="0 0 28 6" aria-hidden="true">
      <path d="M1 3h26" strokeDasharray={laneDash[name].join(' ')} />
    </svg>
  );
}
