import { size } from './limits.js';

/** How far it is from a place to the wall, in a direction of length 1. */
export function distanceToWall(x: number, y: number, dx: number, dy: number): number {
  return Math.min(along(x, dx), along(y, dy));
}

function along(place: number, step: number): number {
  if (step === 0) return Infinity;
  return Math.max(0, ((step > 0 ? size : 0) - place) / step);
}
