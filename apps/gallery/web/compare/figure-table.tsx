import type { ReactElement, ReactNode } from 'react';
import { laneNames } from '../../shared/compare-limits.js';
import { formatBytes, formatDuration } from './format.js';
import { laneInfo } from './lane-info.js';
import { LaneMark } from './lane-mark.js';
import type { LaneStatus } from './lane.js';
import type { PerLane } from './per-lane.js';
import type { Cost, LaneFigures } from './run.js';

interface Row {
  readonly title: string;
  readonly note?: string;
  readonly cell: (figures: LaneFigures) => ReactNode;
}

const statusWords: Readonly<Record<LaneStatus, string>> = {
  connecting: 'connecting',
  connected: 'connected',
  failing: 'failing, trying again',
  ended: 'ended',
};
const nothing = '–';

const rows: readonly { readonly group: string; readonly rows: readonly Row[] }[] = [
  {
    group: 'Messages',
    rows: [
      { title: 'State', cell: ({ status }) => <span className={`lane-${status}`}>{statusWords[status]}</span> },
      { title: 'Received', cell: ({ received }) => received.toLocaleString() },
      {
        title: 'Lost / repeated / out of order',
        cell: ({ lost, repeated, reordered }) => (
          <span className={lost + repeated + reordered > 0 ? 'problem' : undefined}>
            {lost} / {repeated} / {reordered}
          </span>
        ),
      },
    ],
  },
  {
    group: 'Latency',
    rows: [
      { title: 'Median', cell: ({ latency }) => (latency ? formatDuration(latency.medianMs) : nothing) },
      { title: '95 of 100 within', cell: ({ latency }) => (latency ? formatDuration(latency.highMs) : nothing) },
      { title: 'Worst', cell: ({ latency }) => (latency ? formatDuration(latency.worstMs) : nothing) },
    ],
  },
  {
    group: 'Cost so far',
    rows: [
      { title: 'Requests', cell: costCell(({ tally }) => tally.requests.toLocaleString()) },
      { title: 'TCP connections', cell: costCell(({ line }) => line.connections.toLocaleString()) },
      { title: 'Bytes up', note: 'on the wire', cell: costCell(({ line }) => formatBytes(line.up)) },
      { title: 'Bytes down', note: 'on the wire', cell: costCell(({ line }) => formatBytes(line.down)) },
      { title: 'Heads and framing', note: 'part of both', cell: costCell((cost) => formatBytes(around(cost))) },
      {
        title: 'Bytes for each message',
        note: 'up and down',
        cell: costCell(({ line, received }) =>
          received > 0 ? formatBytes((line.up + line.down) / received) : nothing,
        ),
      },
    ],
  },
  {
    group: 'Until the first message',
    rows: [
      { title: 'Time', cell: ({ opening }) => (opening ? formatDuration(opening.ms) : nothing) },
      { title: 'Bytes', note: 'both ways', cell: ({ opening }) => bytesOf(opening?.line) },
    ],
  },
];

function costCell(show: (cost: Cost) => string): Row['cell'] {
  return ({ cost }) => (cost ? show(cost) : nothing);
}

/** Bytes on the wire beyond those that the page hands over and gets. */
function around({ line, tally }: Cost): number {
  return Math.max(0, line.up + line.down - tally.contentUp - tally.contentDown);
}

function bytesOf(line: { readonly up: number; readonly down: number } | undefined): string {
  return line ? formatBytes(line.up + line.down) : nothing;
}

/** A table by its roles: on a phone its rows take two lines, which the elements of a table do not survive. */
export function FigureTable({ figures }: { readonly figures: PerLane<LaneFigures> | undefined }): ReactElement {
  return (
    <div className="figure-table" role="table" aria-label="Figures of each lane">
      <div className="figure-head" role="rowgroup">
        <div role="row">
          <div role="columnheader" className="figure-corner">
            <span className="visually-hidden">Figure</span>
          </div>
          {laneNames.map((name) => (
            <div key={name} role="columnheader">
              <LaneMark name={name} />
              {laneInfo[name].short}
            </div>
          ))}
        </div>
      </div>
      {rows.map(({ group, rows: grouped }) => (
        <div key={group} role="rowgroup" aria-label={group}>
          <p className="figure-group" role="presentation">
            {group}
          </p>
          {grouped.map(({ title, note, cell }) => (
            <div key={title} role="row">
              <div role="rowheader">
                {title} {note !== undefined && <span className="quiet">{note}</span>}
              </div>
              {laneNames.map((name) => (
                <div key={name} role="cell" data-testid={`${name}: ${group}: ${title}`}>
                  {figures ? cell(figures[name]) : nothing}
                </div>
              ))}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
