import { type ReactElement, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useThemeVersion } from '../compare/use-theme-version.js';
import { resolveColor } from '../lib/resolve-color.js';
import { formatPrice, formatTime } from './format.js';
import type { Series } from './series.js';

interface PriceChartProps {
  /** Said instead of the picture. */
  readonly label: string;
  /** With a price at least: of none there is no line to draw. */
  readonly series: Series;
  /** Another number when there is more to draw. */
  readonly version: number;
}

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
    const made = new uPlot(optionsOf(element), columnsOf(series), element);
    chart.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [series]);
  useEffect(() => {
    const draw = (): void => {
      drawnAt.current = performance.now();
      chart.current?.setData(columnsOf(series));
    };
    const timer = setTimeout(draw, Math.max(0, drawnAt.current + drawMs - performance.now()));
    return () => clearTimeout(timer);
  }, [series, version]);
  useEffect(() => chart.current?.redraw(false), [themeVersion]);

  return <div ref={frame} className="price-chart" role="img" aria-label={label} />;
}

function columnsOf({ times, prices }: Series): uPlot.AlignedData {
  return [[...times], [...prices]];
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
    height: element.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, size: 28, space: 90, values: (_, splits) => splits.map((seconds) => formatTime(seconds * 1000)) },
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
