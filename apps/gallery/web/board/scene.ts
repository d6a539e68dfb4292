import type { BoardState } from './board-state.js';
import type { Shapes } from './board-model.js';
import { arrowPath } from './draw.js';
import { lineOf, transformShape } from './geometry.js';
import type { Other } from './others.js';
import type { Shape } from './shape.js';

/** A board as it is drawn now: with what is being dragged, here and elsewhere, where it would be. */
export interface Scene {
  readonly shapes: readonly { readonly shape: Shape; readonly path: string | undefined }[];
  readonly find: (id: string) => Shape | undefined;
}

export function createScene(
  { inOrder, byId }: Shapes,
  { selected, dragging }: Pick<BoardState, 'selected' | 'dragging'>,
  others: readonly Other[],
): Scene {
  const dragged = new Map<string, Shape>();
  const drag = (ids: Iterable<string>, by: NonNullable<BoardState['dragging']>): void => {
    for (const id of ids) {
      const shape = byId.get(id);
      if (shape) dragged.set(id, transformShape(shape, by));
    }
  };
  for (const other of others) if (other.dragging) drag(other.selected, other.dragging);
  if (dragging) drag(selected, dragging);
  const find = (id: string): Shape | undefined => dragged.get(id) ?? byId.get(id);
  return {
    find,
    shapes: inOrder.map((stored) => {
      const shape = dragged.get(stored.id) ?? stored;
      return { shape, path: shape.kind === 'arrow' ? arrowPath(lineOf(shape, find)) : undefined };
    }),
  };
}
