import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutBoard, tileAt, tileByKey, tileOrigin } from './board-layout.js';

describe('the board', () => {
  it('fills any width with tiles that can be found where they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 2000 }), fc.integer({ min: 0, max: 499 }), (width, index) => {
        const layout = layOutBoard(width, 500);
        const [x, y] = tileOrigin(layout, index);
        expect(x + layout.tileWidth).toBeLessThanOrEqual(width + 0.001);
        expect(y + layout.tileHeight).toBeLessThanOrEqual(layout.height);
        expect(tileAt(layout, 500, x + layout.tileWidth / 2, y + layout.tileHeight / 2)).toBe(index);
      }),
    );
  });

  it('has nothing beside its tiles', () => {
    const layout = layOutBoard(450, 11);
    expect(layout).toMatchObject({ columns: 10, rows: 2 });
    expect(tileAt(layout, 11, layout.tileWidth + 1, 5)).toBeUndefined();
    expect(tileAt(layout, 11, 460, 5)).toBeUndefined();
    expect(tileAt(layout, 11, 60, 40)).toBeUndefined();
    expect(tileAt(layout, 11, -1, 5)).toBeUndefined();
  });

  it('is walked with the keyboard, and not left', () => {
    const layout = layOutBoard(450, 25);
    const walk = (index: number, key: string) => tileByKey(layout, 25, index, key);
    expect([walk(3, 'ArrowRight'), walk(3, 'ArrowLeft'), walk(3, 'ArrowDown'), walk(13, 'ArrowUp')]).toEqual([
      4, 2, 13, 3,
    ]);
    expect([walk(24, 'ArrowRight'), walk(0, 'ArrowLeft'), walk(16, 'ArrowDown'), walk(3, 'ArrowUp')]).toEqual([
      24, 0, 16, 3,
    ]);
    expect([walk(7, 'Home'), walk(7, 'End'), walk(7, 'a')]).toEqual([0, 24, undefined]);
  });
});
