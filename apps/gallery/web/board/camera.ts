import type { Point } from './geometry.js';
import { type Rect, clamp, clampPlace } from './shape.js';

/** The part of the board that is seen: the place at the top left, and how many pixels one unit of the board has. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const [minZoom, maxZoom] = [0.05, 4];
const fitMargin = 48;

/** From pixels of the view to the board. */
export function toBoard(camera: Camera, { x, y }: Point): Point {
  return { x: camera.x + x / camera.zoom, y: camera.y + y / camera.zoom };
}

export function panBy(camera: Camera, pixels: Point): Camera {
  return {
    ...camera,
    x: clampPlace(camera.x + pixels.x / camera.zoom),
    y: clampPlace(camera.y + pixels.y / camera.zoom),
  };
}

/** Zooms so that what is at the pixel `at` stays there. */
export function zoomAt(camera: Camera, factor: number, at: Point): Camera {
  const zoom = clamp(camera.zoom * factor, minZoom, maxZoom, 1);
  const fixed = toBoard(camera, at);
  return { x: clampPlace(fixed.x - at.x / zoom), y: clampPlace(fixed.y - at.y / zoom), zoom };
}

/** All of `box` in the middle of the view, no larger than it is. */
export function fit(box: Rect | undefined, view: Size): Camera {
  if (box === undefined) return { x: -view.width / 2, y: -view.height / 2, zoom: 1 };
  const margin = Math.min(fitMargin, view.width / 8, view.height / 8);
  const wanted = Math.min((view.width - 2 * margin) / box.width, (view.height - 2 * margin) / box.height);
  const zoom = clamp(wanted, minZoom, 1, 1);
  return {
    x: box.x + box.width / 2 - view.width / 2 / zoom,
    y: box.y + box.height / 2 - view.height / 2 / zoom,
    zoom,
  };
}

/** Moves no further than needed to have `box` in the view. */
export function reveal(camera: Camera, box: Rect, view: Size): Camera {
  const [width, height] = [view.width / camera.zoom, view.height / camera.zoom];
  const margin = Math.min(24, width / 8, height / 8);
  const shift = (start: number, length: number, from: number, room: number): number => {
    if (start - margin < from || length + 2 * margin > room) return start - margin;
    return Math.max(from, start + length + margin - room);
  };
  const isIn =
    box.x >= camera.x &&
    box.y >= camera.y &&
    box.x + box.width <= camera.x + width &&
    box.y + box.height <= camera.y + height;
  if (isIn) return camera;
  return {
    ...camera,
    x: shift(box.x, box.width, camera.x, width),
    y: shift(box.y, box.height, camera.y, height),
  };
}
