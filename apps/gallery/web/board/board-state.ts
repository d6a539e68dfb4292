import { type Store, createStore } from '../lib/store.js';
import type { BoardModel } from './board-model.js';
import { type Camera, type Size, fit, reveal, toBoard, zoomAt } from './camera.js';
import { type Point, type Transform, boundsOf, centerOf, transformShape, unionOf } from './geometry.js';
import type { NewShape, Rect, Shape } from './shape.js';

export const tools = ['select', 'hand', 'rectangle', 'ellipse', 'note', 'arrow', 'pen'] as const;
export type Tool = (typeof tools)[number];

/** The view and the work of one person on a board, beyond its shapes. */
export interface BoardState {
  readonly tool: Tool;
  /** The color of the next shape. */
  readonly color: number;
  readonly selected: ReadonlySet<string>;
  readonly camera: Camera;
  /** The shape whose text is being written. */
  readonly editing: string | undefined;
  /** A shape that is being drawn. */
  readonly draft: NewShape | undefined;
  /** The way of the pen, while the keyboard draws with it. */
  readonly pen: readonly Point[] | undefined;
  readonly marquee: Rect | undefined;
  /** How far the selected shapes are dragged, while they are. */
  readonly dragging: Transform | undefined;
  /** Told to screen readers. */
  readonly said: string;
}

export interface Board {
  readonly model: BoardModel;
  readonly canWrite: boolean;
  readonly state: Store<BoardState>;
  readonly update: (patch: Partial<BoardState>) => void;
  readonly find: (id: string) => Shape | undefined;
  /** The size of the view in pixels. */
  readonly size: () => Size;
  readonly resize: (size: Size) => void;
  /** The shape in front at a place of the board, of those that an arrow can stick to. */
  readonly shapeAt: (place: Point) => Shape | undefined;
  readonly select: (ids: Iterable<string>) => void;
  /** The box around what is selected, as it is drawn. */
  readonly selectionBox: () => Rect | undefined;
  readonly fitAll: () => void;
  readonly zoom: (factor: number, at?: Point) => void;
  /** Moves the view if `id` is outside. */
  readonly show: (id: string) => void;
  /** Moves the view if a place is outside. */
  readonly showPlace: (place: Point) => void;
  readonly edit: (id: string) => void;
  readonly center: () => Point;
}

export function createBoard(model: BoardModel, canWrite: boolean): Board {
  const state = createStore<BoardState>({
    tool: 'select',
    color: 5,
    selected: new Set(),
    camera: { x: 0, y: 0, zoom: 1 },
    editing: undefined,
    draft: undefined,
    pen: undefined,
    marquee: undefined,
    dragging: undefined,
    said: '',
  });
  let view: Size = { width: 0, height: 0 };
  const update = (patch: Partial<BoardState>): void => state.set((before) => ({ ...before, ...patch }));
  const find = (id: string): Shape | undefined => model.shapes.get().byId.get(id);
  const boxOf = (shapes: readonly Shape[]): Rect | undefined => unionOf(shapes.map((shape) => boundsOf(shape, find)));

  return {
    model,
    canWrite,
    state,
    update,
    find,
    size: () => view,
    resize: (size) => {
      const isFirst = view.width === 0;
      view = size;
      if (isFirst) update({ camera: fit(boxOf(model.shapes.get().inOrder), view) });
    },
    shapeAt: (place) =>
      model.shapes.get().inOrder.findLast((shape) => {
        const { x, y, width, height } = shape;
        return (
          shape.kind !== 'arrow' &&
          shape.kind !== 'stroke' &&
          place.x >= x &&
          place.x <= x + width &&
          place.y >= y &&
          place.y <= y + height
        );
      }),
    select: (ids) => update({ selected: new Set(ids), editing: undefined }),
    selectionBox: () => {
      const { selected, dragging } = state.get();
      const shapes = [...selected].flatMap((id) => find(id) ?? []);
      return boxOf(dragging ? shapes.map((shape) => transformShape(shape, dragging)) : shapes);
    },
    fitAll: () => update({ camera: fit(boxOf(model.shapes.get().inOrder), view) }),
    zoom: (factor, at = { x: view.width / 2, y: view.height / 2 }) =>
      state.set((before) => ({ ...before, camera: zoomAt(before.camera, factor, at) })),
    show: (id) => {
      const shape = find(id);
      if (shape) update({ camera: reveal(state.get().camera, boundsOf(shape, find), view) });
    },
    showPlace: ({ x, y }) => update({ camera: reveal(state.get().camera, { x, y, width: 1, height: 1 }, view) }),
    edit: (id) => {
      const shape = find(id);
      if (!canWrite || shape === undefined || !('text' in shape)) return;
      model.beginText();
      update({ editing: id, selected: new Set([id]), tool: 'select' });
    },
    center: () => toBoard(state.get().camera, { x: view.width / 2, y: view.height / 2 }),
  };
}

/** Where a new shape of this size goes so that its middle is at `at`. */
export function around(at: Point, width: number, height: number): Rect {
  const { x, y } = centerOf({ x: at.x - width, y: at.y - height, width, height });
  return { x, y, width, height };
}
