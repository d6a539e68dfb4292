import { size } from '../shared/plane.js';

/** `[minX, minY, maxX, maxY]` of what is shown. */
export type Box = readonly [number, number, number, number];

export const whole: Box = [0, 0, size, size];

/** Half as wide for `factor` 0.5, about the middle; as wide as the plane at most. */
export function zoom([minX, minY, maxX, maxY]: Box, factor: number): Box {
  const side = Math.min(size, Math.max(50, (maxX - minX) * factor));
  return place((minX + maxX - side) / 2, (minY + maxY - side) / 2, side);
}

/** Moved by a share of what is shown. */
export function pan([minX, minY, maxX]: Box, right: number, down: number): Box {
  const side = maxX - minX;
  return place(minX + right * side, minY + down * side, side);
}

function place(x: number, y: number, side: number): Box {
  const [minX, minY] = [x, y].map((start) => Math.min(size - side, Math.max(0, start))) as [number, number];
  return [minX, minY, minX + side, minY + side];
}
