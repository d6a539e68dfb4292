import { type ReactElement, useLayoutEffect, useRef } from 'react';
import type { Line } from './echo.js';
import { formatMs } from './format-ms.js';
import { formatHex } from './hex.js';

const shownBytes = 64;

export function Conversation({ lines }: { readonly lines: readonly Line[] }): ReactElement {
  const log = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [lines]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard
    <div className="lines" ref={log} role="log" aria-label="Messages" tabIndex={0}>
      {lines.length === 0 && <p className="empty">Connect, and the server greets you.</p>}
      {lines.map((line) => (
        <p key={line.key} className={`line line-${line.direction}`} data-testid={`line-${line.direction}`}>
          <span className="line-arrow">
            <span aria-hidden="true">{line.direction === 'out' ? '↑' : '↓'}</span>
            <span className="visually-hidden">{line.direction === 'out' ? 'sent' : 'received'}</span>
          </span>
          {typeof line.body === 'string' ? (
            <span className="line-text" dir="auto">
              {line.body}
            </span>
          ) : (
            <code className="line-text">
              {formatHex(line.body.subarray(0, shownBytes))}
              {line.body.length > shownBytes ? ` … ${line.body.length} bytes` : ''}
            </code>
          )}
          {line.roundTripMs !== undefined && <span className="line-time">{formatMs(line.roundTripMs)}</span>}
        </p>
      ))}
    </div>
  );
}
