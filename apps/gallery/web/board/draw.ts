import type { Line } from './geometry.js';
import { type StrokeShape, strokeScale } from './shape.js';

const headLength = 14;
const headWidth = 6;

const round = (value: number): number => Math.round(value * 10) / 10;

/** The path of an arrow with its head, as SVG writes it. */
export function arrowPath({ from, to }: Line): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [neckX, neckY] = [to.x - ux * headLength, to.y - uy * headLength];
  const at = (x: number, y: number): string => `${round(x)} ${round(y)}`;
  return (
    `M${at(from.x, from.y)}L${at(to.x, to.y)}` +
    `M${at(neckX - uy * headWidth, neckY + ux * headWidth)}L${at(to.x, to.y)}` +
    `L${at(neckX + uy * headWidth, neckY - ux * headWidth)}`
  );
}

/** The path of a stroke, rounded by curves through the middles of its points. */
export function strokePath({ x, y, width, height, points }: StrokeShape): string {
  const all: [number, number][] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    all.push([x + (points[i]! / strokeScale) * width, y + (points[i + 1]! / strokeScale) * height]);
  }
  const first = all[0];
  if (first === undefined) return '';
  const at = ([px, py]: readonly [number, number]): string => `${round(px)} ${round(py)}`;
  // A dot is a line of no length with a round end.
  if (all.length === 1) return `M${at(first)}h0.01`;
  let path = `M${at(first)}`;
  for (let i = 1; i < all.length - 1; i++) {
    const [point, next] = [all[i]!, all[i + 1]!];
    path += `Q${at(point)} ${at([(point[0] + next[0]) / 2, (point[1] + next[1]) / 2])}`;
  }
  return `${path}L${at(all.at(-1)!)}`;
}
