import type { ReactElement } from 'react';
import { formatBytes, formatDuration } from '../compare/format.js';
import { formatPerSecond } from './format.js';
import type { TickerState } from './ticker.js';

const nothing = '–';

/** Shows the way from the market to this page, measured each second. */
export function TickerFigures({ state: { market, figures } }: { readonly state: TickerState }): ReactElement {
  const latency = figures?.latency;
  const rows: readonly (readonly [title: string, note: string, value: string])[] = [
    ['In the market', 'updates a second', market ? formatPerSecond(market.happened) : nothing],
    ['Stored', 'on the server, a second', market ? formatPerSecond(market.stored) : nothing],
    ['Received', 'by this page, a second', figures ? formatPerSecond(figures.received) : nothing],
    ['Merged away', 'of what you watch, a second', figures ? formatPerSecond(figures.merged) : nothing],
    ['Bytes', 'received a second', figures ? formatBytes(figures.bytesPerSecond) : nothing],
    ['Latency', 'median, from stored to here', latency ? formatDuration(latency.medianMs) : nothing],
  ];
  return (
    <dl className="ticker-figures" aria-label="Measured">
      {rows.map(([title, note, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd data-testid={`figure ${title}`}>{value}</dd>
          <dd className="quiet">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
