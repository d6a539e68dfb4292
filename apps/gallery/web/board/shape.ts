import * as Y from 'yjs';

/** The most that a board has. More are not drawn, and not added. */
export const maxShapes = 5000;
export const maxShapeText = 500;
/** Numbers of a stroke: x and y in turn. */
export const maxStrokeNumbers = 2000;
/** Points of a stroke lie in its box, from 0 to this in both directions. */
export const strokeScale = 10_000;
export const minSize = 8;
const farthest = 100_000;
const largest = 20_000;
const idPattern = /^[0-9a-f]{16}$/;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const boxKinds = ['rectangle', 'ellipse', 'note'] as const;
type BoxKind = (typeof boxKinds)[number];

// #region teach:board-contract
interface ShapeBase extends Rect {
  readonly id: string;
  /** Index of `boardColors`. */
  readonly color: number;
  /** The higher one is in front. */
  readonly z: number;
}
// #endregion

export interface BoxShape extends ShapeBase {
  readonly kind: BoxKind;
  readonly text: string;
}

export interface StrokeShape extends ShapeBase {
  readonly kind: 'stroke';
  readonly points: readonly number[];
}

/** An end of an arrow: at a shape, or where it was when that shape is gone. */
export interface ArrowEnd {
  readonly x: number;
  readonly y: number;
  readonly shape?: string;
}

export interface ArrowShape extends ShapeBase {
  readonly kind: 'arrow';
  readonly from: ArrowEnd;
  readonly to: ArrowEnd;
}

export type Shape = BoxShape | StrokeShape | ArrowShape;

/** A shape that has no id and no place in the order yet. */
export type NewShape =
  | Omit<BoxShape, 'id' | 'z'>
  | Omit<StrokeShape, 'id' | 'z'>
  | Omit<ArrowShape, 'id' | 'z' | keyof Rect>;

export const colorNames = ['Ink', 'Teal', 'Blue', 'Purple', 'Red', 'Orange', 'Green'] as const;

/** Within what a board draws; `fallback` for what is no number. */
export function clamp(value: unknown, lowest: number, highest: number, fallback = lowest): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(highest, Math.max(lowest, value)) : fallback;
}

export function clampPlace(value: unknown): number {
  return clamp(value, -farthest, farthest, 0);
}

export function clampSize(value: unknown): number {
  return clamp(value, 1, largest);
}

export function isShapeId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}

/** A shape as others have stored it, within bounds; undefined for what is none. */
export function readShape(id: string, stored: unknown): Shape | undefined {
  if (!isShapeId(id) || !(stored instanceof Y.Map)) return undefined;
  const kind: unknown = stored.get('kind');
  const base = {
    id,
    color: Math.round(clamp(stored.get('color'), 0, colorNames.length - 1)),
    z: clamp(stored.get('z'), -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0),
  };
  if (kind === 'arrow') {
    const from = readEnd(stored.get('from'));
    const to = readEnd(stored.get('to'));
    return { ...base, kind, from, to, ...boxAround([from, to]) };
  }
  const rect = readRect(stored);
  if (kind === 'stroke') return { ...base, ...rect, kind, points: readPoints(stored.get('points')) };
  const boxKind = boxKinds.find((each) => each === kind);
  if (boxKind === undefined) return undefined;
  const text: unknown = stored.get('text');
  return { ...base, ...rect, kind: boxKind, text: text instanceof Y.Text ? readText(text) : '' };
}

/** The text of a shape: plain, and no longer than is drawn. */
function readText(text: Y.Text): string {
  // `toJSON` would build all of a longer one.
  return text.length > 20 * maxShapeText ? '' : text.toJSON().slice(0, maxShapeText);
}

function readRect(stored: Y.Map<unknown>): Rect {
  return {
    x: clampPlace(stored.get('x')),
    y: clampPlace(stored.get('y')),
    width: clampSize(stored.get('width')),
    height: clampSize(stored.get('height')),
  };
}

function readEnd(value: unknown): ArrowEnd {
  const { x, y, shape } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { x: clampPlace(x), y: clampPlace(y), ...(isShapeId(shape) && { shape }) };
}

function readPoints(value: unknown): readonly number[] {
  if (!Array.isArray(value)) return [];
  const points = value.slice(0, maxStrokeNumbers).map((each) => clamp(each, 0, strokeScale));
  return points.length % 2 === 0 ? points : points.slice(0, -1);
}

export function boxAround(points: readonly { readonly x: number; readonly y: number }[]): Rect {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(1, Math.max(...xs) - left), height: Math.max(1, Math.max(...ys) - top) };
}
