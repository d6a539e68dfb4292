import type { ReactElement } from 'react';
import { formatBytes } from '../compare/format.js';
import type { FleetState } from './fleet.js';
import { count } from './words.js';

/** Shows the traffic of this page, beside that of the whole fleet. */
export function Figures({ flow, all, inView }: Pick<FleetState, 'flow' | 'all' | 'inView'>): ReactElement {
  const isKnown = flow !== undefined && all !== undefined && all.bytesPerSecond > 0;
  const share = isKnown ? flow.bytesPerSecond / all.bytesPerSecond : undefined;
  return (
    <section className="panel" aria-labelledby="flow-title">
      <div className="panel-head">
        <h2 id="flow-title">On the wire</h2>
        <output className="flow-share" data-testid="share">
          {share === undefined ? 'Counting…' : `${percent(share)} of the bytes of all`}
        </output>
      </div>
      <table className="flow-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            <th scope="col">This page</th>
            <th scope="col">All of it</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Vehicles</th>
            <td data-testid="in-view">{inView === undefined ? '…' : count(inView)}</td>
            <td data-testid="all-vehicles">{all ? count(all.vehicles) : '…'}</td>
          </tr>
          <tr>
            <th scope="row">Updates a second</th>
            <td data-testid="updates">{flow ? count(flow.updatesPerSecond) : '…'}</td>
            <td data-testid="all-updates">{all ? count(all.updatesPerSecond) : '…'}</td>
          </tr>
          <tr>
            <th scope="row">Bytes a second</th>
            <td data-testid="bytes">{flow ? formatBytes(flow.bytesPerSecond) : '…'}</td>
            <td data-testid="all-bytes">{all ? formatBytes(all.bytesPerSecond) : '…'}</td>
          </tr>
        </tbody>
      </table>
      <p className="quiet">
        <strong>This page</strong>: every byte of every message that its connection brings, positions, fences, figures
        and heartbeats, over the last 20 seconds; what there was at first is not in the rate, but in the{' '}
        {flow ? formatBytes(flow.totalBytes) : 'bytes'} that came since the page was opened. <strong>All of it</strong>:
        counted by the server, only keys and values of all positions that it stored in the last second.
      </p>
    </section>
  );
}

function percent(share: number): string {
  return share < 0.1 ? `${(share * 100).toFixed(1)} %` : `${Math.round(share * 100)} %`;
}
