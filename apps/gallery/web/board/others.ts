import type { Awareness } from 'y-protocols/awareness';
import { isRecord, listVisitors } from '../documents/visitor.js';
import { type Store, createStore } from '../lib/store.js';
import type { Point, Transform } from './geometry.js';
import { clamp, clampPlace, isShapeId } from './shape.js';

/** Another tab on the same board. */
export interface Other {
  readonly clientId: number;
  readonly name: string;
  readonly hue: number;
  readonly cursor: Point | undefined;
  readonly selected: readonly string[];
  /** How far they drag their selection, while they do. It is stored when they let go. */
  readonly dragging: Transform | undefined;
}

/** The view that this tab tells the others. */
interface OwnView {
  readonly cursor: Point | undefined;
  readonly selected: readonly string[];
  readonly dragging: Transform | undefined;
}

export interface Others {
  readonly store: Store<readonly Other[]>;
  /** Told to the others at most every 50 ms, the newest only. */
  tell(view: Partial<OwnView>): void;
  close(): void;
}

const tellMs = 50;
const maxSelected = 200;

export function createOthers(awareness: Awareness): Others {
  const store = createStore<readonly Other[]>([]);
  let own: OwnView = { cursor: undefined, selected: [], dragging: undefined };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;

  const send = (): void => {
    timer = undefined;
    const { cursor, selected, dragging } = own;
    awareness.setLocalStateField('board', {
      cursor: cursor ? [Math.round(cursor.x), Math.round(cursor.y)] : null,
      selected: selected.slice(0, maxSelected),
      dragging: dragging ? [dragging.scaleX, dragging.scaleY, dragging.moveX, dragging.moveY] : null,
    });
  };
  const refresh = (): void => {
    frame = 0;
    const others = listVisitors(awareness).filter(({ clientId }) => clientId !== awareness.clientID);
    store.set(others.map(({ state, clientId, name, hue }) => ({ clientId, name, hue, ...readView(state['board']) })));
  };
  const onChange = (): void => {
    frame ||= requestAnimationFrame(refresh);
  };

  awareness.on('change', onChange);
  refresh();
  return {
    store,
    tell: (view) => {
      own = { ...own, ...view };
      timer ??= setTimeout(send, tellMs);
    },
    close: () => {
      awareness.off('change', onChange);
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}

/** The view that another tab tells, within bounds. */
function readView(told: unknown): OwnView {
  const { cursor, selected, dragging } = isRecord(told) ? told : {};
  return {
    cursor: Array.isArray(cursor) ? { x: clampPlace(cursor[0]), y: clampPlace(cursor[1]) } : undefined,
    selected: Array.isArray(selected) ? selected.slice(0, maxSelected).filter(isShapeId) : [],
    dragging: Array.isArray(dragging)
      ? {
          scaleX: clamp(dragging[0], 0.0001, 10_000, 1),
          scaleY: clamp(dragging[1], 0.0001, 10_000, 1),
          moveX: clamp(dragging[2], -1e9, 1e9, 0),
          moveY: clamp(dragging[3], -1e9, 1e9, 0),
        }
      : undefined,
  };
}
