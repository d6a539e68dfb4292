import type { Quote } from '../../shared/ticker/market.js';
import { resolveColor } from '../lib/resolve-color.js';
import { type Mix, flashMixes, heatMixes, heatSteps } from './board-colors.js';
import { type BoardLayout, layOutBoard, tileOrigin } from './board-layout.js';
import { formatPrice } from './format.js';
import type { RequestFrame } from './frames.js';

/** Paints the tiles of the board, and of them only what has changed. */
export interface BoardPainter {
  readonly layout: BoardLayout;
  /** In CSS pixels. */
  resize(width: number, pixelRatio: number): void;
  /** Quotes have changed. */
  note(symbols: Iterable<string>): void;
  /** The tile with the selected symbol, and the one under the keyboard. */
  mark(selected: number, focused: number | undefined): void;
  /** The colors of the page have changed. */
  recolor(): void;
  close(): void;
}

interface BoardPainterOptions {
  readonly canvas: HTMLCanvasElement;
  readonly symbols: readonly string[];
  readonly quoteOf: (symbol: string) => Quote | undefined;
  readonly requestFrame: RequestFrame;
  /** Nothing should flash. */
  readonly isCalm: () => boolean;
}

interface Colors {
  readonly text: string;
  readonly quiet: string;
  readonly accent: string;
  /** From the deepest fall to the highest rise. */
  readonly heat: readonly string[];
  readonly flash: readonly string[];
}

/** The change in percent that has the deepest color. */
const hottest = 3;
/** How long a change shows, brightest first. */
const flashMs = [90, 220] as const;
const symbolFont = '600 10.5px system-ui, sans-serif';
const priceFont = '10px system-ui, sans-serif';

export function createBoardPainter(options: BoardPainterOptions): BoardPainter {
  const { canvas, symbols, quoteOf, requestFrame, isCalm } = options;
  const context = canvas.getContext('2d', { alpha: false })!;
  const places = new Map(symbols.map((symbol, index) => [symbol, index]));
  const dirty = new Set<number>();
  /** When tiles changed that still show it. */
  const flashing = new Map<number, number>();
  const levels = new Uint8Array(symbols.length);
  let colors = readColors(canvas);
  let layout = layOutBoard(0, symbols.length);
  let marked: readonly [selected: number, focused: number | undefined] = [0, undefined];
  let isAsked = false;
  let isClosed = false;

  const ask = (): void => {
    if (isAsked || isClosed) return;
    isAsked = true;
    requestFrame(paint);
  };

  const paint = (): void => {
    isAsked = false;
    if (isClosed) return;
    const now = performance.now();
    for (const [index, since] of flashing) {
      const level = flashMs.findIndex((ms) => now - since < ms) + 1;
      if (level === 0) flashing.delete(index);
      if (level !== levels[index]) dirty.add(index);
      levels[index] = level;
    }
    context.textBaseline = 'middle';
    for (const index of dirty) drawTile(index);
    dirty.clear();
    if (flashing.size > 0) ask();
  };

  const drawTile = (index: number): void => {
    const symbol = symbols[index]!;
    const quote = quoteOf(symbol);
    const [x, y] = tileOrigin(layout, index);
    const { tileWidth, tileHeight } = layout;
    context.fillStyle = colors.heat[heatOf(quote?.change ?? 0)]!;
    context.fillRect(x, y, tileWidth, tileHeight);
    const level = levels[index]!;
    if (level > 0) {
      context.fillStyle = colors.flash[level - 1]!;
      context.fillRect(x, y, tileWidth, tileHeight);
    }
    context.fillStyle = colors.text;
    context.font = symbolFont;
    context.fillText(symbol, x + 3, y + 10);
    if (quote) {
      context.font = priceFont;
      context.fillText(formatPrice(quote.last), x + 3, y + 22);
    }
    const [selected, focused] = marked;
    if (index !== selected && index !== focused) return;
    context.strokeStyle = index === focused ? colors.text : colors.accent;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, tileWidth - 2, tileHeight - 2);
  };

  const all = (): void => {
    for (let index = 0; index < symbols.length; index++) dirty.add(index);
    ask();
  };

  return {
    get layout() {
      return layout;
    },
    resize: (width, pixelRatio) => {
      layout = layOutBoard(width, symbols.length);
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(layout.height * pixelRatio);
      canvas.style.blockSize = `${layout.height}px`;
      clear();
    },
    note: (changed) => {
      const now = performance.now();
      for (const symbol of changed) {
        const index = places.get(symbol);
        if (index === undefined) continue;
        dirty.add(index);
        if (!isCalm()) flashing.set(index, now);
      }
      ask();
    },
    mark: (selected, focused) => {
      for (const index of [...marked, selected, focused]) if (index !== undefined) dirty.add(index);
      marked = [selected, focused];
      ask();
    },
    recolor: () => {
      colors = readColors(canvas);
      clear();
    },
    close: () => {
      isClosed = true;
    },
  };

  /** The gaps between the tiles, too. */
  function clear(): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colors.quiet;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const ratio = layout.height > 0 ? canvas.height / layout.height : 1;
    context.scale(ratio, ratio);
    all();
  }
}

function heatOf(change: number): number {
  return heatSteps + Math.round(Math.max(-1, Math.min(1, change / hottest)) * heatSteps);
}

function readColors(canvas: HTMLCanvasElement): Colors {
  const resolve = (value: string): string => resolveColor(canvas, value);
  const mixWith = (base: string, { color, percent }: Mix): string =>
    resolve(`color-mix(in srgb, var(--${color}) ${percent}%, ${base})`);
  return {
    text: resolve('var(--text)'),
    quiet: resolve('var(--surface)'),
    accent: resolve('var(--accent)'),
    heat: heatMixes.map((mix) => mixWith('var(--surface-2)', mix)),
    flash: flashMixes.map((mix) => mixWith('transparent', mix)),
  };
}
