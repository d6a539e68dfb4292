import { type KeyboardEvent, type MouseEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { companies, companyName } from '../../shared/ticker/companies.js';
import { useThemeVersion } from '../compare/use-theme-version.js';
import { tileAt, tileByKey } from './board-layout.js';
import { type BoardPainter, createBoardPainter } from './board-painter.js';
import { formatChange, formatPrice } from './format.js';
import { isCalm } from './is-calm.js';
import type { LiveQuotes } from './live-quotes.js';

const symbols = companies.map(({ symbol }) => symbol);

interface BoardProps {
  readonly quotes: LiveQuotes;
  readonly selected: string;
  readonly onSelect: (symbol: string) => void;
}

/** All companies on one canvas: redrawing five hundred elements would leave no time for anything else. */
export function Board({ quotes, selected, onSelect }: BoardProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<BoardPainter>(undefined);
  const [focused, setFocused] = useState<number>();
  const themeVersion = useThemeVersion();
  const selectedIndex = symbols.indexOf(selected);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const made = createBoardPainter({
      canvas: element,
      symbols,
      quoteOf: quotes.get,
      requestFrame: requestAnimationFrame,
      isCalm,
    });
    painter.current = made;
    const observer = new ResizeObserver(() => made.resize(element.clientWidth, devicePixelRatio));
    observer.observe(element);
    const stop = quotes.subscribe(made.note);
    return () => {
      stop();
      observer.disconnect();
      made.close();
    };
  }, [quotes]);
  useEffect(() => painter.current?.recolor(), [themeVersion]);
  useEffect(() => painter.current?.mark(selectedIndex, focused), [selectedIndex, focused]);

  const onClick = ({ nativeEvent }: MouseEvent): void => {
    const { layout } = painter.current!;
    const index = tileAt(layout, symbols.length, nativeEvent.offsetX, nativeEvent.offsetY);
    if (index !== undefined) onSelect(symbols[index]!);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = focused ?? selectedIndex;
    const next = tileByKey(painter.current!.layout, symbols.length, at, event.key);
    if (next !== undefined) setFocused(next);
    else if (event.key === 'Enter' || event.key === ' ') onSelect(symbols[at]!);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="board-frame">
        <button
          type="button"
          className="board-button"
          aria-label={`All ${symbols.length} companies. The arrow keys move, Enter chooses.`}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(selectedIndex)}
          onBlur={() => setFocused(undefined)}
        >
          <canvas ref={canvas} className="board" data-testid="board" onClick={onClick} />
        </button>
      </div>
      <output className="visually-hidden">{focused === undefined ? '' : describe(symbols[focused]!, quotes)}</output>
    </>
  );
}

function describe(symbol: string, quotes: LiveQuotes): string {
  const quote = quotes.get(symbol);
  const price = quote ? `${formatPrice(quote.last)}, ${formatChange(quote.change)}` : 'no quote yet';
  return `${companyName(symbol)}, ${symbol}: ${price}`;
}
