import type { ReactElement } from 'react';
import { laneNames } from '../../shared/compare-limits.js';
import { Chart } from './chart.js';
import { laneInfo } from './lane-info.js';
import { LaneMark } from './lane-mark.js';
import type { PerLane } from './per-lane.js';

interface ChartPanelProps {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly seconds: readonly number[];
  readonly values: PerLane<readonly (number | null)[]>;
  readonly format: (value: number) => string;
}

const stepSeconds = 10;

/** A chart, what its lines mean, and the same as a table for who does not see it. */
export function ChartPanel({ id, title, note, seconds, values, format }: ChartPanelProps): ReactElement {
  const show = (value: number | null): string => (value === null ? 'none' : format(value));
  const label = `${title}: ${laneNames.map((name) => `${laneInfo[name].title} ${show(lastOf(values[name]))}`).join(', ')}. The table below has the course of it.`;
  const shown = seconds.map((second, index) => ({ second, index })).filter(({ second }) => second % stepSeconds === 0);
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        <p className="quiet">{note}</p>
      </div>
      <Chart label={label} seconds={seconds} values={values} format={format} />
      <ul className="chart-legend" aria-label="Lines">
        {laneNames.map((name) => (
          <li key={name}>
            <LaneMark name={name} /> {laneInfo[name].title}
          </li>
        ))}
      </ul>
      <details>
        <summary>As a table</summary>
        <table className="course">
          <thead>
            <tr>
              <th scope="col">After</th>
              {laneNames.map((name) => (
                <th key={name} scope="col">
                  {laneInfo[name].short}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ second, index }) => (
              <tr key={second}>
                <th scope="row">{second} s</th>
                {laneNames.map((name) => (
                  <td key={name}>
                    {show(lastOf(values[name].slice(Math.max(0, index - stepSeconds + 1), index + 1)))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/** The last one that is there. */
function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
