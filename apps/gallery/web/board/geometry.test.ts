import { describe, expect, it } from 'vitest';
import { fit, reveal, toBoard, zoomAt } from './camera.js';
import { type Handle, lineOf, moveBy, resizeBy, transformShape } from './geometry.js';
import { layOutText } from './lay-out-text.js';
import { type ArrowShape, type BoxShape, minSize } from './shape.js';
import { changeBetween, moveCaret } from './text-change.js';

const box: BoxShape = { id: 'a', kind: 'rectangle', x: 10, y: 20, width: 100, height: 50, color: 0, z: 0, text: '' };

describe('resizing', () => {
  it('keeps the opposite side where it is', () => {
    const resized = (handle: Handle): number[] => {
      const { x, y, width, height } = transformShape(box, resizeBy(box, handle, { x: 10, y: 5 }));
      return [x, y, width, height].map(Math.round);
    };
    expect(resized('se')).toEqual([10, 20, 110, 55]);
    expect(resized('nw')).toEqual([20, 25, 90, 45]);
    expect(resized('e')).toEqual([10, 20, 110, 50]);
  });

  it('makes nothing smaller than can be taken hold of, and never turns it over', () => {
    const small = transformShape(box, resizeBy(box, 'nw', { x: 500, y: 500 }));
    expect(small).toMatchObject({ width: minSize, height: minSize });
    expect([small.x + small.width, small.y + small.height]).toEqual([110, 70]);
  });
});

describe('an arrow', () => {
  const other: BoxShape = { ...box, id: 'b', kind: 'ellipse', x: 310 };
  const find = (id: string) => [box, other].find((each) => each.id === id);
  const arrow: ArrowShape = { ...box, id: 'c', kind: 'arrow', from: { x: 0, y: 0, shape: 'a' }, to: { x: 500, y: 45 } };

  it('ends at the border of its shape, whichever that is', () => {
    expect(lineOf(arrow, find)).toEqual({ from: { x: 114, y: 45 }, to: { x: 500, y: 45 } });
    const both = lineOf({ ...arrow, to: { x: 0, y: 0, shape: 'b' } }, find);
    expect(both.to).toEqual({ x: 306, y: 45 });
  });

  it('stays where it was when its shape is gone', () => {
    expect(lineOf(arrow, () => undefined)).toEqual({ from: { x: 0, y: 0, shape: 'a' }, to: { x: 500, y: 45 } });
  });

  it('moves its free end alone', () => {
    expect(transformShape(arrow, moveBy(7, 7))).toMatchObject({ from: { x: 0, y: 0 }, to: { x: 507, y: 52 } });
  });
});

describe('the camera', () => {
  it('keeps what is under the pointer when it zooms', () => {
    const camera = { x: 5, y: 6, zoom: 1 };
    const at = { x: 120, y: 80 };
    expect(toBoard(zoomAt(camera, 2, at), at)).toEqual(toBoard(camera, at));
    expect(zoomAt(camera, 1e9, at).zoom).toBe(4);
  });

  it('fits everything into the view, in its middle', () => {
    const camera = fit({ x: 0, y: 0, width: 2000, height: 100 }, { width: 496, height: 400 });
    expect(camera.zoom).toBeCloseTo(0.2);
    expect(toBoard(camera, { x: 248, y: 200 }).x).toBeCloseTo(1000);
    expect(toBoard(camera, { x: 248, y: 200 }).y).toBeCloseTo(50);
  });

  it('moves only for what is outside', () => {
    const view = { width: 400, height: 400 };
    const camera = { x: 0, y: 0, zoom: 1 };
    expect(reveal(camera, box, view)).toBe(camera);
    expect(reveal(camera, { ...box, x: 390, y: 100 }, view)).toEqual({ x: 114, y: 0, zoom: 1 });
  });
});

describe('a text', () => {
  const measure = (text: string): number => 10 * [...text].length;
  const lines = (text: string, width: number, height: number): readonly string[] =>
    layOutText({ ...box, text, width, height }, measure);

  it('is broken between words, and within a word that is too long', () => {
    expect(lines('one two three', 100, 200)).toEqual(['one two', 'three']);
    expect(lines('abcdefghijkl', 100, 200)).toEqual(['abcdefgh', 'ijkl']);
    expect(lines('a\n\nb', 100, 200)).toEqual(['a', '', 'b']);
  });

  it('says when there is more than the shape has room for', () => {
    expect(lines('one two three four', 100, 50)).toEqual(['one two', 'thre…']);
  });

  it('is changed only where it differs, never within a character', () => {
    expect(changeBetween('one two', 'one, two')).toEqual({ at: 3, removed: 0, inserted: ',' });
    expect(changeBetween('🙂', '🙃')).toEqual({ at: 0, removed: 2, inserted: '🙃' });
    expect(changeBetween('aa', 'a')).toEqual({ at: 1, removed: 1, inserted: '' });
  });

  it('takes the caret along', () => {
    expect(moveCaret(5, 'hello', 'oh hello')).toBe(8);
    expect(moveCaret(2, 'hello', 'hello you')).toBe(2);
    expect(moveCaret(4, 'hello', 'ho')).toBe(1);
  });
});
