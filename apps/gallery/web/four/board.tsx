import { type KeyboardEvent, type ReactElement, useRef, useState } from 'react';
import { columns, rows } from '../../shared/four/board.js';
import { type FourView, columnWords } from './four-view.js';

interface BoardProps {
  readonly view: FourView;
  readonly mayDrop: boolean;
  readonly onDrop: (column: number) => void;
}

/** Seven columns, each a button: one stop of the tab key, and arrows between them. */
export function Board({ view, mayDrop, onDrop }: BoardProps): ReactElement {
  const [focused, setFocused] = useState(Math.floor(columns / 2));
  const group = useRef<HTMLDivElement>(null);

  const go = (column: number): void => {
    const next = (column + columns) % columns;
    setFocused(next);
    group.current?.querySelectorAll('button')[next]?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^[1-7]$/.test(event.key) ? Number(event.key) - 1 : undefined;
    if (event.key === 'ArrowLeft') go(focused - 1);
    else if (event.key === 'ArrowRight') go(focused + 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(columns - 1);
    else if (digit !== undefined) {
      go(digit);
      if (mayDrop) onDrop(digit);
    } else return;
    event.preventDefault();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its columns take the focus
    <div ref={group} className="four-board" role="toolbar" aria-label="Board" data-turn={view.turn} onKeyDown={press}>
      {view.board.map((discs, column) => (
        <button
          key={column}
          type="button"
          className="four-column"
          data-may-drop={mayDrop && discs.length < rows}
          aria-label={columnWords(view, column)}
          aria-disabled={!mayDrop || discs.length === rows}
          tabIndex={column === focused ? 0 : -1}
          onFocus={() => setFocused(column)}
          onClick={() => mayDrop && onDrop(column)}
        >
          {Array.from({ length: rows }, (_, fromTop) => {
            const row = rows - 1 - fromTop;
            const disc = discs[row];
            const isLast = view.last?.column === column && row === discs.length - 1;
            return (
              <span key={row} className="four-cell">
                {disc && (
                  <span className={`four-disc four-${disc.side}`} data-line={disc.isInLine} data-last={isLast} />
                )}
              </span>
            );
          })}
        </button>
      ))}
    </div>
  );
}
