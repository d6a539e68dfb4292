/** Where the tiles of the board lie, in CSS pixels. */
export interface BoardLayout {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly height: number;
}

const narrowest = 43;
const tileHeight = 30;
const tileGap = 2;

/** Tiles of equal size in as many columns as fit. */
export function layOutBoard(width: number, tiles: number): BoardLayout {
  const columns = Math.max(1, Math.min(tiles, Math.floor((width + tileGap) / (narrowest + tileGap))));
  const rows = Math.ceil(tiles / columns);
  const tileWidth = (width - tileGap * (columns - 1)) / columns;
  return { columns, rows, tileWidth, tileHeight, height: rows * (tileHeight + tileGap) - tileGap };
}

export function tileOrigin({ columns, tileWidth }: BoardLayout, index: number): readonly [x: number, y: number] {
  return [(index % columns) * (tileWidth + tileGap), Math.floor(index / columns) * (tileHeight + tileGap)];
}

/** Which tile is there; undefined in a gap or beside them. */
export function tileAt(layout: BoardLayout, tiles: number, x: number, y: number): number | undefined {
  const column = Math.floor(x / (layout.tileWidth + tileGap));
  const row = Math.floor(y / (tileHeight + tileGap));
  const index = row * layout.columns + column;
  if (column < 0 || column >= layout.columns || row < 0 || index >= tiles) return undefined;
  const [left, top] = tileOrigin(layout, index);
  return x < left + layout.tileWidth && y < top + tileHeight ? index : undefined;
}

/** Where a key of the keyboard leads from a tile; undefined for a key that leads nowhere. */
export function tileByKey({ columns }: BoardLayout, tiles: number, index: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return Math.min(tiles - 1, index + 1);
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowDown':
      return index + columns < tiles ? index + columns : index;
    case 'ArrowUp':
      return index >= columns ? index - columns : index;
    case 'Home':
      return 0;
    case 'End':
      return tiles - 1;
    default:
      return undefined;
  }
}
