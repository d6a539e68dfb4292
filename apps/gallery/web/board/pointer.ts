import { endAt } from './board-model.js';
import type { Board } from './board-state.js';
import { type Camera, panBy, toBoard, zoomAt } from './camera.js';
import { type Handle, type Point, boundsOf, handles, moveBy, overlaps, rectBetween, resizeBy } from './geometry.js';
import { draw, makeStroke } from './make-shape.js';
import type { Rect } from './shape.js';

/** One movement of one pointer, from down to up. */
interface Gesture {
  move(at: Point, pixels: Point): void;
  end(at: Point): void;
  /** Without an effect. */
  cancel(): void;
}

/** A pointer as the view tells of it. Places are pixels of the view. */
interface Press {
  readonly id: number;
  readonly at: Point;
  readonly isTouch: boolean;
  /** The middle button, or the space bar is held. */
  readonly wantsPan: boolean;
  /** Adds to the selection. */
  readonly adds: boolean;
  /** The shape under the pointer. */
  readonly shape: string | undefined;
  readonly handle: string | undefined;
}

export interface Pointers {
  down(press: Press): void;
  move(id: number, at: Point): void;
  up(id: number, at: Point): void;
  cancel(id: number): void;
}

/** A shaking hand is no drag. In pixels. */
const slack = 4;

export function createPointers(board: Board): Pointers {
  const places = new Map<number, Point>();
  let gesture: Gesture | undefined;
  let leader: number | undefined;
  let pinch: { readonly camera: Camera; readonly middle: Point; readonly distance: number } | undefined;

  const startPinch = (): void => {
    gesture?.cancel();
    gesture = undefined;
    const [a, b] = [...places.values()] as [Point, Point];
    pinch = { camera: board.state.get().camera, middle: middleOf(a, b), distance: distanceOf(a, b) };
  };

  return {
    down: (press) => {
      places.set(press.id, press.at);
      if (places.size === 2) startPinch();
      if (places.size > 1) return;
      leader = press.id;
      gesture = begin(board, press);
    },
    move: (id, at) => {
      if (!places.has(id)) return;
      places.set(id, at);
      if (pinch && places.size >= 2) {
        const [a, b] = [...places.values()] as [Point, Point];
        const middle = middleOf(a, b);
        const zoomed = zoomAt(pinch.camera, distanceOf(a, b) / pinch.distance, pinch.middle);
        board.update({ camera: panBy(zoomed, minus(pinch.middle, middle)) });
      } else if (id === leader) gesture?.move(toBoard(board.state.get().camera, at), at);
    },
    up: (id, at) => {
      places.delete(id);
      if (places.size < 2) pinch = undefined;
      if (id !== leader) return;
      const ending = gesture;
      gesture = undefined;
      ending?.end(toBoard(board.state.get().camera, at));
    },
    cancel: (id) => {
      places.delete(id);
      pinch = undefined;
      if (id !== leader) return;
      gesture?.cancel();
      gesture = undefined;
    },
  };
}

function begin(board: Board, press: Press): Gesture {
  const { tool, camera } = board.state.get();
  const start = toBoard(camera, press.at);
  if (press.wantsPan || tool === 'hand') return pan(board, press.at);
  if (tool === 'select' || !board.canWrite) return beginSelect(board, press, start);
  return tool === 'pen' ? drawStroke(board, start) : drawShape(board, start);
}

function beginSelect(board: Board, press: Press, start: Point): Gesture {
  const handle = handles.find((each) => each === press.handle);
  const box = board.selectionBox();
  if (board.canWrite && handle && box) return resize(board, start, handle, box);
  if (board.canWrite && (press.handle === 'from' || press.handle === 'to')) return moveEnd(board, press.handle);
  if (press.shape !== undefined) return moveShapes(board, press, press.shape, start);
  // One finger on nothing moves the board; a mouse has a wheel for that.
  if (press.isTouch) return pan(board, press.at, () => board.select([]));
  return selectWithin(board, start, press.adds ? board.state.get().selected : new Set());
}

function pan(board: Board, from: Point, onTap?: () => void): Gesture {
  let last = from;
  let far = false;
  return {
    move: (_at, pixels) => {
      far ||= distanceOf(pixels, from) > slack;
      board.update({ camera: panBy(board.state.get().camera, minus(last, pixels)) });
      last = pixels;
    },
    end: () => (far ? undefined : onTap?.()),
    cancel: () => undefined,
  };
}

function moveShapes(board: Board, press: Press, id: string, start: Point): Gesture {
  const before = board.state.get().selected;
  const wasSelected = before.has(id);
  if (press.adds) board.select(wasSelected ? [...before].filter((each) => each !== id) : [...before, id]);
  else if (!wasSelected) board.select([id]);
  const move = (at: Point): void => {
    const by = minus(at, start);
    const isDrag = board.state.get().dragging || Math.hypot(by.x, by.y) * board.state.get().camera.zoom > slack;
    if (board.canWrite && isDrag) board.update({ dragging: moveBy(by.x, by.y) });
  };
  return {
    move,
    end: (at) => {
      move(at);
      if (!drop(board) && wasSelected && !press.adds) board.select([id]);
    },
    cancel: () => board.update({ dragging: undefined }),
  };
}

function resize(board: Board, start: Point, handle: Handle, box: Rect): Gesture {
  return {
    move: (at) => board.update({ dragging: resizeBy(box, handle, minus(at, start)) }),
    end: () => void drop(board),
    cancel: () => board.update({ dragging: undefined }),
  };
}

/** Stores what was dragged, as one step. Returns whether something was. */
function drop(board: Board): boolean {
  const { dragging, selected } = board.state.get();
  if (!dragging) return false;
  board.model.transform(selected, dragging);
  board.update({ dragging: undefined });
  return true;
}

/** Drags one end of the selected arrow, to a shape or to a place. */
function moveEnd(board: Board, end: 'from' | 'to'): Gesture {
  const [id = ''] = board.state.get().selected;
  return {
    move: (at) => {
      const arrow = board.find(id);
      if (arrow?.kind !== 'arrow') return;
      const { kind, color, from, to } = arrow;
      board.update({ draft: { kind, color, from, to, [end]: endAt(board.shapeAt(at), at) } });
    },
    end: (at) => {
      if (board.state.get().draft) board.model.connect(id, { [end]: endAt(board.shapeAt(at), at) });
      board.update({ draft: undefined });
    },
    cancel: () => board.update({ draft: undefined }),
  };
}

function selectWithin(board: Board, start: Point, before: ReadonlySet<string>): Gesture {
  board.select(before);
  return {
    move: (at) => {
      const marquee = rectBetween(start, at);
      const inside = board.model.shapes.get().inOrder.filter((shape) => overlaps(marquee, boundsOf(shape, board.find)));
      board.update({ marquee, selected: new Set([...before, ...inside.map(({ id }) => id)]) });
    },
    end: () => board.update({ marquee: undefined }),
    cancel: () => board.update({ marquee: undefined, selected: before }),
  };
}

function drawShape(board: Board, start: Point): Gesture {
  const { tool } = board.state.get();
  let isDrag = false;
  return {
    move: (at) => {
      isDrag ||= distanceOf(at, start) * board.state.get().camera.zoom > slack;
      if (isDrag) board.update({ draft: draw(board, tool, start, at) });
    },
    end: (at) => {
      // An arrow from a place to itself is none.
      const shape = tool === 'arrow' && !isDrag ? undefined : draw(board, tool, start, isDrag ? at : start);
      finish(board, shape && board.model.add(shape));
    },
    cancel: () => board.update({ draft: undefined }),
  };
}

/** A drawn shape is selected, and the text of a note is what one writes next. */
export function finish(board: Board, id: string | undefined): void {
  board.update({ draft: undefined, tool: 'select', selected: new Set(id === undefined ? [] : [id]) });
  if (id !== undefined && board.find(id)?.kind === 'note') board.edit(id);
}

function drawStroke(board: Board, start: Point): Gesture {
  const { color } = board.state.get();
  const places = [start];
  return {
    move: (at) => {
      if (distanceOf(at, places.at(-1)!) * board.state.get().camera.zoom < 2) return;
      places.push(at);
      board.update({ draft: makeStroke(places, color) });
    },
    end: () => {
      board.model.add(makeStroke(places, color));
      board.update({ draft: undefined });
    },
    cancel: () => board.update({ draft: undefined }),
  };
}

function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y };
}

function middleOf(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distanceOf(a: Point, b: Point): number {
  return Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
}
