import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { laneNames } from '../../shared/compare-limits.js';
import { resolveColor } from '../lib/resolve-color.js';
import { laneDash } from './lane-mark.js';
import type { PerLane } from './per-lane.js';
import { useThemeVersion } from './use-theme-version.js';

interface ChartProps {
  /** Said instead of the picture. */
  readonly label: string;
  readonly seconds: readonly number[];
  readonly values: PerLane<readonly (number | null)[]>;
  readonly format: (value: number) => string;
}

const height = 230;
/** A logarithm has no zero; nothing shown here is known so exactly. */
const floor = 0.1;

/** Lines over the last two minutes, on a logarithmic scale: a millisecond and ten seconds are both to be seen. */
export function Chart({ label, seconds, values, format }: ChartProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useChart(frame, format);
  const themeVersion = useThemeVersion();

  useEffect(() => {
    const columns = laneNames.map((name) =>
      values[name].map((value) => (value === null ? null : Math.max(floor, value))),
    );
    chart.current?.setData([[...seconds], ...columns]);
  }, [chart, seconds, values]);
  useEffect(() => chart.current?.redraw(false), [chart, themeVersion]);

  return <div ref={frame} className="chart" role="img" aria-label={label} style={{ blockSize: height }} />;
}

function useChart(
  frame: RefObject<HTMLDivElement | null>,
  format: (value: number) => string,
): RefObject<uPlot | undefined> {
  const chart = useRef<uPlot>(undefined);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new uPlot(optionsOf(element, format), [[], ...laneNames.map(() => [])], element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [frame, format]);
  return chart;
}

function optionsOf(element: HTMLElement, format: (value: number) => string): uPlot.Options {
  const color = (name: string) => () => resolveColor(element, `var(--${name})`);
  const axis: uPlot.Axis = {
    stroke: color('text-quiet'),
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: { distr: 3, range: (_, min, max) => [decade(min, Math.floor), decade(max, Math.ceil)] },
    },
    axes: [
      { ...axis, size: 32, values: (_, splits) => splits.map((second) => `${second} s`) },
      {
        ...axis,
        size: 64,
        grid: { ...axis.grid, filter: decades },
        filter: decades,
        values: (_, splits) => splits.map((value) => (value === null ? '' : format(value).replace(/\.0+ /, ' '))),
      },
    ],
    series: [
      {},
      ...laneNames.map((name) => ({
        label: name,
        stroke: color(`lane-${name}`),
        width: 2,
        dash: laneDash[name],
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}

function decade(value: number | null, round: (power: number) => number): number {
  return 10 ** round(Math.log10(Math.max(floor, value ?? 1)));
}

/** A line for each power of ten: those between them say nothing more. */
function decades(_: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null));
}
