import type { ReactElement } from 'react';
import type { NetFigures } from './net-meter.js';

const [width, height] = [360, 96];
const leastMs = 120;
/** As many samples as the meter keeps. */
const across = 119;

/** The last half minute: the way there and back, the age of the picture, and corrections. */
export function NetGraph({ history }: { readonly history: readonly NetFigures[] }): ReactElement {
  const most = Math.max(leastMs, ...history.flatMap(({ rttMs, delayMs }) => [rttMs ?? 0, delayMs])) * 1.1;
  const xOf = (i: number): number => width - ((history.length - 1 - i) * width) / across;
  const line = (read: (figures: NetFigures) => number): string =>
    history
      .map((figures, i) => `${xOf(i).toFixed(1)},${(height - (read(figures) / most) * height).toFixed(1)}`)
      .join(' ');
  return (
    <figure className="net-graph">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="net-zero" />
        {history.map((figures, i) =>
          figures.corrections > 0 ? (
            <rect
              key={i}
              className="net-correction"
              x={xOf(i) - 1.5}
              width="2"
              y={height - Math.min(1, figures.corrections / 20) * height}
              height={Math.min(1, figures.corrections / 20) * height}
            />
          ) : undefined,
        )}
        <polyline className="net-delay" points={line(({ delayMs }) => delayMs)} />
        <polyline className="net-rtt" points={line(({ rttMs }) => rttMs ?? 0)} />
      </svg>
      <figcaption>
        <span className="net-key net-key-rtt">round trip</span>
        <span className="net-key net-key-delay">picture behind</span>
        <span className="net-key net-key-correction">corrections</span>
        <span>up to {Math.round(most)} ms, half a minute</span>
      </figcaption>
    </figure>
  );
}
