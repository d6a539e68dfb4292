import { type ReactElement, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useThemeVersion } from '../compare/use-theme-version.js';
import { resolveColor } from '../lib/resolve-color.js';
import { formatPrice } from './format.js';
import type { Series } from './series.js';

interface PriceChartProps {
  /** Said instead of the picture. */
  readonly label: string;
  readonly series: Series;
  /** Another number when there is more to draw. */
  readonly version: number;
}

const height = 190;
/** A line of minutes need not be drawn more often. */
const drawMs = 200;

/** The prices of the latest trades. */
export function PriceChart({ label, series, version }: PriceChartProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const drawnAt = useRef(0);
  const themeVersion = useThemeVersion();

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new uPlot(optionsOf(element), [[], []], element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => {
    const draw = (): void => {
      drawnAt.current = performance.now();
      chart.current?.setData([[...series.times], [...series.prices]]);
    };
    const timer = setTimeout(draw, Math.max(0, drawnAt.current + drawMs - performance.now()));
    return () => clearTimeout(timer);
  }, [series, version]);
  useEffect(() => chart.current?.redraw(false), [themeVersion]);

  return <div ref={frame} className="chart" role="img" aria-label={label} style={{ blockSize: height }} />;
}

function optionsOf(element: HTMLElement): uPlot.Options {
  const color = (value: string) => () => resolveColor(element, value);
  const axis: uPlot.Axis = {
    stroke: color('var(--text-quiet)'),
    grid: { stroke: color('var(--line)'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, size: 28 },
      { ...axis, size: 58, values: (_, splits) => splits.map(formatPrice) },
    ],
    series: [
      {},
      {
        stroke: color('var(--accent)'),
        width: 1.5,
        points: { show: false },
        // A price holds until the next trade.
        paths: uPlot.paths.stepped!({ align: 1 }),
      },
    ],
  };
}
