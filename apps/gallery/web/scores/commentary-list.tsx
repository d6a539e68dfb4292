import type { ReactElement, ReactNode } from 'react';
import { minuteWords } from '../../shared/scores/clock.js';
import type { Line } from '../../shared/scores/lines.js';

interface CommentaryListProps {
  /** Newest first. */
  readonly lines: readonly Line[];
  /** Actions on a line. */
  readonly actions?: (line: Line) => ReactNode;
}

export function CommentaryList({ lines, actions }: CommentaryListProps): ReactElement {
  if (lines.length === 0) return <p className="empty">Nothing has happened yet.</p>;
  return (
    <ol className="commentary" data-testid="commentary">
      {lines.map((line) => (
        <li key={line.offset} className={`line line-${line.happening.kind}`} data-testid="line">
          <span className="line-minute">{minuteWords(line.happening.minute, line.happening.added)}</span>
          <div className="line-body">
            {line.withdrawn ? <s>{line.text}</s> : <p>{line.text}</p>}
            {line.withdrawn && (
              <p className="line-note">
                Withdrawn by <bdi>{line.withdrawn.by ?? 'the director'}</bdi>: {line.withdrawn.text}
              </p>
            )}
            {line.earlier.length > 0 && (
              <details className="line-note">
                <summary>Edited</summary>
                <ol>
                  {line.earlier.map(({ text, by, time }) => (
                    <li key={time}>
                      <s>{text}</s> until <bdi>{by ?? 'the director'}</bdi> changed it
                    </li>
                  ))}
                </ol>
              </details>
            )}
            {line.by !== undefined && (
              <p className="line-note">
                Entered by <bdi>{line.by}</bdi>
              </p>
            )}
            {actions?.(line)}
          </div>
        </li>
      ))}
    </ol>
  );
}
