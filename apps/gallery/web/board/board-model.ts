import * as Y from 'yjs';
import { randomHex } from '../lib/random-hex.js';
import { type Store, createStore } from '../lib/store.js';
import { type Transform, centerOf, lineOf, moveBy, transformShape } from './geometry.js';
import { type ArrowEnd, type NewShape, type Rect, type Shape, maxShapes, maxShapeText, readShape } from './shape.js';
import { writeText } from './text-change.js';

/** The shapes of a board, from the one at the back to the one in front. */
export interface Shapes {
  readonly byId: ReadonlyMap<string, Shape>;
  readonly inOrder: readonly Shape[];
}

interface History {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A whiteboard in a `Y.Doc`. Each method is one step of undo, and leaves what others do alone. */
export interface BoardModel {
  readonly shapes: Store<Shapes>;
  readonly history: Store<History>;
  /** Returns the id, or undefined when the board is full. */
  add(shape: NewShape): string | undefined;
  transform(ids: Iterable<string>, transform: Transform): void;
  /** Sets the ends of an arrow. */
  connect(id: string, ends: { readonly from?: ArrowEnd; readonly to?: ArrowEnd }): void;
  recolor(ids: Iterable<string>, color: number): void;
  /** From here on changes of texts are a step of their own. */
  beginText(): void;
  setText(id: string, text: string): void;
  remove(ids: Iterable<string>): void;
  /** Returns the ids of the copies. */
  duplicate(ids: Iterable<string>): readonly string[];
  toFront(ids: Iterable<string>): void;
  undo(): void;
  redo(): void;
  close(): void;
}

const copyOffset = 24;

export function createBoardModel(doc: Y.Doc): BoardModel {
  // #region teach:board-client
  const stored = doc.getMap<Y.Map<unknown>>('shapes');
  const origin = {};
  const undoing = new Y.UndoManager(stored, { trackedOrigins: new Set([origin]) });
  // #endregion
  const byId = new Map<string, Shape>();
  const shapes = createStore<Shapes>({ byId: new Map(), inOrder: [] });
  const history = createStore<History>({ canUndo: false, canRedo: false });

  const reload = (ids: Iterable<string>): void => {
    for (const id of ids) {
      const shape = readShape(id, stored.get(id));
      if (shape === undefined) byId.delete(id);
      else byId.set(id, shape);
    }
    const inOrder = [...byId.values()].toSorted((a, b) => a.z - b.z || (a.id < b.id ? -1 : 1)).slice(0, maxShapes);
    shapes.set({ byId: new Map(inOrder.map((shape) => [shape.id, shape])), inOrder });
  };
  const onChange = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const touched = new Set<string>();
    for (const { path, keys, target } of events) {
      if (target === stored) for (const id of keys.keys()) touched.add(id);
      else touched.add(String(path[0]));
    }
    reload(touched);
  };
  const tellHistory = (): void => history.set({ canUndo: undoing.canUndo(), canRedo: undoing.canRedo() });

  const find = (id: string): Shape | undefined => shapes.get().byId.get(id);
  const known = (ids: Iterable<string>): Shape[] => [...ids].flatMap((id) => find(id) ?? []);
  const write = (change: () => void): void => doc.transact(change, origin);
  const step = (change: () => void): void => {
    undoing.stopCapturing();
    write(change);
    undoing.stopCapturing();
  };
  const topZ = (): number => (shapes.get().inOrder.at(-1)?.z ?? 0) + 1;

  // #region teach:board-client
  const insert = (shape: NewShape, z: number): string => {
    const id = randomHex(8);
    const entry = new Y.Map<unknown>();
    for (const [name, value] of Object.entries({ ...shape, z })) {
      entry.set(name, name === 'text' ? new Y.Text(String(value)) : value);
    }
    stored.set(id, entry);
    return id;
  };
  // #endregion

  stored.observeDeep(onChange);
  undoing.on('stack-item-added', tellHistory);
  undoing.on('stack-item-popped', tellHistory);
  undoing.on('stack-cleared', tellHistory);
  reload(stored.keys());

  return {
    shapes,
    history,
    add: (shape) => {
      if (byId.size >= maxShapes) return undefined;
      let id: string | undefined;
      step(() => (id = insert(shape, topZ())));
      return id;
    },
    transform: (ids, transform) =>
      step(() => {
        for (const shape of known(ids)) {
          const moved = transformShape(shape, transform);
          const entry = stored.get(shape.id)!;
          if (moved.kind === 'arrow') {
            entry.set('from', { ...moved.from });
            entry.set('to', { ...moved.to });
          } else writeRect(entry, moved);
        }
      }),
    connect: (id, { from, to }) =>
      step(() => {
        const entry = find(id) && stored.get(id);
        if (from) entry?.set('from', { ...from });
        if (to) entry?.set('to', { ...to });
      }),
    recolor: (ids, color) =>
      step(() => {
        for (const { id } of known(ids)) stored.get(id)?.set('color', color);
      }),
    beginText: () => undoing.stopCapturing(),
    setText: (id, text) =>
      write(() => {
        const entry = stored.get(id)?.get('text');
        if (entry instanceof Y.Text) writeText(entry, text.slice(0, maxShapeText));
      }),
    remove: (ids) =>
      step(() => {
        const gone = new Set(ids);
        for (const arrow of shapes.get().inOrder) {
          if (arrow.kind === 'arrow' && !gone.has(arrow.id)) letGo(stored.get(arrow.id)!, arrow, gone, find);
        }
        for (const id of gone) stored.delete(id);
      }),
    duplicate: (ids) => {
      const originals = known(ids).slice(0, maxShapes - byId.size);
      const copies = new Map<string, string>();
      step(() => {
        let z = topZ();
        for (const shape of originals) copies.set(shape.id, insert(copyOf(shape), z++));
        for (const shape of originals) {
          if (shape.kind === 'arrow') reconnect(stored.get(copies.get(shape.id)!)!, shape, copies);
        }
      });
      return [...copies.values()];
    },
    toFront: (ids) =>
      step(() => {
        let z = topZ();
        const inFront = known(ids).toSorted((a, b) => a.z - b.z);
        for (const { id } of inFront) stored.get(id)?.set('z', z++);
      }),
    undo: () => void undoing.undo(),
    redo: () => void undoing.redo(),
    close: () => {
      stored.unobserveDeep(onChange);
      undoing.destroy();
    },
  };
}

function writeRect(entry: Y.Map<unknown>, { x, y, width, height }: Rect): void {
  for (const [name, value] of Object.entries({ x, y, width, height })) {
    const rounded = Math.round(value * 100) / 100;
    if (entry.get(name) !== rounded) entry.set(name, rounded);
  }
}

/** An arrow whose shape goes stays where it is drawn. */
function letGo(
  entry: Y.Map<unknown>,
  arrow: Shape & { readonly kind: 'arrow' },
  gone: ReadonlySet<string>,
  find: (id: string) => Shape | undefined,
): void {
  const line = lineOf(arrow, find);
  for (const end of ['from', 'to'] as const) {
    const { shape } = arrow[end];
    if (shape !== undefined && gone.has(shape)) entry.set(end, { ...line[end] });
  }
}

function copyOf(shape: Shape): NewShape {
  const { id: _id, z: _z, ...copy } = transformShape(shape, moveBy(copyOffset, copyOffset));
  if (copy.kind !== 'arrow') return copy;
  const { kind, color, from, to } = copy;
  return { kind, color, from, to };
}

/** A copied arrow sticks to the copies of its shapes, where there are such. */
function reconnect(
  entry: Y.Map<unknown>,
  arrow: Shape & { readonly kind: 'arrow' },
  copies: ReadonlyMap<string, string>,
): void {
  for (const end of ['from', 'to'] as const) {
    const copy = arrow[end].shape === undefined ? undefined : copies.get(arrow[end].shape);
    if (copy !== undefined) entry.set(end, { ...arrow[end], shape: copy });
  }
}

/** An end at a shape, or at a place of the board. */
export function endAt(shape: Shape | undefined, place: { readonly x: number; readonly y: number }): ArrowEnd {
  return shape === undefined || shape.kind === 'arrow'
    ? { x: place.x, y: place.y }
    : { ...centerOf(shape), shape: shape.id };
}
