import { type ArrowShape, type Rect, type Shape, clampPlace, clampSize, minSize } from './shape.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Moves and scales: `x` becomes `x * scaleX + moveX`. */
export interface Transform {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly moveX: number;
  readonly moveY: number;
}

export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof handles)[number];

export function moveBy(x: number, y: number): Transform {
  return { scaleX: 1, scaleY: 1, moveX: x, moveY: y };
}

/** Drags one handle of a box by (`dx`, `dy`); the other side stays, and nothing gets smaller than `minSize`. */
export function resizeBy(box: Rect, handle: Handle, { x: dx, y: dy }: Point): Transform {
  const [scaleX, moveX] = stretch(box.x, box.width, handle.includes('e') ? 1 : handle.includes('w') ? -1 : 0, dx);
  const [scaleY, moveY] = stretch(box.y, box.height, handle.includes('s') ? 1 : handle.includes('n') ? -1 : 0, dy);
  return { scaleX, scaleY, moveX, moveY };
}

function stretch(start: number, length: number, side: -1 | 0 | 1, by: number): [number, number] {
  if (side === 0) return [1, 0];
  const scale = Math.max(Math.min(minSize, length), length + side * by) / length;
  const fixed = side === 1 ? start : start + length;
  return [scale, fixed - fixed * scale];
}

function apply({ x, y }: Point, { scaleX, scaleY, moveX, moveY }: Transform): Point {
  return { x: clampPlace(x * scaleX + moveX), y: clampPlace(y * scaleY + moveY) };
}

function applyToRect(rect: Rect, transform: Transform): Rect {
  return {
    ...apply(rect, transform),
    width: clampSize(rect.width * transform.scaleX),
    height: clampSize(rect.height * transform.scaleY),
  };
}

/** An end of an arrow that sticks to a shape stays there. */
export function transformShape(shape: Shape, transform: Transform): Shape {
  if (shape.kind !== 'arrow') return { ...shape, ...applyToRect(shape, transform) };
  const from = shape.from.shape === undefined ? apply(shape.from, transform) : shape.from;
  const to = shape.to.shape === undefined ? apply(shape.to, transform) : shape.to;
  return { ...shape, from, to };
}

export interface Line {
  readonly from: Point;
  readonly to: Point;
}

/** The gap between an arrow and the shape that it sticks to. */
const gap = 4;

/** Where an arrow is drawn: from border to border of the shapes that it sticks to. */
export function lineOf(arrow: ArrowShape, find: (id: string) => Shape | undefined): Line {
  const fromShape = stickTo(arrow.from.shape, find);
  const toShape = stickTo(arrow.to.shape, find);
  const from = fromShape ? centerOf(fromShape) : arrow.from;
  const to = toShape ? centerOf(toShape) : arrow.to;
  return {
    from: fromShape ? borderToward(fromShape, from, to) : from,
    to: toShape ? borderToward(toShape, to, from) : to,
  };
}

function stickTo(id: string | undefined, find: (id: string) => Shape | undefined): Shape | undefined {
  const shape = id === undefined ? undefined : find(id);
  return shape?.kind === 'arrow' ? undefined : shape;
}

export function centerOf({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Where the line from the center of a shape to `target` leaves it. */
function borderToward(shape: Shape, center: Point, target: Point): Point {
  const [dx, dy] = [target.x - center.x, target.y - center.y];
  const distance = Math.hypot(dx, dy);
  if (distance === 0) return center;
  const [halfWidth, halfHeight] = [shape.width / 2, shape.height / 2];
  const share =
    shape.kind === 'ellipse'
      ? 1 / Math.hypot(dx / halfWidth, dy / halfHeight)
      : Math.min(halfWidth / Math.abs(dx), halfHeight / Math.abs(dy));
  const withGap = share + gap / distance;
  // Shapes that lie over each other: the line keeps its direction.
  return withGap >= 1 ? center : { x: center.x + dx * withGap, y: center.y + dy * withGap };
}

/** The box of a shape as it is drawn. */
export function boundsOf(shape: Shape, find: (id: string) => Shape | undefined): Rect {
  if (shape.kind !== 'arrow') return shape;
  const { from, to } = lineOf(shape, find);
  const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
  return { x, y, width: Math.max(1, Math.abs(from.x - to.x)), height: Math.max(1, Math.abs(from.y - to.y)) };
}

export function unionOf(boxes: readonly Rect[]): Rect | undefined {
  if (boxes.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function rectBetween(a: Point, b: Point): Rect {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}
